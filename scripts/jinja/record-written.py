"""Records what jinja2 itself makes of the templates below, as test/base/jinja/golden/*.json.

    python3 -m venv /tmp/jinja-venv && /tmp/jinja-venv/bin/pip install jinja2==3.1.6
    /tmp/jinja-venv/bin/python scripts/jinja/record-written.py

A case is a template, or a list [template, context], or [template, context, options]; `{templates: {...}}` among
the options gives the loader's files, `name` the one the template is loaded by, `enabled` the extensions that are
escaped, `undefined` the class of values that are not defined (`chainable`, `debug`, `strict`); other options are
jinja2's own. Cases of the parts of the language that SQL has no use for are in written_language.py. The recorded form is {template, context, options, expected | error}.
"""

import json
import pathlib

import jinja2
from written_language import LANGUAGE

OUT = pathlib.Path(__file__).parent.parent.parent / "test" / "base" / "jinja" / "golden"

PEOPLE = {
    "people": [
        {"name": "Ann", "age": 30, "city": "Rome", "tags": ["x", "y"]},
        {"name": "bob", "age": 25, "city": "oslo", "tags": []},
        {"name": "Cy", "age": 30, "city": "Rome", "tags": ["z"]},
        {"name": "dee", "age": None, "city": "Oslo", "tags": ["x"]},
    ]
}

CASES = {}

CASES["output"] = [
    "plain", "", "{{ 'a' }}", "{{ 1 }}{{ 2.5 }}{{ 1.0 }}{{ true }}{{ False }}{{ none }}", "{{ x }}",
    "{{ [1, 'a', none, 1.0] }}", "{{ (1,) }} {{ (1, 2) }} {{ () }}", "{{ 1, 2 }}", "{{ {'a': 1, 2: 'b', none: [1]} }}",
    "{{ 'it''s' }}", "{{ \"it's\" }}", "{{ [\"it's\", 'say \"x\"', 'a\\nb', 'tab\\t', '\\\\', \"both ' and \\\"\"] }}",
    "{{ 'a' 'b' \"c\" }}", "{{ '\\x41\\u00e9\\U0001F600\\101\\q' }}", "{{ ['\\x00\\x7f\\xa0é'] }}",
    "{{ 1e3 }} {{ 1e16 }} {{ 1.5e-7 }} {{ 0.0001 }} {{ 123456789.125 }} {{ 1e22 }} {{ 1e15 }} {{ 0.1 + 0.2 }}",
    "{{ 0x1f }} {{ 0b101 }} {{ 0o17 }} {{ 1_000_000 }} {{ 1_0.5 }}", "{{ 12345678901234567890 }}", "{{ -0.0 }} {{ -5 }} {{ +5 }}",
    ["{{ a }} {{ b }}", {"a": "<b>&</b>", "b": None}], ["{{ d }}", {"d": {"k": [1.5, True, None, "s"]}}],
    "{{ [] }}{{ {} }}", "{{ [[1, [2]], {'a': {'b': ()}}] }}", "a\nb\n", "a\nb\n\n", "{{ 'x' }}\n",
    "{{ range(3) }} {{ range(1, 10, 3) | list }} {{ range(5, 0, -2) | list }} {{ range(0) | list }}",
    "{# comment #}x{# {{ no }} #}", "{{ '{{ x }}' }}", "{{ '}}' }}", "{{ {'a': {'b': 1}}['a'] }}", "{{ {'a': {}}}}",
    "{% raw %}{{ x }} {% if %}{% endraw %}", "{%- raw -%} {{ a }} {%- endraw -%} b", "{{ 'ünïcödé' }} {{ ['ü'] }}",
    "{% print 1 %}", "{{ true and 1 }} {{ 0 or 'x' }} {{ not 1 }} {{ '' or none }} {{ [] and 1 }}", "{{- 1 -}}", "{{-1}}", "{{ -1 }}",
]

CASES["arithmetic"] = [
    "{{ 1 + 2 }} {{ 1 - 2 }} {{ 2 * 3 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }}",
    "{{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }} {{ 1.5 + 1.5 }} {{ 2 * 1.5 }} {{ 3.0 - 1 }}",
    "{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ 2 ** 100 }} {{ 2.0 ** 3 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}",
    "{{ 9007199254740991 + 1 }} {{ 9007199254740993 * 3 }} {{ 10 ** 20 // 3 }} {{ (10 ** 20) % 7 }} {{ 10 ** 20 - 10 ** 20 }}",
    "{{ 'a' + 'b' }} {{ 'ab' * 3 }} {{ 3 * 'ab' }} {{ 'a' * 0 }} {{ [1] + [2] }} {{ [1, 2] * 2 }} {{ (1,) + (2,) }} {{ (1,) * 3 }}",
    "{{ true + true }} {{ true * 3 }} {{ 'a' * true }}", "{{ 1 ~ 2 ~ none ~ true ~ 1.0 ~ [1] }}", "{{ 1 ~ 2 + 3 }}", "{{ 'a' ~ 1 + 1 }}",
    "{{ 1 + 2 * 3 - 4 / 2 }} {{ (1 + 2) * 3 }} {{ -(3) }} {{ - 3 ** 2 }} {{ 2 * -3 }}", "{{ 1 + 1 ~ 'x' }}", "{{ 'x' ~ 1 * 2 }}",
    "{{ 1 if true else 2 }} {{ 1 if false else 2 }} {{ 1 if false }} {{ 'a' if 0 else 'b' if 0 else 'c' }}",
    "{{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' == 'a' }} {{ [1, 2] == [1, 2.0] }} {{ (1,) == [1] }} {{ {'a': 1} == {'a': 1.0} }} {{ none == false }} {{ 1 != 2 }}",
    "{{ 1 < 2 }} {{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 >= 2 }} {{ 'a' < 'b' }} {{ 'B' < 'a' }} {{ [1, 2] < [1, 3] }} {{ (1, 'a') < (1, 'b') }} {{ [1] < [1, 0] }}",
    "{{ 1 in [1, 2] }} {{ 3 not in [1, 2] }} {{ 'b' in 'abc' }} {{ 'a' in {'a': 1} }} {{ 1 in {'a': 1} }} {{ none in [none] }} {{ 1.0 in [1] }} {{ 2 in (1, 2) }} {{ 3 in range(5) }}",
    "{{ not 1 in [1] }} {{ not true == false }} {{ 1 == 1 == 1 }} {{ 1 + 1 == 2 and 2 in [2] }}",
    "{{ 'a' 'b' in 'xaby' }}", "{{ 5 | float / 2 }}", "{{ -1 | abs }}", "{{ 2 ** 2 | abs }}", "{{ 1 + 'a' | length }}",
    "{{ 1 / 0 }}", "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 1.0 / 0 }}", "{{ 1 + 'a' }}", "{{ 'a' + 1 }}", "{{ [1] + 1 }}", "{{ 'a' - 'b' }}", "{{ none + 1 }}",
    "{{ 1 < 'a' }}", "{{ none < 1 }}", "{{ {} < {} }}", "{{ -'a' }}", "{{ x + 1 }}", "{{ 1 in 5 }}", "{{ 1 in 'a' }}", "{{ x < 1 }}", "{{ -x }}", "{{ [] < () }}",
    "{{ 0.1 + 0.7 }} {{ 1 / 3 }} {{ 100 * 1.1 }} {{ 1e308 * 10 }} {{ -1e308 * 10 }}", "{{ 3.0 == 3 }} {{ 3.0 }} {{ 1e2 }} {{ 1.10 }}",
    "{{ 10 // 3.0 }} {{ 10 % 3.5 }} {{ 5 // -2 }} {{ -5 // -2 }} {{ 5.0 // -2 }}",
]

