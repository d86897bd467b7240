"""Expressions and small templates by chance, always the same ones for a seed."""

import random

CONTEXT = {
    "a": 1, "b": -7, "c": 2.5, "s": "Hello World", "t": "x,y,,z", "e": "", "n": None, "yes": True,
    "no": False, "l": [3, 1, 2], "m": ["b", "A", "c", "a"], "d": {"k": "v", "n": 1, "z": [1, {"q": 2}]},
    "u": "gr\u00fc\u00dfe \u20ac", "big": 12345678901234567890123, "users": [
        {"name": "ann", "age": 31, "tags": ["x", "y"]},
        {"name": "Bob", "age": 25, "tags": []},
        {"name": "cy", "age": 31},
    ], "w": "  two  words\n", "f": 1e16, "g": -0.0001,
}

ATOMS = [
    "0", "1", "2", "7", "-3", "10", "255", "1000000", "9223372036854775807", "18446744073709551616",
    "0.0", "0.5", "1.5", "2.675", "1e3", "1e20", "1e-7", "123456.789", "'a'", "'abc'", "'Hello'",
    "''", "'%s'", "' x '", "\"it's\"", "'10'", "'3.7'", "true", "false", "none", "[]", "[1, 2, 3]",
    "['b', 'a']", "{}", "{'a': 1}", "{'b': 2, 'a': 1}", "(1, 2)", "(1,)", "()", "range(4)", "missing",
    "d.missing", "0x1f", "1_000",
] + list(CONTEXT) * 2

BINARY = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", ">", "<=", ">=", "and", "or", "in",
          "not in", "**"]

FILTERS = [
    "abs", "capitalize", "center(9)", "default('D')", "default('D', true)", "dictsort", "escape",
    "filesizeformat", "filesizeformat(true)", "first", "float", "float(1.5)", "format(1)",
    "format('x', 2)", "indent", "indent(2, true)", "int", "int(3)", "items|list", "join", "join(', ')",
    "last", "length", "list", "lower", "max", "min", "pprint", "replace('l', 'L')",
    "replace('', '-')", "reverse|list", "round", "round(1)", "round(2, 'floor')", "round(0, 'ceil')",
    "slice(2)|list", "batch(2)|list", "batch(2, 'f')|list", "sort", "sort(reverse=true)", "string",
    "striptags", "sum", "title", "tojson", "trim", "truncate(5)", "truncate(5, true)",
    "truncate(6, false, '..', 0)", "unique|list", "upper", "urlencode", "wordcount", "wordwrap(4)",
    "map('upper')|list", "map('string')|list", "map(attribute='name')|list",
    "map('default', 'x')|list", "select|list", "reject|list", "select('odd')|list",
    "selectattr('age')|list|length", "rejectattr('tags')|map(attribute='name')|list",
    "sort(attribute='age')|map(attribute='name')|join(',')", "groupby('age')|length",
    "sum(attribute='age')", "attr('x')", "safe", "forceescape", "count", "tojson(2)", "xmlattr",
]

TESTS = [
    "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string",
    "mapping", "sequence", "iterable", "callable", "odd", "even", "divisibleby(3)", "lower", "upper",
    "escaped", "eq(1)", "ne 1", "gt 1", "lt(2)", "ge 1", "le 1", "in [1, 2]", "sameas none",
]

METHODS = [
    ".upper()", ".lower()", ".strip()", ".split()", ".split(',')", ".split(',', 1)", ".title()",
    ".replace('l', 'r')", ".startswith('H')", ".endswith('d')", ".find('o')", ".count('l')",
    ".join(['p', 'q'])", ".format(1, 2)", ".items()", ".keys()", ".values()", ".get('k')",
    ".get('zz', 5)", ".zfill(8)", ".center(11, '*')", ".rjust(9)", ".ljust(9, '.')",
    ".partition(',')", ".rsplit(',', 1)", ".splitlines()", ".isdigit()", ".isupper()", ".swapcase()",
    ".index(1)", ".capitalize()", ".copy()", ".lstrip('H')", ".rstrip('d')", ".casefold()",
]

