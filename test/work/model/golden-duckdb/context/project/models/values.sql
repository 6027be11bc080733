/*
{{ fromjson('{"a": [1, 1.0, null, true, "x"], "b": {"c": 2}}') }} {{ fromjson('nope', 'otherwise') }}
{{ tojson({'b': 1, 'a': [1.5, none, true, 'é']}) }} {{ tojson({'b': 1, 'a': 2}, sort_keys=true) }} {{ tojson((1, 2)) }}
{{ fromyaml('a: 1\nb: [x, 2.5, yes, null]\nc: 2024-01-02') }} {{ fromyaml('a: [', 'bad') }}
{{ toyaml({'b': 1, 'a': ['x', 2, none, true], 'c': {'d': 'it is: so'}}) }}
{{ set([2, 2]) }} {{ set(5, 'no') }} {{ set_strict('aa') }} {{ zip([1, 2, 3], 'ab') | list }} {{ zip(5, [1], default='no') }} {{ zip_strict([1], [2]) | list }}
{{ local_md5('hello') }} {{ diff_of_two_dicts({'A': ['x', 'y'], 'b': 'z'}, {'a': ['X']}) }}
{{ kind(none) }} {{ kind('x') }} {{ kind(1) }} {{ kind([1]) }} {{ kind({}) }} {{ many(1, 2, x=3) }} {{ _hidden() }} {{ context._hidden(2) }}
{{ shout('x') }} {% call wrapped() %} inner {% endcall %} {{ return is callable }}
*/ select 1 as x