CASES["attributes"] = [
    ["{{ a.b.c }} {{ a['b']['c'] }} {{ a.b['c'] }}", {"a": {"b": {"c": 5}}}], ["{{ a.x }}|{{ a['x'] }}", {"a": {}}], ["{{ l.0 }} {{ l[0] }} {{ l[-1] }} {{ l[9] }}", {"l": [1, 2, 3]}],
    "{{ 'abc'[0] }}{{ 'abc'[-1] }}{{ 'abc'[7] }}|{{ 'abc'.x }}", "{{ (1, 2)[1] }} {{ (1, 2).0 }}", "{{ {1: 'a', true: 'b', 'k': none}[1] }} {{ {'k': none}.k }}",
    "{{ 'abcdef'[1:3] }} {{ 'abcdef'[:2] }} {{ 'abcdef'[-2:] }} {{ 'abcdef'[::-1] }} {{ 'abcdef'[::2] }} {{ 'abcdef'[4:1:-1] }} {{ 'abcdef'[:] }} {{ 'abc'[5:] }}",
    "{{ [1, 2, 3, 4][1:] }} {{ [1, 2, 3, 4][:-1] }} {{ [1, 2, 3, 4][::-2] }} {{ (1, 2, 3)[1:] }} {{ range(10)[2:5] | list }} {{ [1, 2][10:] }} {{ [1, 2, 3][-100:2] }}",
    "{{ 'a😀b'[1] }} {{ 'a😀b' | length }} {{ 'a😀b'[::-1] }}", "{{ [1, 2][::0] }}", "{{ [1, 2]['a'] }}|{{ [1, 2][1.5] }}", "{{ x.y }}", "{{ a.b.c }}", ["{{ a.b.c }}", {"a": {}}],
    ["{{ n.x }}|{{ n['x'] }}", {"n": None}], ["{{ n.x.y }}", {"n": None}], "{{ 1.x }}", ["{{ d.items() | list }} {{ d.keys() | list }} {{ d.values() | list }}", {"d": {"a": 1, "b": 2}}],
    ["{{ d.items() }} {{ d.keys() }} {{ d.values() }}", {"d": {"a": 1}}], ["{{ d.items is callable }}|{{ d['items'] }}", {"d": {"items": 7}}], ["{{ d.get('a') }} {{ d.get('z') }} {{ d.get('z', 5) }} {{ d.get('n', 3) }}", {"d": {"a": 1, "n": None}}],
    "{% set d = {'a': 1} %}{% do d.update({'b': 2}) %}{% do d.update(c=3) %}{% do d.update([('e', 4)]) %}{{ d }}{{ d.pop('a') }}{{ d.pop('q', 'none') }}{{ d }}",
    "{% set d = {} %}{{ d.setdefault('a', []) }}{% do d.a.append(1) %}{{ d }}{{ d.setdefault('a', 5) }}{% set e = d.copy() %}{% do e.clear() %}{{ d }}{{ e }}",
    "{% set d = {'a': 1} %}{{ d.popitem() }} {{ d.pop('z') }}", "{{ {}.popitem() }}", "{% set d = {'b': 1, 'a': 2} %}{% for k in d %}{{ k }}{% endfor %}{{ d | length }}{{ 'a' in d.keys() }}{{ 2 in d.values() }}",
    "{% set l = [3, 1, 2] %}{% do l.append(5) %}{% do l.extend([6, 7]) %}{% do l.insert(0, 'z') %}{% do l.remove(1) %}{{ l.pop() }}{{ l.pop(0) }}{{ l }}{{ l.index(5) }}{{ l.count(3) }}{% do l.reverse() %}{{ l }}",
    "{% set l = [3, 1, 2] %}{% do l.sort() %}{{ l }}{% do l.sort(reverse=true) %}{{ l }}{% do l.clear() %}{{ l }}{{ l.copy() }}", "{% set l = [1] %}{{ l.append(2) }}{{ l }}", "{{ [].pop() }}", "{{ [1].remove(2) }}", "{{ [1].index(2) }}", "{{ [1].pop(5) }}",
    "{{ (1, 2, 1).count(1) }} {{ (1, 2).index(2) }}", "{{ ('a', 'b').x }}|", "{{ {(1, 2): 'x'}[(1, 2)] }}", "{{ {[1]: 2} }}", "{{ {'a': 1, 'a': 2} }}", "{{ {1: 'a', 1.0: 'b', true: 'c'} }}",
    "{% set a = [1] %}{% set b = a %}{% do b.append(2) %}{{ a }}", "{{ dict(a=1, b=2) }} {{ dict({'x': 1}, y=2) }} {{ dict([('a', 1)]) }}", "{{ {'a': 1}.fromkeys(['x', 'y'], 0) }}",
    "{{ {'a': 1}.a.b }}|", "{{ ''.join(['a', 'b']) }} {{ ', '.join(['a']) }} {{ '-'.join('abc') }}", "{{ ','.join([1]) }}", "{{ 1() }}", "{{ x() }}", "{{ none() }}", "{{ {}.foo() }}",
]

