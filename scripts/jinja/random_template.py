"""Makes random Jinja templates from a grammar: mostly valid ones, with some that Jinja refuses."""

import random

NAMES = ["n", "x", "s", "words", "nums", "people", "d", "nothing", "yes", "pi", "nested", "mixed"]

CONTEXT = {
    "n": 3, "x": 7, "s": "Hello World", "words": ["pear", "Fig", "apple", "fig", "kiwi"], "nums": [4, 1, 3, 1, 2],
    "people": [
        {"name": "Ann", "age": 30, "city": "Rome", "tags": ["x", "y"]}, {"name": "bob", "age": 25, "city": "oslo", "tags": []},
        {"name": "Cy", "age": 30, "city": "Rome", "tags": ["z"]}, {"name": "dee", "age": 41, "city": "Oslo", "tags": ["x"]},
    ],
    "d": {"b": 2, "a": 1, "C": 3}, "nothing": None, "yes": True, "pi": 3.14159,
    "nested": {"list": [1, [2, 3]], "deep": {"k": "v"}}, "mixed": [1, "a", None, 2.5, True, [1], {"k": 1}],
}

TEMPLATES = {
    "inc": "[{{ n }}{{ y }}{{ loop is defined }}]", "inc2": "{% set y = 9 %}{{ x }}-{{ y }}", "bad": "{{ 1 +",
    "mac": "{% macro m(a, b='B') %}<{{ a }}{{ b }}{{ n }}>{% endmacro %}{% macro c() %}({{ caller() if caller else 'none' }}){% endmacro %}{% set v = 5 %}{% set _p = 1 %}out",
    "base": "A{% block a %}base-a{{ n }}{% endblock %}B{% block b %}base-b{% endblock %}C{% block c scoped %}{% endblock %}",
    "mid": "{% extends 'base' %}{% block a %}mid({{ super() }}){% endblock %}", "loop": "{% for i in nums %}{% block a scoped %}{{ i }}{% endblock %}{% endfor %}",
}

INTS = ["0", "1", "2", "3", "-1", "7", "10", "255", "1000000", "0x1f", "0b11", "1_000"]
FLOATS = ["0.5", "1.0", "2.5", "-1.25", "3.14159", "1e3", "1.5e-3", "100.0", "0.1"]
STRINGS = ["'a'", "'abc'", "'Hello World'", "'a,b,c'", "' pad '", "''", "'x-y_z'", "¬it's¬", "'42'", "'3.5'", "'Ünï'", "'a\\nb'", "'<b>&</b>'", "'foo bar baz qux'", "'%s'", "'0x1f'", "'AbC'", "'one two  three'", "'été'", "'tab\\there'"]