SUFFIXES = ["[0]", "[-1]", "[1:]", "[:2]", "[::-1]", "[1:3]", "['k']", ".k", ".name", "[::2]", "[5]",
            "[-2:]", "[:-1]", ".z[1].q", "[0].name"]

FORMATS = ["'%d'", "'%5.2f'", "'%s|%r'", "'%x'", "'%05d'", "'%-6s|'", "'%+.1e'", "'%g'", "'%%'",
           "'%c'", "'%o'", "'%#x'", "'% d'", "'%.3s'", "'%i'", "'%G'", "'%08.3f'"]

BRACES = ["'{}'", "'{:>8}'", "'{:<6}|'", "'{:^7}'", "'{:05}'", "'{:.2f}'", "'{:,}'", "'{!r}'",
          "'{0}{0}'", "'{:x}'", "'{:b}'", "'{:e}'", "'{:+}'", "'{:*^9}'", "'{:.3}'", "'{:g}'",
          "'{:%}'", "'{{}}{}'", "'{:_}'", "'{:#o}'", "'{:10.3f}'"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return items[self.random.randrange(len(items))]

    def expression(self, depth):
        if depth <= 0:
            return self.pick(ATOMS)
        kind = self.random.randrange(20)
        inner = lambda: self.expression(depth - 1 - self.random.randrange(2))
        if kind < 5:
            operator = self.pick(BINARY)
            left, right = inner(), inner()
            if operator == "**":
                right = self.pick(["0", "1", "2", "3", "-1", "0.5", "10"])
            if operator == "*":
                right = self.pick(["0", "1", "2", "3", "-1", "0.5", "1.5", "a", "c"])
            return f"{left} {operator} {right}"
        if kind < 6:
            return f"({inner()})"
        if kind < 10:
            return f"({inner()})|{self.pick(FILTERS)}"
        if kind < 12:
            return f"({inner()}) is {self.pick(['', '', 'not '])}{self.pick(TESTS)}"
        if kind < 14:
            return f"({inner()}){self.pick(METHODS)}"
        if kind < 15:
            return f"({inner()}){self.pick(SUFFIXES)}"
        if kind < 16:
            return f"{self.pick(['not ', '-', '+'])}{inner()}"
        if kind < 17:
            return f"{inner()} if {inner()} else {inner()}"
        if kind < 18:
            return f"[{inner()}, {inner()}]"
        if kind < 19:
            return f"{{'x': {inner()}, {self.pick(ATOMS)}: {inner()}}}"
        if self.random.randrange(2):
            return f"{self.pick(FORMATS)} % {inner()}"
        return f"{self.pick(BRACES)}.format({inner()})"

    def template(self):
        kind = self.random.randrange(12)
        expression = self.expression(self.random.randrange(1, 4))
        if kind < 9:
            return "{{ " + expression + " }}"
        if kind < 10:
            return "{% if " + expression + " %}y{% else %}n{% endif %}"
        if kind < 11:
            return "{% for x in " + expression + " %}{{ loop.index }}:{{ x }};{% else %}-{% endfor %}"
        return "{% set v = " + expression + " %}{{ v }}|{{ v is defined }}"


# What prints an address, or the inside of Python, can't be the same anywhere.
UNPORTABLE = ["object at 0x", "<built-in", "<class", "<function", "<method", "odict"]


def cases(seed, count):
    import reference

    generator = Generator(seed)
    made = 0
    while made < count:
        case = {"template": generator.template(), "context": CONTEXT}
        result = reference.answer(case)
        text = result.get("output", "")
        if any(mark in text for mark in UNPORTABLE) or len(text) > 4000:
            continue
        if "error" in result and generator.random.random() > 0.3:
            continue
        made += 1
        yield {"template": case["template"], "shared": True}