CASES["strings"] = [
    "{{ 'aBc'.upper() }} {{ 'aBc'.lower() }} {{ 'hello world'.title() }} {{ \"they're here\".title() }} {{ 'hELLO wORLD'.capitalize() }} {{ 'aBc'.swapcase() }}",
    "{{ '  a b '.strip() }}|{{ '  a'.lstrip() }}|{{ 'a  '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcba'.strip('ab') }}|{{ 'abc'.lstrip('ab') }}|{{ 'abc'.rstrip('bc') }}",
    "{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a b c'.split(' ', 1) }} {{ 'a b c'.split(maxsplit=1) }} {{ ' a  b  c '.split(none, 1) }} {{ ''.split() }} {{ ''.split(',') }}",
    "{{ 'a.b.c'.rsplit('.', 1) }} {{ 'a b c'.rsplit(none, 1) }} {{ 'a b'.rsplit() }} {{ 'a.b'.rsplit('.', 5) }}", "{{ 'a'.split('') }}", "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a\\nb'.splitlines(true) }} {{ ''.splitlines() }}",
    "{{ 'abcabc'.replace('b', 'X') }} {{ 'abcabc'.replace('b', 'X', 1) }} {{ 'abc'.replace('', '-') }} {{ 'a$b'.replace('$', '$&') }} {{ 'abc'.replace('z', '') }}",
    "{{ 'abc'.startswith('a') }} {{ 'abc'.endswith('bc') }} {{ 'abc'.startswith(('x', 'a')) }} {{ 'abc'.startswith('b', 1) }} {{ 'abc'.endswith('b', 0, 2) }}",
    "{{ 'hello'.find('l') }} {{ 'hello'.rfind('l') }} {{ 'hello'.find('z') }} {{ 'hello'.index('e') }} {{ 'hello'.count('l') }} {{ 'hello'.find('l', 3) }} {{ 'aaaa'.count('aa') }} {{ 'abc'.count('') }}", "{{ 'a'.index('z') }}",
    "{{ 'abc'.isalpha() }} {{ 'ab1'.isalnum() }} {{ '123'.isdigit() }} {{ '12a'.isdigit() }} {{ ' '.isspace() }} {{ 'Ab C'.istitle() }} {{ 'AB1'.isupper() }} {{ 'ab1'.islower() }} {{ ''.isalpha() }} {{ '1.5'.isnumeric() }} {{ 'a_1'.isidentifier() }} {{ '1'.islower() }}",
    "{{ 'a'.center(5) }}|{{ 'ab'.center(5, '*') }}|{{ 'a'.ljust(3) }}|{{ 'a'.rjust(3, '.') }}|{{ '-5'.zfill(4) }}|{{ '7'.zfill(3) }}|{{ 'abc'.center(2) }}|{{ 'abc'.center(6, '-') }}",
    "{{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'abc'.partition('-') }} {{ 'abc'.rpartition('-') }}", "{{ 'prefix_x'.removeprefix('prefix_') }} {{ 'x.sql'.removesuffix('.sql') }} {{ 'abc'.removesuffix('') }}",
    "{{ 'a\\tb'.expandtabs(4) }}|{{ 'STRASSE'.casefold() }}", "{{ '{} {}'.format(1, 'a') }} {{ '{1}{0}'.format('a', 'b') }} {{ '{x}-{y}'.format(x=1, y=2) }} {{ '{{}}'.format() }} {{ '{0.a}{0[b]}'.format({'b': 2}) }}",
    "{{ '{:5}|{:<5}|{:>5}|{:^5}|{:*^7}|'.format('a', 'b', 'c', 'd', 'e') }}", "{{ '{:5d}|{:05d}|{:+d}|{:,}|{:x}|{:#x}|{:b}|{:o}|{:X}|{:e}'.format(42, 42, 42, 1234567, 255, 255, 5, 8, 255, 12345.678) }}",
    "{{ '{:.2f} {:8.3f} {:.0f} {:,.2f} {:%} {:.1%} {:g} {:.3g} {:g}'.format(3.14159, 2.5, 2.5, 1234567.891, 0.25, 0.125, 0.0001, 1234.5, 1e10) }}", "{{ '{!r} {!s}'.format('a', 'b') }} {{ '{:{}}|'.format('a', 5) }} {{ '{:>{w}}'.format(7, w=4) }}",
    "{{ '{} {} {}'.format(none, true, 1.0) }} {{ '{:.1f}'.format(1) }} {{ '{:d}'.format(true) }} {{ '{:s}'.format('x') }} {{ '{:.2}'.format('abc') }} {{ '{:5}|'.format(1.5) }} {{ '{:_}'.format(1000000) }}", "{{ '{}'.format() }}", "{{ '{x}'.format() }}", "{{ '{:d}'.format('a') }}", "{{ '{'.format() }}",
    "{{ '%s' % 'a' }} {{ '%s and %s' % ('a', 1) }} {{ '%d' % 3.7 }} {{ '%5d|%-5d|%05d|%+d' % (42, 42, 42, 42) }} {{ '%x %X %o %#x' % (255, 255, 8, 255) }} {{ '%%' % () }} {{ '%c%c' % ('a', 66) }}",
    "{{ '%.2f %8.2f %e %g %g %G' % (3.14159, 2.5, 12345.678, 0.00001, 1e20, 1e-10) }} {{ '%(a)s-%(b)d' % {'a': 1, 'b': 2} }} {{ '%r %r' % ('a', none) }} {{ '%10s|%-10s|%.2s' % ('abc', 'abc', 'abc') }}", "{{ '%s' % [1, 2] }} {{ '%s' % {'a': 1} }} {{ '%s' % none }}",
    "{{ '%s %s' % ('a',) }}", "{{ '%s' % ('a', 'b') }}", "{{ '%d' % 'a' }}", "{{ 'x' % 1 }}", "{{ '%*d' % (5, 42) }}", "{{ '%.1f %.1f %.1f %.0f %.0f %.2f' % (0.25, 0.35, 0.05, 0.5, 1.5, 1.005) }}",
    "{{ 'abc'.nope }}|", "{{ 'a b'.translate({97: 'x', 98: none}) }}", "{{ 'Ünï'.upper() }}", "{{ 'ß'.upper() }} {{ 'İ'.lower() | length }}",
]

CASES["set and scope"] = [
    "{% set x = 1 %}{{ x }}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set (x, y) = [1, 2] %}{{ x }}{{ y }}", "{% set x = 1, 2 %}{{ x }}", "{% set x, y = [1] %}", "{% set x, y = [1, 2, 3] %}", "{% set x, y = 5 %}",
    "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}", "{% if false %}{% set x = 2 %}{% endif %}{{ x }}|{{ x is defined }}",
    "{% for i in [1, 2, 3] %}{% if x is defined %}d{% endif %}{% set x = i %}{% endfor %}{{ x }}", "{% set x = 0 %}{% for i in [1, 2, 3] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=0) %}{% for i in [1, 2, 3] %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }} {{ ns.y }}|", "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns }}", "{% set d = {} %}{% set d.x = 1 %}", "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}",
    "{% set x %}a{{ 1 }}b{% endset %}{{ x }}", "{% set x | upper %}abc{% endset %}{{ x }}", "{% set x | replace('a', 'b') | upper %}aaa{% endset %}{{ x }}", "{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y }}|", "{% set ns = namespace() %}{% set ns.t %}block{% endset %}{{ ns.t }}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}|", "{% set a = 5 %}{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with %}{% set z = 1 %}{{ z }}{% endwith %}{{ z }}|", "{% set x = 1 %}{% with %}{% set x = 2 %}{{ x }}{% endwith %}{{ x }}",
    ["{{ x }}{% set x = 2 %}{{ x }}", {"x": 1}], ["{% if c %}{% set x = 2 %}{% endif %}{{ x }}", {"x": 1, "c": False}], "{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}", "{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}",
    ["{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}", {"x": 1}], "{% for i in [1] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}{{ m is defined }}", "{% set i = 9 %}{% for i in [1, 2] %}{{ i }}{% endfor %}{{ i }}",
    "{% set x = 1 %}{% filter upper %}{% set x = 2 %}a{{ x }}{% endfilter %}{{ x }}", "{% set x = x | default('d') %}{{ x }}", "{% set true = 1 %}", "{% set 1 = 2 %}", "{% set x = [] %}{% for i in range(3) %}{% do x.append(i) %}{% endfor %}{{ x }}", "{% set _p = 1 %}{{ _p }}",
    "{% set a = b = 1 %}", "{% set x = none %}{{ x is none }}{{ x }}", "{% set x = [1, 2] %}{% set a, b = x %}{{ a + b }}", "{% set x = 'ab' %}{% set a, b = x %}{{ b }}{{ a }}", "{% set a, (b, c) = 1, (2, 3) %}{{ a }}{{ b }}{{ c }}",
    "{% if true %}{% if true %}{% set q = 7 %}{% endif %}{% endif %}{{ q }}", "{% for i in [1] %}{% if true %}{% set q = 7 %}{% endif %}{{ q }}{% endfor %}{{ q }}|",
]