class Grammar:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.vars = []

    def pick(self, options):
        return options[self.r.randrange(len(options))]

    def chance(self, share):
        return self.r.random() < share

    # -- expressions by type ------------------------------------------------------------------------------------------
    def any(self, depth):
        kinds = [self.int, self.float, self.str, self.bool, self.list, self.tuple, self.dict, self.none, self.int, self.str, self.list]
        return self.pick(kinds)(depth)

    def wild(self, depth, kind):
        """Now and then a value of another type, so that refusals are compared too."""
        return self.any(depth) if self.chance(0.05) else kind(depth)

    def none(self, depth):
        return self.pick(["none", "None", "nothing"])

    def int(self, depth):
        if depth <= 0:
            return self.pick(INTS + ["n", "x", "d.a", "d['b']", "nums[0]", "people[0].age"])
        a, b = (lambda: self.wild(depth - 1, self.int)), (lambda: self.wild(depth - 1, self.int))
        return self.pick([
            lambda: f"{a()} {self.pick(['+', '-', '*'])} {b()}", lambda: f"({a()} {self.pick(['+', '-', '*', '//', '%'])} {b()})",
            lambda: f"{a()} // {b()}", lambda: f"{a()} % {b()}", lambda: f"-{a()}", lambda: f"({a()}) ** 2", lambda: f"({a()})|abs",
            lambda: f"{self.list(depth - 1)}|length", lambda: f"{self.str(depth - 1)}|length", lambda: f"{self.str(depth - 1)}.count('a')",
            lambda: f"{self.str(depth - 1)}.find({self.str(0)})", lambda: f"nums|{self.pick(['min', 'max', 'sum', 'first', 'last', 'length', 'count'])}",
            lambda: f"{self.str(depth - 1)}|int", lambda: f"{self.float(depth - 1)}|int", lambda: f"{self.str(0)}|int({self.int(0)})", lambda: f"'{self.pick(['ff', '0xff', '101', '0b101', '77', '0o17', 'zz', '12'])}'|int(0, {self.pick(['2', '8', '10', '16', '36'])})",
            lambda: f"({a()} if {self.bool(depth - 1)} else {b()})", lambda: f"people|sum(attribute='age')", lambda: f"nums|sum(start={self.int(0)})", lambda: f"people|map(attribute='age')|{self.pick(['min', 'max', 'sum', 'first'])}",
            lambda: f"nums.index({self.int(0)})", lambda: f"nums.count({self.int(0)})", lambda: f"d.get('{self.pick(['a', 'b', 'z'])}', {self.int(0)})", lambda: f"{self.str(0)}|wordcount",
        ])()

    def float(self, depth):
        if depth <= 0:
            return self.pick(FLOATS + ["pi"])
        a = lambda: self.wild(depth - 1, self.pick([self.float, self.int]))
        return self.pick([
            lambda: f"{a()} / {a()}", lambda: f"({a()} {self.pick(['+', '-', '*', '/', '//', '%'])} {self.float(depth - 1)})", lambda: f"({self.float(depth - 1)})|round({self.pick(['', '1', '2', '0', '-1', '1, ¬ceil¬', '1, ¬floor¬', 'method=¬ceil¬', '2, method=¬common¬'])})",
            lambda: f"{self.str(0)}|float", lambda: f"{self.str(0)}|float({self.float(0)})", lambda: f"({self.float(depth - 1)})|abs", lambda: f"{self.int(depth - 1)}|float", lambda: f"{self.int(0)} ** {self.pick(['-1', '0.5', '2.0'])}",
        ])()

    def str(self, depth):
        if depth <= 0:
            return self.pick(STRINGS + ["s", "words[1]", "people[0].name", "nested.deep.k", "s"])
        a = lambda: self.wild(depth - 1, self.str)
        return self.pick([
            lambda: f"{a()} ~ {self.any(depth - 1)}", lambda: f"({a()} + {a()})", lambda: f"{self.str(0)} * {self.pick(['2', '0', 'n'])}", lambda: f"({a()}){self.slice()}", lambda: f"{a()}|{self.pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'reverse', 'striptags', 'urlencode', 'e', 'escape', 'forceescape', 'safe', 'urlize'])}", lambda: f"({a()}|safe) {self.pick(['+', '~', '%'])} {a()}", lambda: f"({a()}|{self.pick(['safe', 'e'])}).{self.pick(['upper()', 'split()', 'join(words)', 'replace(¬a¬, ¬<¬)', 'center(9, ¬*¬)', 'format(s)', 'partition(¬b¬)', 'striptags()', 'unescape()', 'escape(s)', 'title()', 'splitlines()'])}", lambda: f"{self.pick(STRINGS)}.{self.pick(['encode()', 'isprintable()', 'maketrans(¬a¬, ¬b¬)', 'casefold()', 'istitle()', 'rsplit(none, 1)'])}", lambda: f"{self.pick(INTS)}|abs|attr({self.pick(['¬bit_length¬', '¬real¬', '¬zz¬'])})" if self.chance(0.2) else f"({self.pick(INTS)}).bit_length()",
            lambda: f"({a()}).{self.pick(['upper', 'lower', 'title', 'capitalize', 'strip', 'lstrip', 'rstrip', 'swapcase', 'casefold'])}()", lambda: f"({a()}).{self.pick(['strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix'])}({self.str(0)})",
            lambda: f"({a()}).replace({self.str(0)}, {self.str(0)}{self.pick(['', ', 1', ', -1', ', 0'])})", lambda: f"{a()}|replace({self.str(0)}, {self.str(0)}{self.pick(['', ', 1', ', count=2'])})",
            lambda: f"({a()}).{self.pick(['center', 'ljust', 'rjust'])}({self.pick(['3', '8', '12'])}{self.pick(['', ', ¬*¬'])})", lambda: f"({a()}).zfill({self.pick(['4', '8'])})", lambda: f"{self.list(depth - 1)}|join({self.pick(['', self.str(0)])})",
            lambda: f"{self.str(0)}.join({self.pick(['words', self.str(0), self.list(depth - 1)])})", lambda: f"people|join({self.str(0)}, attribute='{self.pick(['name', 'age', 'nope'])}')", lambda: self.percent(depth), lambda: self.braces(depth), lambda: f"{a()}|truncate({self.pick(['5', '10', '8, true', '7, false, ¬…¬', '6, leeway=0', '9, true, ¬¬, 0', 'length=5, killwords=true', '255', '2'])})",
            lambda: f"{a()}|wordwrap({self.pick(['5', '8', '10, false', '6, true, ¬|¬', '7, break_on_hyphens=false', 'width=4'])})", lambda: f"{a()}|indent({self.pick(['', '2', '2, true', '¬> ¬', 'first=true', 'blank=true', 'width=3, first=true, blank=true'])})", lambda: f"{a()}|center({self.pick(['', '5', '11', 'width=20'])})",
            lambda: f"{self.any(depth - 1)}|tojson{self.pick(['', '', '(2)', '(indent=1)'])}", lambda: f"{self.any(depth - 1)}|{self.pick(['string', 'pprint', 'safe'])}", lambda: f"{self.int(0)}|filesizeformat{self.pick(['', '(true)', '(binary=true)'])}", lambda: f"{self.pick(['0', '1', '999', '1000', '1500', '123456789', '1e15', '1024', '3.7', '¬2048¬', '1e27'])}|filesizeformat{self.pick(['', '(true)'])}",
            lambda: f"{self.pick(['nope', 'nothing', self.str(0), 'd.zz', 'people[9]'])}|default({self.pick(['', self.str(0), self.str(0) + ', true', 'default_value=' + self.str(0), 'boolean=true'])})", lambda: f"{self.dict(depth - 1)}|xmlattr{self.pick(['', '(false)', '(autospace=false)'])}", lambda: f"({a()} if {self.bool(depth - 1)} else {a()})", lambda: f"({a()} or {self.str(0)})",
            lambda: f"{self.str(0)}|format({self.any(0)})", lambda: f"'{self.pick(['%s', '%d', '%5.1f', '%-6s|', '%05d', '%x', '%r', '%%', '%(a)s'])}'|format({self.any(depth - 1)})", lambda: f"{a()}|{self.pick(['first', 'last'])}", lambda: f"({a()}).expandtabs({self.pick(['', '4'])})", lambda: f"{self.pick(['d', 'nums', '[(1, 2)]', self.str(0)])}|urlencode",
        ])()

    def percent(self, depth):
        spec = self.pick(["%s", "%d", "%5d", "%-5d|", "%05d", "%+d", "%.2f", "%8.3f", "%e", "%g", "%x", "%X", "%#x", "%o", "%r", "%c", "%10s|", "%-10s|", "%.2s", "%i", "% d", "%5.1f%%"])
        value = self.pick([self.int, self.float, self.str, self.any])(depth - 1)
        if self.chance(0.3):
            return f"'{spec} and %s' % ({value}, {self.any(0)})"
        return f"'{spec}' % ({value}{self.pick([',', ''])})"

    def braces(self, depth):
        spec = self.pick(["{}", "{0}", "{:>8}", "{:<8}|", "{:^9}|", "{:*^9}", "{:5d}", "{:05d}", "{:+}", "{:,}", "{:.2f}", "{:,.1f}", "{:e}", "{:g}", "{:x}", "{:#b}", "{:o}", "{:%}", "{:.1%}", "{!r}", "{!s:>6}", "{:_}", "{:10.3}", "{0}{0}", "{:<{w}}|", "{a}", "{a[0]}", "{{}}{}", "{:c}", "{:n}", "{:=+8}", "{:.3}"])
        value = self.pick([self.int, self.float, self.str, self.any])(depth - 1)
        return f"'{spec}'.format({value}{self.pick(['', '', ', w=6', f', a={self.any(0)}'])})"

    def slice(self):
        part = lambda: self.pick(["", "", "0", "1", "2", "-1", "-2", "5", "100", "n"])
        return self.pick([f"[{part()}:{part()}]", f"[{part()}:{part()}:{self.pick(['', '1', '2', '-1', '-2'])}]", f"[{self.pick(['0', '1', '-1', '2'])}]"])

    def bool(self, depth):
        if depth <= 0:
            return self.pick(["true", "false", "True", "yes", "nope", "nothing", "n", "''", "[]", "s"])
        a, b = self.pick([self.int, self.float, self.str, self.list, self.any]), None
        left, right = a(depth - 1), self.wild(depth - 1, a)
        op = self.pick(["==", "!=", "<", "<=", ">", ">="])
        return self.pick([
            lambda: f"{left} {op} {right}", lambda: f"{left} {op} {right} {self.pick(['==', '<', '!=', '>='])} {a(0)}", lambda: f"not {self.bool(depth - 1)}", lambda: f"{self.bool(depth - 1)} {self.pick(['and', 'or'])} {self.bool(depth - 1)}", lambda: f"({self.bool(depth - 1)} {self.pick(['and', 'or'])} not {self.bool(0)})",
            lambda: f"{self.any(0)} {self.pick(['in', 'not in'])} {self.pick([self.list, self.tuple, self.dict, self.str])(depth - 1)}", lambda: f"{self.any(depth - 1)} is {self.pick(['', 'not '])}{self.test()}", lambda: f"{self.int(depth - 1)} is {self.pick(['odd', 'even', 'divisibleby 3', 'divisibleby(2)', 'gt 2', 'lt(5)', 'eq 3', 'ne 1', 'ge 0', 'le 10', 'greaterthan 1', 'lessthan 9', 'equalto 3'])}", lambda: f"{self.str(depth - 1)}.{self.pick(['startswith', 'endswith'])}({self.str(0)})", lambda: f"{self.str(depth - 1)}.{self.pick(['isdigit', 'isalpha', 'isupper', 'islower', 'isspace', 'istitle', 'isalnum', 'isnumeric', 'isidentifier', 'isdecimal'])}()",
        ])()

    def test(self):
        return self.pick(["defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping", "sequence", "iterable", "callable", "upper", "lower", "in [1, 2]", "in('abc')", "sameas none", "sameas(true)", "eq 'a'", "filter", "test", "escaped", "odd", "eq", "gt 1"])

    def list(self, depth):
        if depth <= 0:
            return self.pick(["[1, 2, 3]", "['a', 'b']", "[]", "nums", "words", "mixed", "['x', 1, none]", "nested.list", "[[1, 2], [3]]", "range(4)|list"])
        a = lambda: self.wild(depth - 1, self.list)
        key = lambda: self.pick(["", "attribute='age'", "attribute='name'", "true", "reverse=true", "case_sensitive=true", "attribute='city,name'", "attribute='nope'"])
        return self.pick([
            lambda: "[" + ", ".join(self.any(depth - 1) for _ in range(self.r.randrange(4))) + "]", lambda: f"({a()} + {self.list(0)})", lambda: f"({a()}){self.slice()}", lambda: f"{a()}|{self.pick(['sort', 'unique|list', 'reverse|list', 'list', 'batch(2)|list', 'batch(3, ¬-¬)|list', 'slice(2)|list', 'slice(3, 0)|list'])}", lambda: f"words|sort({self.pick(['', 'true', 'case_sensitive=true', 'reverse=true, case_sensitive=true'])})", lambda: f"people|sort({key()})|map(attribute='name')|list",
            lambda: f"people|groupby('{self.pick(['city', 'age', 'nope'])}'{self.pick(['', ', case_sensitive=true', ', default=¬-¬'])})|map('first')|list", lambda: f"people|map(attribute='{self.pick(['name', 'age', 'tags.0', 'nope', 'tags'])}'{self.pick(['', ', default=¬?¬'])})|list", lambda: f"{a()}|map('{self.pick(['string', 'upper', 'length', 'int', 'default', 'abs', 'list', 'nope'])}')|list",
            lambda: f"words|map('{self.pick(['replace', 'truncate', 'center', 'trim', 'default', 'indent'])}', {self.pick(['¬p¬, ¬P¬', '2', '10', '¬x¬'])})|list", lambda: f"nums|{self.pick(['select', 'reject'])}({self.pick(['', '¬odd¬', '¬even¬', '¬gt¬, 2', '¬in¬, [1, 3]', '¬divisibleby¬, 2', '¬nope¬'])})|list", lambda: f"people|{self.pick(['selectattr', 'rejectattr'])}({self.pick(['¬tags¬', '¬age¬, ¬gt¬, 26', '¬city¬, ¬equalto¬, ¬Rome¬', '¬name¬, ¬lower¬', '¬nope¬', '¬tags.0¬, ¬defined¬', '¬age¬, ¬in¬, [25, 41]'])})|map(attribute='name')|list",
            lambda: f"{self.str(depth - 1)}.split({self.pick(['', '¬,¬', '¬ ¬', '¬-¬, 1', 'none, 1', 'maxsplit=1', '¬¬'])})", lambda: f"{self.str(depth - 1)}.{self.pick(['splitlines()', 'splitlines(true)', 'rsplit(¬ ¬, 1)', 'partition(¬-¬)', 'rpartition(¬ ¬)'])}", lambda: f"{self.str(depth - 1)}|list", lambda: f"d.{self.pick(['keys', 'values', 'items'])}()|{self.pick(['list', 'sort', 'map(¬string¬)|list'])}", lambda: f"d|{self.pick(['dictsort', 'dictsort(true)', 'dictsort(by=¬value¬)', 'dictsort(false, ¬value¬, true)', 'dictsort(reverse=true)', 'items|list', 'list', 'sort'])}", lambda: f"range({self.int(0)}{self.pick(['', ', 9', ', 10, 3', ', 0, -1', ', 3, 0'])})|list", lambda: f"{self.list(0)} * {self.pick(['2', '0', '-1'])}", lambda: f"({a()} if {self.bool(depth - 1)} else {a()})", lambda: f"{a()}|unique({self.pick(['', 'true', 'case_sensitive=true'])})|list", lambda: f"people|unique(attribute='city')|map(attribute='name')|list",
        ])()

    def tuple(self, depth):
        items = [self.any(depth - 1) for _ in range(self.r.randrange(4))]
        if len(items) == 1:
            return f"({items[0]},)"
        return f"({', '.join(items)})" + (self.slice() if self.chance(0.2) else "")

    def dict(self, depth):
        if depth <= 0:
            return self.pick(["d", "{'a': 1}", "{}", "nested", "{1: 'x', 'k': none}", "people[0]", "dict(a=1, b='c')"])
        return self.pick([lambda: "{" + ", ".join(f"{self.pick([self.str, self.int])(0)}: {self.any(depth - 1)}" for _ in range(self.r.randrange(4))) + "}", lambda: f"dict({self.dict(depth - 1)}, z={self.any(0)})", lambda: f"{self.dict(0)}.copy()", lambda: f"dict({self.pick(['d.items()', '[(1, 2)]', 'zip', '[[¬a¬, 1]]'])})"])()

    def access(self, depth):
        return self.pick([f"({self.any(depth)}).{self.pick(['x', 'a', 'items', 'name', 'upper', '0'])}", f"({self.any(depth)})[{self.any(0)}]", f"nested.{self.pick(['list', 'deep', 'nope'])}{self.pick(['', '[0]', '.k', '[1][0]', '.x.y'])}", f"{self.pick(['nope', 'd.nope', 'people[7]'])}{self.pick(['', '.x', '[0]', '()'])}", f"{self.pick(['cycler', 'joiner', 'namespace', 'range', 'dict'])}({self.pick(['', '1', '1, 2', 'a=1', '¬x¬'])})" + self.pick(["", ".next()", "()", ".a"])])

    # -- statements -----------------------------------------------------------------------------------------------------
    def open(self, kind="block"):
        mark = self.pick(["", "", "", "", "-", "+"]) if kind == "block" else self.pick(["", "", "", "-"])
        return ("{%" if kind == "block" else "{{") + mark + " "

    def close(self, kind="block"):
        mark = self.pick(["", "", "", "-", "+"]) if kind == "block" else self.pick(["", "", "", "-"])
        return " " + mark + ("%}" if kind == "block" else "}}")

    def tag(self, text):
        return self.open() + text + self.close()

    def out(self, depth=2):
        kinds = [self.any, self.any, self.int, self.str, self.list, self.bool, self.float, self.dict, self.access]
        return self.open("out") + self.pick(kinds)(depth) + self.close("out")

    def text(self):
        return self.pick(["", " ", "\n", "  \n  ", "a", " b ", "\nc\n", "\t", "{ x }", "# y", "  {# note #}  ", "{#- note -#}", "\n\n", "%}", "x\n  "])

    def body(self, depth, loop=False):
        parts = [self.text()]
        for _ in range(self.r.randrange(1, 3)):
            parts += [self.statement(depth - 1, loop), self.text()]
        return "".join(parts)

    def statement(self, depth, loop=False):
        if depth <= 0:
            if loop and self.chance(0.4):
                return self.open("out") + self.pick(["loop.index", "loop.last", "loop.first", "loop.revindex", "loop.cycle('a', 'b')", "loop.changed(i)", "loop.previtem", "loop.nextitem", "loop.length", "loop.depth", "i", "loop.index0", "loop.cycle()"]) + self.close("out")
            return self.out(1)
        name = self.pick(["a", "b", "y", "n"])
        body = lambda inner=loop: self.body(depth, inner)
        return self.pick([
            lambda: self.out(2), lambda: self.tag(f"set {name} = {self.any(1)}"), lambda: self.tag(f"set a, b = {self.pick([self.tuple, self.list])(1)}"), lambda: self.tag(f"set {name}") + body() + self.tag("endset"), lambda: self.tag(f"set {name} | {self.pick(['upper', 'trim', 'replace(¬a¬, ¬b¬)', 'length', 'e'])}") + body() + self.tag("endset"),
            lambda: self.tag(f"if {self.bool(1)}") + body() + (self.tag(f"elif {self.bool(1)}") + body() if self.chance(0.3) else "") + (self.tag("else") + body() if self.chance(0.5) else "") + self.tag("endif"),
            lambda: self.tag(f"for i in {self.pick([self.list, self.list, self.tuple, self.dict, self.str])(1)}{self.pick(['', '', ' if i', ' if i is number', ' if i != 1'])}") + self.body(depth, True) + (self.tag(self.pick(["if i == 2", "if loop.first"])) + self.tag(self.pick(["break", "continue"])) + self.tag("endif") if self.chance(0.2) else "") + (self.tag("else") + body() if self.chance(0.2) else "") + self.tag("endfor"),
            lambda: self.tag(f"for k, v in {self.pick(['d.items()', 'd|dictsort', '[(1, 2), (3, 4)]', 'nested.items()', 'people', 'd|items', '¬ab¬'])}") + "{{ k }}={{ v }}" + self.text() + self.tag("endfor"),
            lambda: self.tag("for i in [{'v': 1, 'c': [{'v': 2}]}, {'v': 3}] recursive") + "{{ i.v }}" + self.text() + "{% if i.c %}" + self.pick(["{{ loop(i.c) }}", "({{ loop(i.c) }}){{ loop.depth }}"]) + "{% endif %}" + self.tag("endfor"),
            lambda: self.tag(f"macro m({self.pick(['', 'p', 'p, q=2', 'p, q=p', 'p=1, *'])})") + self.pick(["{{ p }}{{ q }}", "{{ varargs }}{{ kwargs }}", "{{ caller is defined }}", "{{ caller(1) if caller }}"]) + self.text() + self.tag("endmacro") + "{{ m(" + self.pick(["", "1", "1, 2", "q=3", "1, 2, 3", "p=1, z=2", "*nums", "**d"]) + ") }}" + ("{% call" + self.pick(["", "(u)", "(u, w=1)"]) + " m(1) %}<{{ u }}{{ n }}>{% endcall %}" if self.chance(0.3) else ""),
            lambda: self.tag(f"filter {self.pick(['upper', 'trim', 'title', 'replace(¬a¬, ¬-¬)|upper', 'indent(2)', 'wordcount', 'nope'])}") + body() + self.tag("endfilter"), lambda: self.tag(f"with {self.pick(['', 'a = 1', 'a = n, b = a', 'n = 5'])}") + "{{ a }}{{ n }}" + body() + self.tag("endwith"), lambda: self.tag(f"do {self.pick(['nums.append(9)', 'd.update({¬q¬: 1})', 'words.sort()', 'nums.pop()', 'nums.insert(0, 5)', 'words.extend([¬z¬])', 'nums.remove(1)', 'd.pop(¬a¬)', 'nums.reverse()', 'd.setdefault(¬a¬, 5)', 'nums.clear()', 'd.popitem()', 'nums.extend(3)'])}") + self.pick(["{{ nums }}", "{{ d }}", "{{ words }}"]),
            lambda: self.tag(f"autoescape {self.pick(['true', 'false', 'yes', 'nope', 'n'])}") + body() + self.tag("endautoescape"), lambda: "\n# if n\n" + body() + "\n# endif\n",
            lambda: "{% set ns = namespace(c=0) %}{% for i in nums %}" + self.tag(f"set ns.c = ns.c + {self.pick(['i', '1', 'loop.index'])}") + "{% endfor %}{{ ns.c }}", lambda: "{%" + self.pick(["", "-"]) + " raw %}{{ x }}{% if %}\n{%" + self.pick(["", "-"]) + " endraw " + self.pick(["", "-"]) + "%}", lambda: self.tag(f"include '{self.pick(['inc', 'inc2', 'nope', 'bad'])}'{self.pick(['', ' ignore missing', ' without context', ' with context', ' ignore missing without context'])}"), lambda: self.tag("include ['nope', 'inc']"),
            lambda: self.tag(f"import 'mac' as lib{self.pick(['', ' with context'])}") + "{{ " + self.pick(["lib.m(1)", "lib.v", "lib._p", "lib.nope", "lib", "lib.m"]) + " }}", lambda: self.tag(f"from 'mac' import {self.pick(['m', 'm as q', 'm, v', 'nope', 'v with context', 'c, m with context'])}") + "{{ " + self.pick(["m(1)", "q(2, 3)", "v", "nope", "m is defined", "m(1, b=2)"]) + " }}", lambda: "{% from 'mac' import c %}{% call c() %}" + body() + "{% endcall %}", lambda: self.tag(f"print {self.any(1)}"), lambda: self.tag(self.pick(["nope", "endif", "else", "set", "for", "if", "macro m(", "block", "set 1 = 2", "for i nums"])) if self.chance(0.2) else self.text(),
        ])()

    def template(self):
        # f-strings of Python 3.11 take no backslash, so ¬ stands for a double quote.
        return self.whole().replace("¬", '"')

    def whole(self):
        if self.chance(0.45):
            return "|".join(self.out(self.pick([1, 2, 2, 3])) for _ in range(self.r.randrange(1, 3)))
        if self.chance(0.07):
            parent = self.pick(["base", "mid", "loop", "nope"])
            blocks = "".join(f"{{% block {name}{self.pick(['', ' scoped'])} %}}{self.pick(['', '{{ super() }}'])}{self.body(1)}{{% endblock{self.pick(['', ' ' + name])} %}}" for name in self.r.sample(["a", "b", "c"], self.r.randrange(3)))
            return self.text() + f"{{% extends '{parent}' %}}" + self.text() + blocks + self.pick(["", "{% set n = 8 %}", "{{ self.a() }}"])
        return self.body(self.pick([1, 2, 2, 3]))

    def options(self):
        options = {}
        if self.chance(0.2):
            options.update({name: True for name in ["trim_blocks", "lstrip_blocks", "keep_trailing_newline"] if self.chance(0.6)})
        if self.chance(0.2):
            options["autoescape"] = True
        if self.chance(0.1):
            options["undefined"] = self.pick(["chainable", "debug", "strict"])
        if self.chance(0.05):
            options["line_statement_prefix"] = "#"
        return options