CASES["for"] = [
    "{% for i in [1, 2, 3] %}{{ i }}{% endfor %}", "{% for i in [] %}x{% else %}empty{% endfor %}", "{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }};{% endfor %}", "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }},{% endfor %}", "{% for c in 'abc' %}{{ c }}.{% endfor %}",
    "{% for i in [1, 2, 3, 4] if i % 2 == 0 %}{{ i }}{{ loop.index }}{{ loop.length }}{% else %}none{% endfor %}", "{% for i in [1] if i > 5 %}x{% else %}none{% endfor %}",
    "{% for i in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}",
    "{% for i in 'abc' %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}", "{% for i in range(4) %}{{ loop.cycle('a', 'b', 'c') }}{% endfor %}", "{% for i in [1, 1, 2, 2, 1] %}{{ loop.changed(i) }} {% endfor %}",
    "{% for i in [1, 2] %}{% for j in [1, 2] %}{{ loop.index }}{{ i }}{{ j }} {% endfor %}{{ loop.index }};{% endfor %}", "{% for i in [1, 2] %}{% set outer = loop %}{% for j in 'ab' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    ["{% for n in tree recursive %}{{ n.v }}{% if n.c %}[{{ loop(n.c) }}]{% endif %}{{ loop.depth }}{% endfor %}", {"tree": [{"v": 1, "c": [{"v": 2, "c": []}, {"v": 3, "c": [{"v": 4}]}]}, {"v": 5}]}], "{% for i in [1] %}{{ loop([2]) }}{% endfor %}",
    "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% for i in [1, 2] %}{% break %}{% else %}no{% endfor %}|", "{% for i in [1, 2] %}{% for j in [1, 2, 3] %}{% if j == 2 %}{% break %}{% endif %}{{ i }}{{ j }}{% endfor %}{% endfor %}",
    "{% for i in x %}a{% else %}b{% endfor %}", "{% for i in 5 %}{% endfor %}", "{% for i in none %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for i in [3, 1, 2] | sort %}{{ i }}{% endfor %}", "{% for i in 1, 2, 3 %}{{ i }}{% endfor %}", "{% for i in (1, 2) %}{{ i }}{% endfor %}", "{% for i in [1, 2] if true else [3] %}{{ i }}{% endfor %}", "{% for i in range(3) | reverse %}{{ i }}{% endfor %}",
    "{% for k in {'x': 1} %}{{ k }}{% endfor %}", "{% for i, j in {'a': 1} | dictsort %}{{ i }}{{ j }}{% endfor %}", "{% for i in [1, 2, 3] %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}", "{% for i in [1, 2, 3] %}{{ i }}{% if not loop.last %} union all {% endif %}{% endfor %}", "{% for i in [1,2] -%} {{ i }} {%- endfor %}",
    "{% for i in [1, 2] | map('string') %}{{ i }}{{ loop.last }}{% endfor %}", "{% for i in [[1, 2], [3]] %}{% for j in i %}{{ j }}{{ loop.last }}{% endfor %}{% else %}x{% endfor %}", "{{ loop }}|", "{% for i in [1] %}{{ loop }}{{ loop | length }}{% endfor %}", "{% for x in [1, 2] %}{% set x = x * 10 %}{{ x }}{% endfor %}",
    "{% set l = [1] %}{% for i in l %}{% if i < 4 %}{% do l.append(i + 1) %}{% endif %}{% endfor %}{{ l }}", "{% for a in [1, 2] %}{% set b %}{{ loop.index }}{% endset %}{{ b }}{% endfor %}", "{% for i in [1,2,3] %}{% if loop.first %}F{% elif loop.last %}L{% else %}M{% endif %}{% endfor %}",
]

CASES["if"] = [
    "{% if 1 %}a{% endif %}", "{% if 0 %}a{% else %}b{% endif %}", "{% if 0 %}a{% elif 1 %}b{% else %}c{% endif %}", "{% if 0 %}a{% elif '' %}b{% elif [] %}c{% else %}d{% endif %}", "{% if x %}a{% else %}b{% endif %}", "{% if x is defined and x.y %}a{% else %}b{% endif %}",
    "{% if {} %}1{% endif %}{% if {'a': 1} %}2{% endif %}{% if () %}3{% endif %}{% if (0,) %}4{% endif %}{% if 0.0 %}5{% endif %}{% if 'False' %}6{% endif %}{% if none %}7{% endif %}{% if range(0) %}8{% endif %}{% if range(1) %}9{% endif %}", "{% if not (1 and 0) or x %}a{% endif %}", "{% if [] | select %}t{% else %}f{% endif %}", "{% if [0] | select %}t{% else %}f{% endif %}",
    "{% if 1 %}{% endif %}", "{% if 'a' in 'abc' and 'z' not in 'abc' %}y{% endif %}", "{% if (1 if false) %}a{% else %}b{% endif %}", "{% if x.y %}a{% endif %}", "{% if 1 > 'a' %}a{% endif %}", "{% if {'a': 1}.keys() %}y{% endif %}{% if {}.items() %}n{% endif %}", "{% if namespace() %}y{% endif %}", "{% if 1, 0 %}t{% endif %}",
]

CASES["macros"] = [
    "{% macro m() %}x{% endmacro %}{{ m() }}{{ m() }}", "{% macro m(a, b) %}{{ a }}|{{ b }}{% endmacro %}{{ m(1, 2) }} {{ m(b=1, a=2) }} {{ m(1) }}", "{% macro m(a, b='d', c=none) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 2) }} {{ m(1, c=3) }}", "{% macro m(a, b=a * 2) %}{{ a }}{{ b }}{% endmacro %}{{ m(2) }}{{ m(2, 1) }}",
    "{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}{{ m(1) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}", "{% macro m() %}{{ varargs | sum }}{% endmacro %}{{ m(1, 2, 3) }}",
    "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}", "{% macro m(a) %}{{ a.b }}{% endmacro %}{{ m() }}", "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}hi{% endcall %}", "{% macro m() %}{% for i in [1, 2] %}{{ caller(i, 'x') }}{% endfor %}{% endmacro %}{% call(a, b) m() %}{{ a }}{{ b }};{% endcall %}",
    "{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% set y = 5 %}{% call(a, b=3) m(1) %}{{ a }}{{ b }}{{ y }}{% endcall %}", "{% macro m() %}{{ caller is defined }}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{% call m() %}c{% endcall %}",
    "{% macro fact(n) %}{{ 1 if n <= 1 else n * fact(n - 1) | int }}{% endmacro %}{{ fact(5) }}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "{{ m() }}{% macro m() %}x{% endmacro %}", "{% macro m(a, b) %}{% endmacro %}{{ m.name }} {{ m.arguments }} {{ m.catch_kwargs }} {{ m.catch_varargs }} {{ m.caller }}",
    "{% macro m() %}{{ kwargs.get('a', 'none') }}{% endmacro %}{{ m(a=1) }}{{ m() }}", "{% macro inner() %}{{ kwargs }}{{ varargs }}{% endmacro %}{% macro outer() %}{{ inner(*varargs, **kwargs) }}{% endmacro %}{{ outer(1, 2, x=3) }}", "{% macro m(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(*[1, 2], **{'c': 3}) }}{{ m(1, *[2, 3]) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(**{'a': 1, 'z': 2}) }}",
    "{% macro m(a=[]) %}{% do a.append(1) %}{{ a }}{% endmacro %}{{ m() }}{{ m() }}", "{% macro m(a) -%}   {{ a }}   {%- endmacro %}[{{ m(1) }}]", "{% set f = none %}{% macro m() %}{{ f }}{% endmacro %}{{ m() }}", "{% macro m(a=1, b) %}{% endmacro %}", "{% macro m(x) %}{% macro n() %}{{ x }}{% endmacro %}{{ n() }}{% endmacro %}{{ m(3) }}", "{% macro m() %}a{% endmacro %}{{ m() ~ m() | upper }}{{ m()[0] }}{{ m() | length }}",
    "{% macro outer() %}<{{ caller() }}>{% endmacro %}{% call outer() %}{% call outer() %}x{% endcall %}{% endcall %}", "{% for i in [1, 2] %}{% call(x) m2(i) %}{{ x }}{{ i }}{% endcall %}{% endfor %}{% macro m2(v) %}{{ caller(v) }}{% endmacro %}", "{% macro m2(v) %}{{ caller(v) }}{% endmacro %}{% for i in [1, 2] %}{% call(x) m2(i) %}{{ x }}{{ i }}{{ loop.index }}{% endcall %}{% endfor %}", "{% macro m(caller=none) %}{{ caller }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{% set x = 1 %}{% endmacro %}{{ m() }}|{{ x }}", "{% macro a(x) %}{{ x }}{% endmacro %}{% macro b(f) %}{{ f(2) }}{% endmacro %}{{ b(a) }}", "{% macro m(n, s) %}{{ s * n }}{% endmacro %}{{ m(3, 'ab') }}", "{% call 5 %}{% endcall %}", "{{ range(3,) | list }}",
]

CASES["filters"] = [
    "{{ -1 | abs }} {{ -1.5 | abs }} {{ 'a' | abs }}", "{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3] | batch(2, 'x') | list }} {{ [1, 2, 3, 4, 5] | slice(3) | list }} {{ [1, 2, 3, 4] | slice(3, 'f') | list }}", "{{ 'hello WORLD' | capitalize }} {{ 'a' | center(5) }}| {{ x | default('d') }} {{ '' | default('d') }} {{ '' | default('d', true) }} {{ none | d('x') }} {{ none | d('x', boolean=true) }} {{ x | d }}|",
    "{{ {'b': 1, 'A': 2, 'c': 0} | dictsort }} {{ {'b': 1, 'a': 2} | dictsort(by='value') }} {{ {'b': 1, 'A': 2} | dictsort(true) }} {{ {'b': 1, 'a': 2} | dictsort(reverse=true) }}", "{{ '<a href=\"x\">&\\'</a>' | e }} {{ '<' | escape }} {{ 1 | e }}", "{{ 1 | filesizeformat }} {{ 500 | filesizeformat }} {{ 13000 | filesizeformat }} {{ 4100000 | filesizeformat }} {{ 1024 | filesizeformat(true) }} {{ 1048576 | filesizeformat(true) }} {{ 1e27 | filesizeformat }}",
    "{{ [1, 2] | first }} {{ [] | first }}| {{ 'abc' | first }} {{ [1, 2] | last }} {{ [] | last }}| {{ 'abc' | last }} {{ {'a': 1} | first }} {{ range(3) | last }}", "{{ '1.5' | float }} {{ 'x' | float }} {{ 'x' | float(2.5) }} {{ 3 | float }} {{ '1e3' | float }} {{ none | float }} {{ ' 2 ' | float }} {{ 'inf' | float }}", "{{ '42' | int }} {{ '42.9' | int }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ 3.9 | int }} {{ -3.9 | int }} {{ '0x1f' | int(base=16) }} {{ '101' | int(base=2) }} {{ none | int }} {{ true | int }} {{ ' 5 ' | int }} {{ '1_000' | int }} {{ [] | int }}",
    "{{ '%s-%s' | format(1, 2) }} {{ '%(a)s' | format(a=1) }}", ["{{ people | groupby('city') | map('first') | list }} {% for c, l in people | groupby('city') %}{{ c }}:{{ l | map(attribute='name') | join(',') }};{% endfor %}", PEOPLE], ["{% for g in people | groupby('age', default=0) %}{{ g.grouper }}{{ g.list | length }} {% endfor %}", {"people": [{"age": 1}, {}, {"age": 1}]}], ["{{ people | groupby('city', case_sensitive=true) | map('first') | list }}", PEOPLE], "{{ [{'a': 1}, {'a': 2}, {'a': 1}] | groupby('a') }}",
    "{{ 'a\\nb\\n\\nc' | indent }}|{{ 'a\\nb' | indent(2, true) }}|{{ 'a\\n\\nb' | indent(2, blank=true) }}|{{ 'a\\nb' | indent('> ') }}|{{ 'a\\n' | indent }}|", "{{ [1, 2, 3] | join }} {{ [1, 2] | join(', ') }} {{ 'abc' | join('-') }} {{ [{'n': 1}, {'n': 2}] | join('+', attribute='n') }} {{ [none, true] | join(',') }} {{ {'a': 1, 'b': 2} | join(',') }}", "{{ [1, 2] | length }} {{ 'abc' | count }} {{ {} | length }} {{ x | length }} {{ 5 | length }}", "{{ 'abc' | list }} {{ (1, 2) | list }} {{ {'a': 1} | list }}", "{{ 'ABC' | lower }} {{ 'abc' | upper }} {{ 1 | upper }} {{ none | lower }}", "{{ {'a': 1} | items | list }} {{ x | items | list }}", "{{ 5 | items | list }}",
    "{{ ['a', 'b'] | map('upper') | list }} {{ [[1, 2], [3]] | map('length') | list }} {{ ['a,b', 'c'] | map('replace', ',', ';') | list }} {{ [{'a': {'b': 1}}, {}] | map(attribute='a') | list }} {{ [{'a': 1}, {}] | map(attribute='a', default=9) | list }} {{ [[1, 2], [3, 4]] | map(attribute=0) | list }} {{ [[1, 2]] | map(attribute='1') | list }} {{ [{'a': {'b': 1}}] | map(attribute='a.b') | list }}", "{{ [1] | map | list }}", "{{ ['a'] | map('nope') | list }}",
    "{{ [3, 1, 2] | min }} {{ [3, 1, 2] | max }} {{ ['b', 'A'] | min }} {{ ['b', 'A'] | min(case_sensitive=true) }} {{ [] | min }}| {{ [{'a': 2}, {'a': 1}] | min(attribute='a') }} {{ 'hello' | max }}", "{{ {'a': [1, 2]} | pprint }}", "{{ [1, 2, 3, 4] | reject('odd') | list }} {{ [0, 1, none] | reject | list }} {{ [0, 1, '', 'a'] | select | list }} {{ [1, 2, 3] | select('gt', 1) | list }} {{ [1, 'a', none] | select('none') | list }} {{ [1, 2] | select('in', [2, 3]) | list }}",
    ["{{ people | selectattr('age') | map(attribute='name') | list }} {{ people | selectattr('age', 'equalto', 30) | map(attribute='name') | list }} {{ people | rejectattr('age') | map(attribute='name') | list }} {{ people | rejectattr('city', 'eq', 'Rome') | map(attribute='name') | join(',') }} {{ people | selectattr('zip', 'undefined') | list | length }} {{ people | selectattr('tags', 'contains', 'x') | list }}", PEOPLE], ["{{ people | selectattr('age', 'none') | map(attribute='name') | list }}", PEOPLE], "{{ [1] | selectattr | list }}",
    "{{ 'aab' | replace('a', 'x') }} {{ 'aab' | replace('a', 'x', 1) }} {{ 112 | replace('1', '9') }} {{ 'a.b' | replace('.', '_') }}", "{{ [1, 2, 3] | reverse | list }} {{ 'abc' | reverse }} {{ (1, 2) | reverse | list }}", "{{ 42.55 | round }} {{ 42.55 | round(1) }} {{ 42.55 | round(1, 'floor') }} {{ 42.55 | round(1, 'ceil') }} {{ 2.5 | round }} {{ 3.5 | round }} {{ -2.5 | round }} {{ 42 | round }} {{ 1234 | round(-2) }} {{ 2.675 | round(2) }} {{ 1.005 | round(2) }} {{ 0.5 | round }} {{ 1e20 | round }} {{ 42.4 | round(0, 'ceil') }}", "{{ 1 | round(method='x') }}", "{{ 42.55 | round | int }}",
    "{{ [3, 1, 2] | sort }} {{ [3, 1, 2] | sort(reverse=true) }} {{ ['b', 'A', 'c'] | sort }} {{ ['b', 'A', 'c'] | sort(case_sensitive=true) }} {{ [{'a': 2}, {'a': 1}] | sort(attribute='a') }} {{ [{'a': 1, 'b': 2}, {'a': 1, 'b': 1}] | sort(attribute='a,b') }} {{ {'b': 1, 'a': 2} | sort }} {{ 'cab' | sort }}", "{{ [1, 'a'] | sort }}", "{{ 1.0 | string }} {{ none | string }} {{ [1] | string }} {{ 'a' | string }}", "{{ '<p>Hello <b>x</b>  y</p>&amp;' | striptags }}", "{{ [1, 2, 3] | sum }} {{ [{'a': 1}, {'a': 2}] | sum(attribute='a') }} {{ [1] | sum(start=10) }} {{ [1.5, 1.5] | sum }} {{ [] | sum }}",
    "{{ 'hello world-foo bar_baz' | title }} {{ \"it's\" | title }} {{ 'FOO (bar) [baz]' | title }}", "{{ '  a ' | trim }}|{{ 'xax' | trim('x') }}|{{ none | trim }}", "{{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, false, '...', 0) }} {{ 'abc' | truncate }} {{ 'foobarbazquxquux' | truncate(6, leeway=0) }}", "{{ 'abc' | truncate(1) }}", "{{ [1, 2, 1, 'a', 'A', 1.0] | unique | list }} {{ ['a', 'A'] | unique(case_sensitive=true) | list }} {{ [{'a': 1}, {'a': 1}] | unique(attribute='a') | list }}",
    "{{ 'a b/c?d=é&' | urlencode }} {{ {'a': 'x y', 'b': 1} | urlencode }} {{ [('a', 'b c')] | urlencode }}", "{{ 'a b  c-d e_f' | wordcount }} {{ '' | wordcount }}", "{{ 'the quick brown fox jumps' | wordwrap(10) }}|{{ 'abcdefghijkl' | wordwrap(5) }}|{{ 'abcdefghijkl' | wordwrap(5, false) }}|{{ 'a b\\nc d' | wordwrap(3) }}|{{ 'aaa bbb' | wordwrap(3, wrapstring='+') }}", "{{ {'class': 'a', 'n': none, 'id': '<x>'} | xmlattr }}|{{ {'a': 1} | xmlattr(false) }}|{{ {} | xmlattr }}|", "{{ {'a b': 1} | xmlattr }}",
    "{{ {'b': 1, 'a': [1, 2.0, none, true, 'é<']} | tojson }} {{ [1, {'a': 1}] | tojson(indent=2) }} {{ 'it\\'s' | tojson }} {{ [] | tojson(2) }} {{ (1, 2) | tojson }} {{ {1: 2} | tojson }}", "{{ range(2) | tojson }}", "{{ 'x' | nope }}", "{{ 'a' | upper | lower | replace('a', 'b') }}", "{% filter upper %}a{{ 'b' }}{% endfilter %}", "{% filter replace('a', 'b') | upper %}aaa{% endfilter %}", "{% filter indent(2) %}a\nb{% endfilter %}", "{{ 'a' | attr('upper') is callable }} {{ {'a': 1} | attr('a') }}|", "{{ 'abc' | upper() }} {{ ('a' ~ 'b') | upper }} {{ 'a' ~ 'b' | upper }}", "{{ [1, 2, 3] | select('odd') | map('string') | join(',') }}", "{{ [[1, 2], [3]] | sum(start=[]) }}", "{{ 'x' | default(1) | int }} {{ undefined_thing | default([]) | length }}", "{{ a.b | default('x') }}", "{{ [1, 2] | select('nope') | list }}", "{{ 'a' | indent(width=2, first=true) }}", "{{ [1, 2] | join(d='-') }} {{ [2, 1] | sort(false) }}", "{{ 'a' | replace('a') }}", "{{ '<i>' | safe }}", "{{ '<i>' | forceescape }}", "{{ [1, 2] | map('string') | first }}", "{{ x | first }}|{{ x | join(',') }}|{{ x | list }}|{{ x | sort }}|{{ x | sum }}|{{ x | map('upper') | list }}|{{ x | upper }}|{{ x | trim }}|{{ x | string }}|{{ x | replace('a', 'b') }}", "{{ x | int }}", "{{ x | abs }}", "{{ x | float }}", "{{ x | round }}", "{{ x | tojson }}", "{{ x | dictsort }}",
]

CASES["tests"] = [
    "{{ 1 is odd }} {{ 2 is even }} {{ 4 is divisibleby 2 }} {{ 4 is divisibleby(3) }} {{ -1 is odd }}", "{{ x is defined }} {{ x is undefined }} {{ x is not defined }} {{ 1 is defined }} {{ none is defined }} {{ a.b is defined }}", ["{{ a.b is defined }} {{ a.b is undefined }} {{ a['c'] is defined }}", {"a": {"c": None}}], "{{ none is none }} {{ 0 is none }} {{ x is none }}", "{{ true is boolean }} {{ 1 is boolean }} {{ true is true }} {{ 1 is true }} {{ false is false }} {{ 0 is false }}", "{{ 1 is integer }} {{ true is integer }} {{ 1.0 is integer }} {{ 1.0 is float }} {{ 1 is float }} {{ 1.5 is float }} {{ 2 ** 70 is integer }}",
    "{{ 1 is number }} {{ 1.5 is number }} {{ true is number }} {{ '1' is number }} {{ none is number }}", "{{ 'a' is string }} {{ 1 is string }} {{ [] is string }}", "{{ {} is mapping }} {{ [] is mapping }} {{ dict() is mapping }}", "{{ [] is sequence }} {{ 'a' is sequence }} {{ {} is sequence }} {{ 1 is sequence }} {{ (1,) is sequence }} {{ range(2) is sequence }} {{ none is sequence }}", "{{ [] is iterable }} {{ 'a' is iterable }} {{ 1 is iterable }} {{ {} is iterable }} {{ x is iterable }} {{ none is iterable }}", "{{ range is callable }} {{ 1 is callable }} {{ 'a'.upper is callable }} {% macro m() %}{% endmacro %}{{ m is callable }}",
    "{{ 'abc' is lower }} {{ 'ABC' is upper }} {{ 'aB' is lower }} {{ '1' is lower }} {{ 1 is upper }}", "{{ 1 is sameas 1 }} {{ none is sameas none }} {{ [] is sameas [] }} {% set a = [] %}{{ a is sameas a }} {{ true is sameas true }} {{ 1 is sameas true }}", "{{ 1 is in [1, 2] }} {{ 3 is in([1, 2]) }} {{ 'a' is in 'abc' }} {{ 1 is not in [1] }}", "{{ 1 is eq 1 }} {{ 1 is equalto(1) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is gt(1) }} {{ 2 is ge 2 }} {{ 1 is le 0 }} {{ 1 is lessthan 2 }} {{ 1 is greaterthan 2 }}", "{{ 'upper' is filter }} {{ 'nope' is filter }} {{ 'odd' is test }} {{ 'nope' is test }}", "{{ 'a' is escaped }}", "{{ 1 is nope }}", "{{ not x is defined }} {{ x is defined or true }} {{ 1 is odd and 2 is even }} {{ (1 is odd) ~ 'x' }}", "{{ 1 is odd is even }}", "{{ 'yes' if 3 is odd else 'no' }} {{ [1, 2, 3] | select('odd') | list }} {{ 1 is defined else 2 }}", "{{ 5 is divisibleby 5 and true }}", "{{ x is odd }}", "{{ 'a' is odd }}", "{{ 1 + 1 is even }}", "{{ [1] is eq [1] }} {{ {'a': 1} is eq {'a': 1} }}", "{{ x is string }} {{ x is mapping }} {{ x is sequence }} {{ x is number }}", "{{ none is not none }} {{ 1 is not none and 2 is not none }}",
]

CASES["undefined"] = [
    "{{ x }}|{{ x ~ 'a' }}|{{ x or 'd' }}|{{ not x }}|{{ x == y }}|{{ x == none }}|{{ x != 1 }}|{{ [x] }}|{{ x is undefined }}", "{{ x.y }}", "{{ x['y'] }}", "{{ x() }}", "{{ x + 1 }}", "{{ 1 + x }}", "{{ x ~ y }}|", "{{ x * 2 }}", "{{ x[1:] }}", "{{ 'a' in x }} {{ x in [1] }}", "{{ x in 'abc' }}", "{% for i in x %}{% endfor %}ok", "{{ x | length }}", "{{ '%s' % x }}|", "{{ x if x else 'e' }}", "{{ (1 if false) ~ 'a' }}", "{{ (1 if false).x }}", "{{ {'a': 1}.b.c }}", "{{ [1][5] }}|{{ [1][5] is defined }}", "{{ [1][5].x }}", "{{ 'a'.b.c }}", "{{ none.x }}|", "{{ none.x.y }}", "{{ -x }}", "{{ x < 1 }}", "{{ x ** 2 }}", "{{ x.y is defined }}", "{{ x | default(y) }}|", "{{ x.y | default(1) }}", "{{ [1, x] | join(',') }}", "{{ x | list }} {{ {} | first }}|",
]

CASES["whitespace"] = [
    "a {%- if true %} b {% endif -%} c", "a {{- 1 -}} b", "a {#- x -#} b", "{% if true %}\na\n{% endif %}\nb", "  {% if true %}\n  a\n  {% endif %}\n  b\n", "{%- for i in [1, 2] %}\n  {{ i }}\n{%- endfor %}\n", "\n{%- set x = 1 -%}\n\n{{ x }}\n\n", "a\n\n\n{%- if true -%}\n\nb\n{%- endif %}", "{{ 1 }}\n", "{{ 1 }}\n\n", "a\r\nb\rc\n", "{%+ if true %}x{%+ endif %}", "a {%- raw %} b {% endraw -%} c", "{% set x = 1 %}\n\n\nx",
    ["{% if true %}\na\n{% endif %}\nb\n", {}, {"trim_blocks": True}], ["  {% if true %}\n  a\n  {% endif %}\n  b\n", {}, {"lstrip_blocks": True}], ["  {% if true %}\n  a\n  {% endif %}\n  b\n", {}, {"trim_blocks": True, "lstrip_blocks": True}], ["  {%+ if true %}\n  a\n  x {% endif %}\n {# c #}\n b\n", {}, {"trim_blocks": True, "lstrip_blocks": True}], ["{% if true +%}\na\n{% endif %}\n", {}, {"trim_blocks": True}], ["a\n", {}, {"keep_trailing_newline": True}], ["{# c #}\nb {{ 1 }}\nc", {}, {"trim_blocks": True}], ["  {{ 1 }}\n  {# x #}\ny", {}, {"lstrip_blocks": True}], ["{% raw %}\na\n{% endraw %}\nb", {}, {"trim_blocks": True}], ["  {% raw %}\n a\n  {% endraw %}\nb", {}, {"lstrip_blocks": True}], ["{% for i in [1, 2] %}\n  - {{ i }}\n{% endfor %}\nend", {}, {"trim_blocks": True, "lstrip_blocks": True}], ["a\n  {%- if true %}\nb{% endif %}", {}, {"lstrip_blocks": True}], ["{#- a -#}\n\n x", {}, {"trim_blocks": True}], ["\t{% if 1 %}x{% endif %}\t{% if 1 %}y{% endif %}", {}, {"lstrip_blocks": True}],
]

TPL = {
    "inc": "[{{ x }}{{ y }}]", "mac": "{% macro m(a) %}<{{ a }}{{ x }}>{% endmacro %}{% set v = 5 %}{% set _p = 1 %}out", "base": "A{% block a %}base-a{% endblock %}B{% block b %}base-b{% endblock %}C", "mid": "{% extends 'base' %}{% block a %}mid({{ super() }}){% endblock %}", "blockvars": "{% set q = 1 %}{% block z %}{{ q }}{{ x }}{% endblock %}", "req": "{% block r required %}{% endblock %}", "scoped": "{% for i in [1, 2] %}{% block s scoped %}{{ i }}{% endblock %}{% endfor %}", "unscoped": "{% for i in [1, 2] %}{% block s %}{{ i }}{% endblock %}{% endfor %}", "selfb": "{% block t %}T{% endblock %}{{ self.t() }}",
}
CASES["templates"] = [
    [t, {"x": 1}, {"templates": TPL}] for t in [
        "{% include 'inc' %}", "{% set y = 2 %}{% include 'inc' %}", "{% for y in [1, 2] %}{% include 'inc' %}{% endfor %}", "{% include 'inc' without context %}", "{% include 'nope' %}", "{% include 'nope' ignore missing %}ok", "{% include ['nope', 'inc'] %}", "{% set n = 'inc' %}{% include n %}", "{% set x = none %}{% include 'inc' %}", "{% import 'mac' as m %}{{ m.m(2) }}{{ m.v }}{{ m._p }}|{{ m.nope }}|", "{% import 'mac' as m with context %}{{ m.m(2) }}", "{% from 'mac' import m, v as w %}{{ m(3) }}{{ w }}", "{% from 'mac' import m with context %}{{ m(3) }}", "{% from 'mac' import nope %}{{ nope }}|", "{% from 'mac' import nope %}{{ nope() }}", "{% from 'mac' import _p %}", "{% import 'mac' as m %}{{ m }}",
        "{% extends 'base' %}", "{% extends 'base' %}{% block a %}x{% endblock %}ignored", "{% extends 'base' %}{% block a %}{{ super() }}+{% endblock %}{% block b %}{{ x }}{% endblock %}", "{% extends 'mid' %}{% block a %}top({{ super() }}){% endblock %}", "{% extends 'blockvars' %}{% set q = 7 %}", "{% extends 'base' %}{% set z = 9 %}{% block a %}{{ z }}{% endblock %}", "{% extends 'base' %}{% macro m() %}M{% endmacro %}{% block a %}{{ m() }}{% endblock %}", "{% if x %}{% extends 'base' %}{% endif %}no", "{% extends 'req' %}", "{% extends 'req' %}{% block r %}ok{% endblock %}", "{% include 'scoped' %}", "{% include 'unscoped' %}", "{% include 'selfb' %}", "{% block a %}a{% endblock a %}", "{% extends 'base' %}{% block a %}{{ super.super() }}{% endblock %}", "{% block a %}{{ super() }}{% endblock %}", "{% block a %}{% set k = 1 %}{{ k }}{% endblock %}{{ k }}|", "{% block a %}1{% endblock %}{% extends 'base' %}",
    ]
]

CASES["syntax errors"] = [
    "{{ ", "{{ 1", "{% if %}", "{% if 1 %}", "{% if 1 %}{% else %}", "{% endif %}", "{% for %}", "{% for i in %}{% endfor %}", "{% foo %}", "{{ 1 + }}", "{{ (1 }}", "{{ [1 }}", "{{ ) }}", "{{ a b }}", "{{ 'a }}", "{# a", "{% raw %}", "{{ {'a' 1} }}", "{{ a. }}", "{{ a | }}", "{{ a is }}", "{{ f(a=1, 2) }}", "{{ f(**a, 1) }}", "{% macro %}{% endmacro %}", "{% macro m %}{% endmacro %}", "{% set x %}", "{% set = 1 %}", "{% call %}{% endcall %}", "{% for i in [1] %}{% endif %}", "{% if 1 %}{% endfor %}", "{{ 1 if }}", "{{ not }}", "{% block a-b %}{% endblock %}", "{{ $ }}", "{{ a.1b }}", "{% do %}", "{{ }}", "{% %}", "{{ 1 = 2 }}", "{% include %}", "{% with a %}{% endwith %}", "{{ a[1 }}", "{% filter %}{% endfilter %}", "{% set x = 1 %", "{{ x }", "{{ a ! b }}", "{% elif 1 %}", "{% else %}", "{{ ;}}",
]

CASES["projects"] = [
    ["select\n{% for method in methods -%}\n  sum(case when payment_method = '{{ method }}' then amount else 0 end) as {{ method }}_amount{{ ',' if not loop.last }}\n{% endfor %}\nfrom t", {"methods": ["card", "bank"]}],
    "{%- macro cents_to_dollars(column_name, scale=2) -%}\n    ({{ column_name }} / 100)::numeric(16, {{ scale }})\n{%- endmacro -%}\nselect {{ cents_to_dollars('amount') }} as a, {{ cents_to_dollars('b', scale=4) }} as b",
    "{% macro star(cols, except=[], prefix='') -%}\n  {%- set include = [] -%}\n  {%- set except = except | map('lower') | list -%}\n  {%- for c in cols -%}\n    {%- if c | lower not in except -%}\n      {%- do include.append(c) -%}\n    {%- endif -%}\n  {%- endfor -%}\n  {%- for c in include %}\n    {{ prefix ~ c }}{% if not loop.last %},{% endif %}\n  {%- endfor -%}\n{%- endmacro %}select {{ star(['A', 'b', 'C'], except=['B'], prefix='x_') }} from t",
    "{%- macro union(rels) -%}\n{%- set ordered = [] -%}{%- set all = {} -%}\n{%- for r, cols in rels.items() -%}{%- for c in cols -%}{%- if c in all.keys() -%}{%- do all.update({c: all[c] + 1}) -%}{%- else -%}{%- do all.update({c: 1}) -%}{%- do ordered.append(c) -%}{%- endif -%}{%- endfor -%}{%- endfor -%}\n{%- for r, cols in rels.items() %}\n(select {% for c in ordered -%}{{ c if c in cols else 'null as ' ~ c }}{{ ', ' if not loop.last }}{%- endfor %} from {{ r }}){% if not loop.last %} union all{% endif -%}\n{% endfor -%}\n{%- endmacro -%}{{ union({'a': ['x', 'y'], 'b': ['y', 'z']}) }}",
    "{% macro pivot(column, values, agg='sum', then=1, else_=0, quote=True) %}\n  {% for v in values %}\n    {{ agg }}(case when {{ column }} = '{{ v.replace(\"'\", \"''\") }}' then {{ then }} else {{ else_ }} end){% if quote %} as \"{{ v }}\"{% endif %}{% if not loop.last %},{% endif %}\n  {% endfor %}\n{% endmacro %}{{ pivot('size', ['S', \"M's\"], quote=False) }}",
    "{% set fields = ['a', 'b', 'c'] %}{%- set exprs = [] -%}{%- for f in fields -%}{%- do exprs.append(\"coalesce(cast(\" ~ f ~ \" as text), '')\") -%}{%- if not loop.last %}{%- do exprs.append(\"'-'\") -%}{%- endif -%}{%- endfor -%}md5({{ exprs | join(' || ') }})",
    "{% set ns = namespace(found=false, total=0) %}{% for row in [[1, 'a'], [2, 'b']] %}{% if row[1] == 'b' %}{% set ns.found = true %}{% endif %}{% set ns.total = ns.total + row[0] %}{% endfor %}{{ ns.found }} {{ ns.total }}",
    "{% macro spine(start, n) %}{% for i in range(n) %}{% set d = start + i %}{{ '%04d' % d }}{{ ', ' if not loop.last else '' }}{% endfor %}{% endmacro %}{{ spine(2020, 3) }}", "{% set q %}select {{ 1 }} as x{% endset %}{% set q = q.strip() | upper %}-- {{ q }}", "{%- set cfg = {'a': {'b': [1, 2]}} -%}{{ cfg.a.b[-1] }}{{ cfg['a'].get('c', {}).get('d', 'none') }}", "{% macro log_it(msg, info=False) %}{% if info %}[{{ msg }}]{% endif %}{% endmacro %}{% do log_it('x', info=True) %}{{ log_it('y', info=True) }}", "{% macro pg__x(a) %}pg{{ a }}{% endmacro %}{% set impl = {'pg': pg__x} %}{{ impl['pg'](1) }}", "{% if target is defined and target.name == 'dev' %}limit 10{% endif %}", "{{ \"'\" ~ ['a', 'b'] | join(\"', '\") ~ \"'\" }}", "{%- set cols = ['id', 'name'] -%}{{ cols | map('upper') | map('replace', 'ID', 'KEY') | join(', ') }}", "{% set t = ('a', 'b') %}{{ t }}{{ t | join }}{{ 'in ' ~ t }}", "{% set x = {'a': 1} %}{% for k in x.keys() | list %}{% do x.pop(k) %}{% endfor %}{{ x }}", "where id in ({{ [1, 2, 3] | join(', ') }}) and s in {{ ('a', 'b') }}",
    "{{ 'a_b_c'.split('_') | last | title }}{{ 'x'.join(['1', '2']) }}{{ 'abc'[:-1] ~ 'z' }}", "{% set parts = 'db.schema.table'.split('.') %}{{ parts[-1] }} {{ parts[:-1] | join('.') }} {{ parts | length }}", "{%- if 'x' == 'x' -%}   \n  {{ 1 }}   \n{%- else -%} {{ 2 }} {%- endif -%}\n\n;", "{{ modules.datetime.now() }}", "{{ (x or {}).get('a', 1) }}", "{{ [1, 2, 3] | length > 2 }} {{ 'a' if [1] | length == 1 else 'b' }}", "{{ ['a', 'b', 'c'].index('b') + 1 }}", "{% set ns = namespace(l=[]) %}{% for i in range(3) %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.l }}", "{% for i in range(3) %}{% set a = 'x' if loop.first else 'y' %}{{ a }}{% endfor %}",
]


def record(case):
    template, context, options = (case + [{}] * (3 - len(case))) if isinstance(case, list) else (case, {}, {})
    settings = {k: v for k, v in options.items() if k not in ("templates", "name", "enabled", "undefined")}
    if "undefined" in options:
        settings["undefined"] = getattr(jinja2, options["undefined"].capitalize() + "Undefined")
    if "enabled" in options:
        settings["autoescape"] = jinja2.select_autoescape(options["enabled"])
    name = options.get("name")
    templates = {**options.get("templates", {}), **({name: template} if name else {})}
    loader = jinja2.DictLoader(templates) if templates else None
    env = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], loader=loader, **settings)
    entry = {"template": template}
    if context:
        entry["context"] = context
    if options:
        entry["options"] = options
    try:
        made = env.get_template(name) if name else env.from_string(template)
        entry["expected"] = made.render(json.loads(json.dumps(context)))
    except jinja2.TemplateSyntaxError as error:
        entry["error"] = {"kind": type(error).__name__, "message": error.message, "line": error.lineno}
    except Exception as error:
        entry["error"] = {"kind": type(error).__name__, "message": str(error)}
    return entry


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cases in {**CASES, **LANGUAGE}.items():
        recorded = [record(case) for case in cases]
        file = OUT / (name.replace(" ", "-") + ".json")
        file.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
        print(f"{file.name}: {len(recorded)} cases")


main()
