"""The cases, section by section of Jinja2's Template Designer Documentation."""

USERS = {
    "users": [
        {"name": "John", "age": 31, "city": "NY", "active": True, "address": {"zip": 3}},
        {"name": "ann", "age": 25, "city": "LA", "active": False, "address": {"zip": 1}},
        {"name": "Bob", "age": 31, "city": "ny", "active": True, "address": {"zip": 2}},
    ],
    "navigation": [{"href": "/a", "caption": "A"}, {"href": "/b?x=1&y", "caption": "<B>"}],
    "seq": [1, 2, 3, 4, 5], "empty": [], "text": "Hello World", "none_value": None,
    "mapping": {"b": 1, "A": 2, "c": {"d": [10, 20]}}, "html": "<b>bold & \"q\" 'x'</b>",
    "num": 42, "neg": -3, "real": 3.75, "flag": True, "off": False,
}


def e(*expressions):
    return ["{{ " + x + " }}" for x in expressions]


def with_settings(settings, *templates):
    return [{"template": t, "settings": settings} for t in templates]


def files(templates, main, **more):
    return dict({"templates": templates, "template": main}, **more)


def variables():
    return e(
        "num", "text", "seq", "mapping", "flag", "none_value", "missing", "mapping.b", "mapping['b']",
        "mapping.c.d", "mapping.c.d[1]", "mapping.c.d.0", "mapping.c.d.5", "mapping.missing",
        "mapping.missing.deeper", "mapping['missing']", "mapping.items", "users[0].name",
        "users[0]['name']", "users[-1].name", "users[9]", "users[9].name", "missing.attribute",
        "missing['x']", "missing()", "missing + 1", "1 + missing", "missing ~ 'x'", "-missing",
        "missing == missing", "missing == none", "missing < 1", "missing|length", "missing[0:1]",
        "[missing]", "{'a': missing}", "not missing", "missing or 'x'", "missing and 'x'",
        "text.0", "text[0]", "text[-1]", "text[20]", "text.nothing", "num.nothing", "none_value.x",
        "seq.nothing", "mapping|attr('b')", "users[0]|attr('name')", "num.real", "num.imag",
        "real.real", "num.numerator", "seq['0']", "seq[true]", "seq[1.0]", "mapping[1]", "mapping[[]]",
        "missing.__class__ is defined", "'a' in missing", "missing in [1]", "missing is in [missing]",
        "missing * 2", "2 * missing", "missing // 1", "missing ** 2", "missing % 2", "'%s' % missing",
        "'%d' % missing", "missing > 1", "missing != 1", "+missing", "missing.x.y", "num()", "text.upper",
    ) + ["{{ num }}{{ text }}{{ missing }}|", "{{num}}", "{{ num -}}  x", "x  {{- num }}",
         "a {# comment #} b", "{{ {{ }}", "{{ }}", "{{ num", "{{ num }", "{% print num, text %}",
         "{{ num }}\n", "{{ num }}\n\n", "\n{{ num }}\n", "a\r\nb\rc\n", "", "\n", "{{ '}}' }}",
         "{{ \"{{\" }}", "{{ {'a': {'b': 1}}}}", "{{ {'a': 1}.a }}", "{{ [[1]][0][0] }}"]


def tags():
    return ["{% %}", "{% unknown %}", "{% endif %}", "{% if %}{% endif %}", "{% if 1 %}", "{% for %}",
            "{% for x in %}{% endfor %}", "{% if 1 %}{% endfor %}", "{% if 1 %}{% else %}{% elif 2 %}{% endif %}",
            "{% for x in [1] %}{% if x %}{% endfor %}{% endif %}", "line\nline\n{% bad %}",
            "{{ 1 + }}", "{{ (1 }}", "{{ 1) }}", "{{ [1, }}", "{{ 'a }}", "{{ a b }}", "{{ a.b. }}",
            "{{ a..b }}", "{{ a|}}", "{{ a|nofilter }}", "{{ a is notest }}", "{{ a|1 }}", "{{ $ }}",
            "{{ a ! b }}", "{{ a ? b }}", "{{ a = b }}", "{{ a; b }}", "{% set %}", "{% set 1 = 2 %}",
            "{% set a.b.c = 2 %}", "{% set 'x' = 2 %}", "{% set true = 2 %}", "{% for 1 in x %}{% endfor %}",
            "{% macro %}{% endmacro %}", "{% macro m %}{% endmacro %}", "{% macro m(a=1, b) %}{% endmacro %}",
            "{% block %}{% endblock %}", "{% block a-b %}{% endblock %}", "{% block a %}{% endblock b %}",
            "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{% extends %}", "{% include %}",
            "{% import 'x' %}", "{% from 'x' %}", "{% from 'x' import %}", "{% from 'x' import _a %}",
            "{% call x %}{% endcall %}", "{% call %}{% endcall %}", "{% filter %}{% endfilter %}",
            "{% filter upper %}", "{% raw %}", "{% raw %}{{ x }}", "{# never", "{{ f(a=1, 2) }}", "{{ f(*a, *b) }}",
            "{{ f(**a, b) }}", "{{ f(a=1, a=2) }}", "{% with a = 1 %}", "{% with a %}{% endwith %}",
            "{% do 1 %}", "{% break %}", "{% continue %}", "{% trans %}x{% endtrans %}", "{{ 1 is is 2 }}",
            "{{ 1 is defined is defined }}", "{{ x is }}", "{{ not }}", "{{ not in }}", "{% endblock %}",
            "{% for x in y recursive %}{% endfor %}", "{% for x, in [[1],[2]] %}{{ x }}{% endfor %}",
            "{% if x %}{% else %}{% else %}{% endif %}", "{% 1 %}", "{% 'x' %}", "{%- %}", "{{ 'a' 'b' }}",
            "{{ \"\\x4\" }}", "{{ '\\u12' }}", "{{ 0777 }}", "{{ 1__0 }}", "{{ 1_ }}", "{{ 0x }}", "{{ 0b2 }}",
            "{% for loop in [1] %}{{ loop }}{% endfor %}", "{% for x in [1] %}{% set loop = 1 %}{% endfor %}",
            "{% block x required %}text{% endblock %}", "{% if a %}\n{% if b %}\n{% endif %}\n",
            "{% if a %}\n\n{{ b|bad }}{% endif %}", "{% for x in 5 %}{% endfor %}", "\n\n{{ 1/0 }}"]


def escapes():
    return [r"{{ 'a\nb' }}", r"{{ 'a\tb' }}", r"{{ 'a\\b' }}", r"{{ 'it\'s' }}", r"""{{ "say \"hi\"" }}""",
            r"{{ '\x41' }}", r"{{ '\u20ac' }}", r"{{ '\U0001F600' }}", r"{{ '\101' }}", r"{{ '\q' }}",
            r"{{ '\é' }}", r"{{ 'é' }}", r"{{ '\0' }}|", r"{{ '\a\b\f\v'|tojson }}", r"{{ '\e' }}",
            r"{{ ['\n', '\'', '\x00', '\x7f', 'é', '\u200b', '\ud7ff'] }}", r"""{{ ["'", '"', '\'"'] }}""",
            "{{ 'a\nb' }}", "{{ 'a\r\nb' }}", r"{{ '\8' }}", r"{{ '\777' }}", "{{ '€uro'|length }}",
            "{{ 'a' 'b' \"c\" }}", "{{ 'a\\\nb' }}"]


def literals():
    return e(
        "42", "42.0", "4.2e3", "42e-5", "1e16", "1e15", "123456789012345678", "1e22", "1e-4", "1e-5", "0.1",
        "1.0", "100.0", "1e100", "5e-324", "1.7976931348623157e308", "1_000_000", "1_0.5_0", "0x1F", "0XAB",
        "0b1011", "0o17", "0b1_0", "0", "00", "0_0", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890",
        "123456789012345678901234567890 + 1", "99999999999 * 99999999999", "2 ** 64", "2 ** 200", "2 ** -1",
        "-2 ** 2", "2 ** 3 ** 2", "10 ** 30 // 7", "10 ** 30 % 7", "-(10 ** 30) // 7", "-(10 ** 30) % 7",
        "10 ** 30 / 10 ** 29", "10 ** 400", "10 ** 400 / 10 ** 399", "10 ** 400 * 1.0", "2 ** 0.5", "(-8) ** 0.5",
        "0 ** 0", "0 ** -1", "0.0 ** -1", "2.5 ** 2", "10.0 ** 400", "18446744073709551616 == 2 ** 64",
        "2 ** 64 == 18446744073709551616.0", "2 ** 53 + 1 == 9007199254740993.0", "[2 ** 64]", "2 ** 64 > 1",
        "(2 ** 64)|string|length", "true", "false", "none", "True", "False", "None", "TRUE is defined",
        "[]", "[1, 2]", "[1, 2,]", "()", "(1,)", "(1, 2)", "1, 2", "{}", "{'a': 1}", "{'a': 1,}", "{1: 2, 1.0: 3, true: 4}",
        "{'b': 1, 'a': 2}", "[[1, 'a'], (2.0, none), {'x': true}]", "{none: 1}", "{[]: 1}", "{(1, 2): 3}[(1, 2)]",
        "'text'", "\"text\"", "['it\\'s', \"q\"]", "[1.0, 1e20, -0.0]", "-0.0", "1.5e300 * 1e10", "1e308 * 10",
        "-(1e308 * 10)", "1e308 * 10 - 1e308 * 10", "[[], [[]], ()]", "((1))", "(1, (2, (3,)))", "1.2.real",
        "0.1 + 0.2", "1 / 3", "2 / 3", "1e23", "123456.789e3", "1.0e0", "3.0 == 3", "1 == true", "1.0 == true",
    )


def math():
    return e(
        "1 + 1", "3 - 2", "1 / 2", "4 / 2", "1.0 / 2.0", "20 // 7", "-7 // 2", "7 // -2", "-7 % 3", "7 % -3",
        "-7 // 2.0", "-7 % 2.5", "7.5 % -2", "11 % 7", "2 * 2", "'=' * 8", "8 * '='", "'a' * 0", "'a' * -1",
        "[1, 2] * 2", "(1,) * 3", "'a' + 'b'", "[1] + [2]", "(1,) + (2,)", "[1] + (2,)", "'a' + 1", "1 + 'a'",
        "'a' - 'b'", "true + true", "true * 3", "1 / 0", "1 // 0", "1 % 0", "1.0 / 0", "1.0 // 0", "1.0 % 0",
        "7 // 0.5", "1 - 1 - 1", "2 * 3 + 4", "2 + 3 * 4", "(2 + 3) * 4", "10 - 2 * 3", "2 * 3 % 4", "-1 + 2",
        "- 1", "--1", "-+-1", "+'a'", "-'a'", "-[]", "-true", "+true", "not 1 + 1", "1 + -1", "2 * -3", "5 - -5",
        "1 ~ 2", "'a' ~ 1 ~ none ~ 2.0 ~ true", "1 ~ 2 + 3", "1 + 2 ~ 3", "2 * 3 ~ 4", "[1] ~ [2]", "1 + 1 ~ 'x'",
        "9223372036854775807 + 1", "-9223372036854775808 - 1", "-9223372036854775807 - 2", "9223372036854775807 * 2",
        "3037000500 * 3037000500", "(-9223372036854775807 - 1) // -1", "(-9223372036854775807 - 1) % -1",
        "1e308 + 1e308", "5 // 2.5", "-0.0 // 1", "0.3 // 0.1", "1 // 0.1", "1 % 0.1", "-1 % 0.1", "2.5 // -1",
        "{} + {}", "none + 1", "'5' * '5'", "2.0 * 'a'", "[1] * 1.5", "1 if 1 else 2 + 3", "1.5 + true",
    )


def comparisons():
    return e(
        "1 == 1", "1 == 1.0", "1 != 2", "1 > 2", "2 >= 2", "1 < 2", "2 <= 1", "'a' < 'b'", "'a' < 'B'", "'a' == 'a'",
        "[1, 2] == [1, 2]", "[1, 2] < [1, 3]", "[1] < [1, 0]", "(1, 2) == [1, 2]", "(1, 2) < (1, 3)", "{'a': 1} == {'a': 1.0}",
        "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "1 < 2 < 3", "1 < 3 < 2", "1 == 1 == 1", "3 > 2 > 1", "1 < 2 > 1",
        "1 < 'a'", "'a' < 1", "none < 1", "none == none", "[] < {}", "{} < {}", "true == 1", "true < 2", "'' < 'a'",
        "'é' > 'z'", "'a' in 'abc'", "'' in 'abc'", "'x' in 'abc'", "1 in [1, 2]", "3 not in [1, 2]", "1.0 in [1]", "'a' in {'a': 1}",
        "1 in 'abc'", "1 in 5", "'a' in ['a', 'b']", "'ab' in ['a', 'b']", "(1, 2) in [(1, 2)]", "2 in range(5)", "5 in range(5)",
        "4 in range(0, 10, 2)", "5 in range(0, 10, 2)", "[] in [[]]", "none in [none]", "1 in 2 in 3", "not 1 == 2", "not 1 in [1]",
        "1 == 2 or 3", "1 and 0", "0 or ''", "1 or 2", "1 and 2", "not 1", "not ''", "not []", "not {}", "not 0.0", "not none",
        "not not 1", "not 1 and 0", "0 and 1 or 2", "1 or 1 / 0", "0 and 1 / 0", "'a' and 'b' or 'c'", "1 == 1 and 2 == 2",
        "true and not false", "1 if true", "1 if false", "(1 if false) is defined", "1 if 0 else 2", "1 if 0 else 2 if 0 else 3",
        "'x' if text else 'y'", "[1 if 1 else 2]", "(1 if 0)|default('d')", "range(3) == range(3)", "range(0) == range(5, 5)",
        "range(0, 4, 2) == range(0, 3, 2)", "(1 if 0) == (1 if 0)", "1 > 0.5", "2 ** 70 > 1e21", "1e21 < 2 ** 70", "10 ** 400 > 1e308",
        "1 == '1'", "[] == ()", "mapping.items() == mapping.items()", "mapping.keys() == mapping.keys()",
    )


def subscripts():
    return e(
        "seq[0]", "seq[-1]", "seq[1:3]", "seq[:2]", "seq[3:]", "seq[::2]", "seq[::-1]", "seq[-2:]", "seq[:-1]", "seq[10:]",
        "seq[-100:2]", "seq[3:1]", "seq[3:1:-1]", "seq[::0]", "seq['a':]", "seq[1.0:]", "seq[none:2]", "text[1:4]", "text[::-1]",
        "text[-3:]", "(1, 2, 3)[1:]", "range(10)[2:5]", "range(10)[::-2]", "range(10)[3]", "range(10)[-1]", "range(10)[20]",
        "num[0]", "num[0:1]", "mapping[0:1]", "none_value[0]", "seq[0, 1]", "mapping.c['d'][0]", "'äöü'[1]", "'äöü'[::-1]",
        "seq[true:]", "seq[9223372036854775807:]", "seq[-9223372036854775808:]", "seq[99999999999999999999]", "seq[:99999999999999999999]",
        "[1,2,3][::9223372036854775807]", "[1,2,3][::-9223372036854775807]", "text[2:8:2]", "seq[missing:]", "seq[:]", "text[:]",
        "range(5)[1:][1:]", "'a,b'.split(',')[1]", "{'a': [1, {'b': 2}]}.a[1].b", "seq[num - 41]", "users[0]['na' ~ 'me']",
    )


def python_methods():
    return e(
        "text.upper()", "text.lower()", "text.title()", "text.swapcase()", "'hELLO wORLD'.capitalize()", "'they\\'re'.title()",
        "' x '.strip()", "' x '.lstrip() ~ '|'", "' x '.rstrip() ~ '|'", "'xxaxx'.strip('x')", "'abcba'.lstrip('ab')", "text.split()",
        "text.split('o')", "'a,b,c'.split(',', 1)", "'a,b,c'.rsplit(',', 1)", "' a  b '.split()", "' a  b '.split(' ')", "' a  b c '.split(none, 1)",
        "'a b c '.rsplit(none, 1)", "''.split()", "''.split(',')", "'a'.split('')", "'a\\nb\\r\\nc'.splitlines()", "'a\\nb\\n'.splitlines(true)",
        "text.startswith('He')", "text.endswith('d')", "text.startswith(('x', 'H'))", "text.startswith('W', 6)", "text.endswith('o', 0, 5)",
        "text.find('o')", "text.find('o', 5)", "text.find('zz')", "text.rfind('o')", "text.index('W')", "text.index('zz')", "text.rindex('l')",
        "text.count('l')", "text.count('')", "'aaa'.count('aa')", "text.replace('l', 'L')", "text.replace('l', 'L', 1)", "'abc'.replace('', '-')",
        "'abc'.replace('', '-', 2)", "', '.join(['a', 'b'])", "''.join([])", "'-'.join('abc')", "','.join([1])", "'42'.zfill(5)", "'-42'.zfill(5)",
        "'+4'.zfill(4)", "'a'.center(5)", "'a'.center(4, '*')", "'ab'.center(5, '*')", "'a'.ljust(3, '.')", "'a'.rjust(3)", "'a'.ljust(3, 'xx')",
        "'a=b=c'.partition('=')", "'a=b=c'.rpartition('=')", "'abc'.partition('x')", "'abc'.rpartition('x')", "'TestHook'.removeprefix('Test')",
        "'TestHook'.removesuffix('Hook')", "'abc'.removeprefix('x')", "'a\\tb'.expandtabs()", "'a\\tb'.expandtabs(4)", "'123'.isdigit()", "''.isdigit()",
        "'abc'.isalpha()", "'ab1'.isalnum()", "' '.isspace()", "'Abc Def'.istitle()", "'ABC'.isupper()", "'abc1'.islower()", "'½'.isnumeric()",
        "'²'.isdigit()", "'²'.isdecimal()", "'abc'.isidentifier()", "'1a'.isidentifier()", "'a b'.isprintable()", "'é'.isascii()", "'ß'.upper()",
        "'ß'.casefold()", "'ΑΣ'.lower()", "'ǆ'.title()", "'{} {}'.format(1, 'a')", "'{1}{0}'.format(1, 2)", "'{a}-{b}'.format(a=1, b=2)", "'{0[1]}'.format(seq)",
        "'{0[b]}'.format(mapping)", "'{:>5}|{:<5}|{:^5}'.format(1, 2, 3)", "'{:05d}'.format(42)", "'{:+d}'.format(42)", "'{:,}'.format(1234567)",
        "'{:.2f}'.format(3.14159)", "'{:x} {:X} {:#x} {:o} {:b}'.format(255, 255, 255, 8, 5)", "'{:e}'.format(12345.678)", "'{:g}'.format(0.00001)",
        "'{:%}'.format(0.25)", "'{!r}'.format('a')", "'{{}}'.format()", "'{}'.format()", "'{'.format()", "'{:d}'.format('a')", "'{:s}'.format(1)",
        "'{:{w}}|'.format('a', w=5)", "'{a}'.format_map({'a': 1})", "'{:*^10}'.format('hi')", "'{:.3}'.format('abcdef')", "'{:,.2f}'.format(1234567.891)",
        "'{:010.2f}'.format(-3.14159)", "'{:=+8}'.format(5)", "'{} {0}'.format(1)", "'{x}'.format(y=1)", "'{:c}'.format(65)", "'{:08,}'.format(1234)",
        "'%s %d' % ('a', 1)", "'%s' % 'a'", "'%s' % (1,)", "'%s' % [1, 2]", "'%d%%' % 5", "'%(a)s' % {'a': 1}", "'%s %s' % 1", "'%s' % (1, 2)",
        "'%5d|%-5d|%05d' % (1, 2, 3)", "'%x %X %o' % (255, 255, 8)", "'%.2f' % 3.14159", "'%e' % 12345.678", "'%g' % 1e10", "'%c' % 65", "'%r' % 'a'",
        "'%d' % 3.9", "'%d' % 'a'", "'%+d % d' % (1, 1)", "'%*d' % (5, 1)", "'%.*f' % (2, 1.005)", "'%s' % none", "'%q' % 1", "'%' % 1", "'a' % 1",
        "mapping.keys()", "mapping.values()", "mapping.items()", "mapping.keys()|list", "mapping.items()|list", "mapping.get('b')", "mapping.get('x')",
        "mapping.get('x', 9)", "mapping.get([])", "mapping.copy()", "mapping.pop('b')", "mapping.pop('zz')", "mapping.pop('zz', 1)", "{'a': 1}.popitem()",
        "{}.popitem()", "mapping.setdefault('n', 5)", "{'a': 1}.update({'b': 2})", "dict.fromkeys(['a', 'b'], 1)", "seq.index(3)", "seq.index(30)",
        "seq.count(1)", "seq.copy()", "(1, 2, 1).count(1)", "(1, 2).index(2)", "[3, 1, 2].sort()", "seq.append(6)", "[1].pop()", "[].pop()", "[1].pop(5)",
        "num.bit_length()", "real.is_integer()", "(4.0).is_integer()", "'abc'.upper", "text.nomethod()", "seq.nomethod()", "text.upper(1)", "text.split(sep=',')",
        "text.encode is defined", "'a-b_c'.replace('-', '').replace('_', '')", "'x'.join(seq|map('string'))", "range(5).count(2)", "range(3, 9).index(5)",
    ) + [
        "{% set l = [] %}{% for x in seq %}{% set _ = l.append(x * 2) %}{% endfor %}{{ l }}",
        "{% set d = {} %}{% for u in users %}{{ d.update({u.name: u.age}) or '' }}{% endfor %}{{ d }}",
        "{% set l = [3, 1, 2] %}{{ l.sort() or l }}{{ l.reverse() or l }}{{ l.insert(0, 9) or l }}{{ l.remove(9) or l }}{{ l.extend([7, 8]) or l }}{{ l.clear() or l }}",
        "{% set l = [1] %}{% set m = l %}{% set _ = m.append(2) %}{{ l }}",
        "{% set l = [1, 2] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set d = {'a': 1} %}{% set _ = d.update(d=d) %}{{ d }}",
        "{% set d = {'a': 1, 'b': 2} %}{% set v = d.items() %}{% set _ = d.pop('a') %}{{ v }}",
        "{% set d = {'a': 1} %}{% for k in d %}{% set _ = d.update({'b': 2}) %}{% endfor %}",
        "{% set l = [1] %}{% for x in l %}{% if x < 5 %}{% set _ = l.append(x + 1) %}{% endif %}{{ x }}{% endfor %}",
        "{% set l = [2, 1] %}{% set _ = l.sort(reverse=true) %}{{ l }}",
    ]


def filters():
    return e(
        "-5|abs", "-5.5|abs", "'a'|abs", "true|abs", "missing|abs", "(-9223372036854775807 - 1)|abs", "mapping|attr('keys')", "seq|attr('zz') is defined",
        "[1,2,3,4,5]|batch(2)|list", "[1,2,3]|batch(2, 'x')|list", "[]|batch(2)|list", "[1]|batch(0)|list", "seq|batch('a')|list", "'hELLO'|capitalize",
        "''|capitalize", "5|capitalize", "'a'|center(5) ~ '|'", "'abc'|center ~ '|'", "seq|count", "missing|default('d')", "missing|d('d')", "''|default('d')",
        "''|default('d', true)", "none|default('d')", "none|default('d', true)", "missing|default", "missing|default(default_value=3)", "0|default(1, boolean=true)",
        "missing.x|default('d')", "mapping.zz|default('d')", "mapping|dictsort", "mapping|dictsort(true)", "mapping|dictsort(false, 'value')",
        "{'a': 2, 'b': 1}|dictsort(by='value')", "{'a': 2, 'b': 1}|dictsort(reverse=true)", "mapping|dictsort(by='x')", "seq|dictsort", "{'a': 1, 2: 3}|dictsort",
        "html|e", "html|escape", "html|e|e", "(html|e) ~ html", "(html|e) + html", "html + (html|e)", "[html|e]", "html|e|upper", "(html|e)|replace('b', '<')",
        "100|filesizeformat", "1|filesizeformat", "0|filesizeformat", "1000|filesizeformat", "1024|filesizeformat", "1500000|filesizeformat",
        "1024|filesizeformat(true)", "1e30|filesizeformat", "'12345'|filesizeformat", "'x'|filesizeformat", "3.7|filesizeformat", "1000000000000|filesizeformat", "999999|filesizeformat",
        "seq|first", "empty|first", "'abc'|first", "mapping|first", "5|first", "seq|last", "empty|last", "'abc'|last", "mapping|last", "range(3)|last",
        "'3.7'|float", "'x'|float", "'x'|float(1.0)", "'1e3'|float", "' 1.5 '|float", "'inf'|float", "'nan'|float", "'0x10'|float", "'1_0.5'|float", "'.5'|float", "'5.'|float",
        "none|float", "[]|float", "missing|float", "5|float", "10 ** 400|float", "(10 ** 400)|float", "html|forceescape", "html|e|forceescape",
        "'%s, %s!'|format('Hello', 'World')", "'%(a)s'|format(a=1)", "'%s'|format", "'%s'|format(1, a=2)", "'%d'|format('x')", "'%s'|format([1])", "'%.1f GB'|format(3.14)",
        "users|groupby('city')|map('first')|list", "users|groupby('city', case_sensitive=true)|map('first')|list", "(users|groupby('age'))[0].grouper", "(users|groupby('age'))[0].list|length",
        "users|groupby('address.zip')|map(attribute='grouper')|list", "users|groupby('zz', default='D')|map('first')|list", "users|groupby('age')|first|first", "users|groupby('name')|length", "[1, 'a']|groupby('x')",
        "'a\\nb'|indent", "'a\\nb'|indent(2)", "'a\\n\\nb'|indent(2, true)", "'a\\n\\nb'|indent(2, blank=true)", "'a\\nb'|indent('>>')", "'a\\nb\\n'|indent", "''|indent(first=true)", "5|indent", "'a\\r\\nb'|indent",
        "'42'|int", "'42.7'|int", "'x'|int", "'x'|int(7)", "'0x1f'|int(base=16)", "'0x1f'|int(0, 0)", "'1f'|int(0, 16)", "'101'|int(base=2)", "3.99|int", "-3.99|int", "none|int", "[]|int(5)", "true|int", "missing|int",
        "'1_000'|int", "' 7 '|int", "'1e3'|int", "'inf'|int", "1e300|int", "'12345678901234567890'|int", "'-5'|int", "'+5'|int", "'--5'|int", "'0b11'|int(base=0)", "'077'|int(base=0)", "'077'|int", "(1e308 * 10)|int",
        "mapping|items|list", "missing|items|list", "seq|items|list", "seq|join", "seq|join(', ')", "users|join(', ', attribute='name')", "['a', 1, none]|join('-')", "missing|join", "5|join", "'abc'|join('.')", "mapping|join(',')", "seq|join(1)", "seq|join(d='|')",
        "'abc'|list", "mapping|list", "range(3)|list", "5|list", "missing|list", "(1, 2)|list", "'ABC'|lower", "5|lower", "none|upper", "'abc'|upper", "[1]|upper",
        "users|map(attribute='name')|list", "users|map(attribute='address.zip')|list", "users|map(attribute='zz')|list", "users|map(attribute='zz', default='D')|list", "['a', 'b']|map('upper')|list", "['a']|map('nofilter')|list", "[1]|map|list", "[]|map|list",
        "['a,b', 'c']|map('replace', ',', ';')|list", "[1, 2]|map('string')|map('center', 3)|list", "[-1, 2]|map('abs')|sum", "users|map(attribute='name', foo=1)|list", "[[1, 2], [3, 4]]|map('first')|list", "[[1, 2], [3, 4]]|map(attribute=1)|list", "[[1, 2], [3, 4]]|map(attribute='1')|list",
        "[3, 1, 2]|max", "[3, 1, 2]|min", "['b', 'A']|min", "['b', 'A']|min(case_sensitive=true)", "[]|max", "users|max(attribute='age')|attr('name')", "(users|min(attribute='age')).name", "[1, 'a']|max", "'hello'|max", "mapping|pprint", "seq|pprint", "'x'|pprint", "range(30)|list|pprint",
        "{'key' ~ 1: 'value' * 5, 'another': ['x' * 30, 'y' * 30, 'z' * 30]}|pprint", "[['a' * 40, 'b' * 40], {'c': 'd' * 70}]|pprint", "('word ' * 30)|pprint", "{'k': 'word ' * 30}|pprint", "('line\\n' * 5)|pprint", "(('x' * 50, 'y' * 50),)|pprint", "{2: 1, 'a': 2}|pprint", "{'z': 1, 'a': {'y': 1, 'b': 2}}|pprint",
        "seq|reject('odd')|list", "seq|reject|list", "users|rejectattr('active')|map(attribute='name')|list", "users|rejectattr('age', 'eq', 31)|map(attribute='name')|list", "text|replace('l', 'L')", "text|replace('l', 'L', 1)", "text|replace('o', '0', count=1)", "5|replace(5, 6)", "text|replace('', '-')", "text|replace('l')",
        "'abc'|reverse", "seq|reverse|list", "mapping|reverse|list", "range(3)|reverse|list", "5|reverse", "missing|reverse|list", "(1, 2)|reverse|list", "seq|map('abs')|reverse",
        "42.55|round", "42.55|round(1)", "42.55|round(1, 'floor')", "42.55|round(1, 'ceil')", "42.55|round(method='ceil')", "2.5|round", "3.5|round", "-2.5|round", "0.5|round", "1.005|round(2)", "2.675|round(2)", "1234|round(-2)", "1250|round(-2)", "1350|round(-2)", "1234.5|round(-2)", "42|round", "42|round(1, 'floor')",
        "42.55|round(1, 'x')", "'a'|round", "true|round", "1e300|round(2)", "1e-10|round(5)", "42.1|round(precision=none)", "5.015|round(2)", "0.1|round(20)", "9.99|round(1)", "99.95|round(1)", "html|safe", "(html|safe) ~ ''", "5|safe",
        "seq|select('odd')|list", "seq|select('divisibleby', 2)|list", "seq|select('>', 2)|list", "[0, 1, '']|select|list", "seq|select('notest')|list", "[]|select('notest')|list", "users|selectattr('active')|map(attribute='name')|list", "users|selectattr('age', 'gt', 30)|map(attribute='name')|list", "users|selectattr('name', 'in', ['Bob'])|map(attribute='name')|list",
        "users|selectattr('zz', 'defined')|list", "users|selectattr('address.zip', '==', 1)|map(attribute='name')|list", "users|selectattr|list", "[[0, 1], [1, 0]]|selectattr(0)|list", "seq|slice(2)|list", "seq|slice(3, 'x')|list", "seq|slice(7)|list", "[]|slice(2)|list", "seq|slice(0)|list", "seq|slice(-1)|list",
        "['b', 'A', 'c']|sort", "['b', 'A', 'c']|sort(case_sensitive=true)", "seq|sort(reverse=true)", "users|sort(attribute='name')|map(attribute='name')|list", "users|sort(attribute='age,name')|map(attribute='name')|list", "users|sort(attribute='age', reverse=true)|map(attribute='name')|list", "[1, 'a']|sort", "mapping|sort", "'hello'|sort", "[[2, 1], [1, 2]]|sort(attribute=1)", "[(1, 'b'), (1, 'a')]|sort", "users|sort(attribute='address.zip')|map(attribute='name')|join(' ')", "[none, 1]|sort", "[true, 0, 2]|sort",
        "5|string", "none|string", "[1]|string", "(html|e)|string", "html|striptags", "'<p>a</p>  <!-- c --> b &amp; c'|striptags", "'a < b'|striptags", "'<<b>a'|striptags", "seq|sum", "[]|sum", "[1.5, 2]|sum", "seq|sum(start=10)", "users|sum(attribute='age')", "users|sum('age')", "['a']|sum", "[[1], [2]]|sum(start=[])", "['a']|sum(start='')",
        "'hello wORLD-foo (bar) [baz]'|title", "\"it's a test\"|title", "'a<b {c'|title", "''|title", "mapping|tojson", "html|tojson", "[1, 2.5, none, true, 'é', '€', '😀']|tojson", "mapping|tojson(2)", "mapping|tojson(indent=4)", "[]|tojson(2)", "{}|tojson", "[[], {}]|tojson(2)", "missing|tojson", "(1, 2)|tojson", "{1: 2, 3: 4}|tojson", "{'b': 1, 'a': 2}|tojson", "{none: 1}|tojson", "{1: 1, 'a': 2}|tojson", "range(3)|tojson", "'\\x00\\x1f\\x7f\"\\\\'|tojson", "1e400|tojson", "1e20|tojson", "2 ** 70|tojson", "{true: 1}|tojson", "'a\\u2028b'|tojson",
        "'  x '|trim", "'xxaxx'|trim('x')", "5|trim", "'\\n a \\t'|trim ~ '|'", "'foo bar baz qux'|truncate(9)", "'foo bar baz qux'|truncate(9, true)", "'foo bar baz qux'|truncate(11)", "'foo bar baz qux'|truncate(11, false, '...', 0)", "'foo bar baz qux'|truncate(2)", "'foobarbazqux'|truncate(5)", "'foobarbazqux'|truncate(5, end='')", "('a' * 300)|truncate", "5|truncate", "'foo bar'|truncate(5, leeway=-1)",
        "['foo', 'bar', 'foobar', 'FooBar', 'Foo']|unique|list", "['a', 'A']|unique(true)|list", "users|unique(attribute='age')|map(attribute='name')|list", "[1, 1.0, true, 2]|unique|list", "[[1]]|unique|list", "'hello'|unique|join", "'a b/c?d=e&f'|urlencode", "{'a': 1, 'b c': 'd&e/f'}|urlencode", "[('a', 1), ('b', 2)]|urlencode", "'ä€'|urlencode", "5|urlencode", "[1]|urlencode",
        "'one two, three_four five-six'|wordcount", "''|wordcount", "'äö ü'|wordcount", "'the quick brown fox'|wordwrap(10)", "'the quick brown fox'|wordwrap(10, wrapstring='|')", "'abcdefghijkl mno'|wordwrap(5)", "'abcdefghijkl mno'|wordwrap(5, false)", "'a well-known thing'|wordwrap(8)", "'a well-known thing'|wordwrap(8, break_on_hyphens=false)", "'line one\\nline two here'|wordwrap(6)", "'a  b   c'|wordwrap(3)", "'x'|wordwrap(0)", "'foo--bar baz'|wordwrap(5)", "'super-long-hyphenated-word'|wordwrap(12)", "'  lead'|wordwrap(4)", "'e-mail a-b x'|wordwrap(3)", "''|wordwrap(5)", "'aaa\\n\\nbbb'|wordwrap(5)",
        "{'class': 'a b', 'id': none, 'x': '<'}|xmlattr", "{'a': 1}|xmlattr(false)", "{'a b': 1}|xmlattr", "{}|xmlattr", "{'a': missing}|xmlattr", "seq|first|string|length", "text|upper|lower|title", "text|lower|replace('o', '0')|center(20)", "text | upper", "text|upper()", "text|upper(1)", "text|nofilter", "text|center(width=20)", "text|center(nope=20)", "(1, 2)|first", "text|first|upper", "-1|abs", "2 + 3|abs", "-3|abs + 1", "'a' ~ 'b'|upper", "seq|random in seq", "[]|random", "seq|sum / seq|length", "(seq|sum) / (seq|length)", "seq|length > 3",
    )


def filter_blocks():
    return [
        "{% filter upper %}hello {{ text }}{% endfilter %}", "{% filter trim|upper %}  x {% endfilter %}|", "{% filter replace('a', 'b') %}banana{% endfilter %}",
        "{% filter indent(2, true) %}a\nb{% endfilter %}", "{% filter upper %}{% for x in seq %}{{ x }}a{% endfor %}{% endfilter %}", "{% filter nofilter %}{% endfilter %}",
        "{% filter upper %}{% filter lower %}ABC{% endfilter %}x{% endfilter %}", "{% filter upper %}{% set y = 1 %}{{ y }}{% endfilter %}{{ y }}", "{% set n = 3 %}{% filter center(n * 3) %}x{% endfilter %}|",
        "{% filter e %}<{% endfilter %}", "{% filter length %}12345{% endfilter %}", "{% filter list %}ab{% endfilter %}", "{% for x in [1, 2] %}{% filter string %}{{ loop.index }}{% endfilter %}{% endfor %}",
    ]


def tests():
    return e(
        "num is boolean", "true is boolean", "text.upper is callable", "num is callable", "missing is callable", "range is callable", "num is defined", "missing is defined", "mapping.zz is defined", "missing is not defined",
        "21 is divisibleby 7", "21 is divisibleby(4)", "21 is divisibleby 0", "1 is eq 1", "1 is equalto 2", "1 is == 1", "html is escaped", "(html|e) is escaped", "4 is even", "3 is even", "'a' is even", "false is false", "0 is false", "'upper' is filter", "'nope' is filter",
        "1.0 is float", "1 is float", "2 is ge 1", "2 is gt 1", "2 is greaterthan(3)", "1 is in [1, 2]", "1 is not in [1, 2]", "'a' is in 'abc'", "1 is integer", "true is integer", "2 ** 70 is integer", "seq is iterable", "num is iterable", "text is iterable", "missing is iterable", "1 is le 1", "1 is lt 1", "1 is lessthan 2",
        "'abc' is lower", "'Abc' is lower", "'123' is lower", "mapping is mapping", "seq is mapping", "1 is ne 2", "none is none", "none_value is none", "missing is none", "1 is number", "1.5 is number", "true is number", "'1' is number", "3 is odd", "4 is odd", "2.5 is odd", "none is sameas none", "true is sameas true", "1 is sameas true", "seq is sameas seq", "[] is sameas []",
        "seq is sequence", "text is sequence", "mapping is sequence", "num is sequence", "range(3) is sequence", "missing is sequence", "text is string", "num is string", "(html|e) is string", "'odd' is test", "'zz' is test", "true is true", "1 is true", "missing is undefined", "num is undefined", "'ABC' is upper", "'ABc' is upper", "5 is upper",
        "num is not number", "num is number and text is string", "num is number or missing.x", "not num is number", "num is defined and num > 41", "missing is defined or 'fallback'", "seq[0] is odd", "seq|length is odd", "num + 1 is odd", "(num + 1) is odd", "num is divisibleby 2 and num is divisibleby 3", "text is in ['Hello World']", "num is eq(42)", "num is defined()", "num is defined(1)", "num is nosuch",
        "num is gt 41 if true else 0", "[1 is odd, 2 is odd]", "num is sameas num", "1 is odd == true", "none is defined", "mapping.b is defined", "users[7] is defined", "text.x is defined", "[1] is eq [1]", "1 is eq 1.0", "'a' is eq 'a' ~ 'b'", "seq|map('abs') is iterable", "seq|map('abs') is sequence", "mapping.items() is sequence", "1 is in(seq)", "loop is defined", "self is defined", "'x' is not string", "true is not true", "namespace is callable",
        "dict is mapping", "{} is mapping", "(1,) is sequence", "() is iterable", "'' is lower", "num is ne 42", "2 is !=(3)", "num is > 3",
    ) + ["{% if num is defined %}a{% endif %}", "{% if num is not defined %}a{% else %}b{% endif %}", "{% if x is nosuch %}{% endif %}", "{% if false and (x is nosuch) %}a{% else %}b{% endif %}", "{% if true %}{{ x|nosuch }}{% endif %}",
         "{% if 'nosuch' is filter %}{{ x|nosuch }}{% else %}no{% endif %}", "{{ (x|nosuch) if 'nosuch' is filter else 'no' }}", "{% if false %}{% for y in seq %}{{ y|nosuch }}{% endfor %}{% endif %}"]


def whitespace():
    t = ["<div>\n    {% if true %}\n        yay\n    {% endif %}\n</div>\n", "{% for x in seq -%}\n    {{ x }}\n{%- endfor %}", "a\n  {%- if true -%}\n b\n  {%- endif -%}\n c", "  {{ num }}  \n  {# c #}\n  x\n", "{% if true +%}\n x{% endif %}",
         "  {%+ if true %}x{%+ endif %}\n", "{%- if true %}a{% endif -%}  \n\n b", "x\n{# comment #}\ny\n", "x {#- comment -#} y", "  {% set a = 1 %}\n{{ a }}", "\n\n{% if true %}\n\na\n\n{% endif %}\n\n", "a {%- raw %} {{ x }} {% endraw -%} b", "{% raw -%}  x  {%- endraw %}|",
         "  {% raw %}\n  x\n  {% endraw %}\n y", "{{- num -}}", " {{- num -}} ", "\t{% if 1 %}\tx\n\t{% endif %}y", "a{% if 1 %}\n{% endif %}b", "{{ 1 -}}\n\n{{- 2 }}", "a  \n   {#+ c #}  \nb", "{% if 1 -%}\n\n  {%- endif %}|", "\u00a0{%- if 1 %}\u2003 {%- endif %}|", "text   {%- set x = 1 -%}   text"]
    return (t + with_settings({"trim_blocks": True}, *t) + with_settings({"lstrip_blocks": True}, *t) + with_settings({"trim_blocks": True, "lstrip_blocks": True}, *t)
            + with_settings({"keep_trailing_newline": True}, "a\n", "a\n\n", "{{ num }}\n", "\n", "a\r\n"))


def raw_and_comments():
    return ["{% raw %}{{ x }}{% if %}{% endraw %}", "{% raw %}{% endraw %}", "{%raw%}a{%endraw%}", "{% raw %}{% raw %}{% endraw %}", "{% raw %}{# c #}{% endraw %}", "a{# {{ x }} {% if %} #}b", "{# a #}{# b #}", "a{#- x -#}b", "{#\nmulti\nline\n#}x", "{# a {# b #} c #}",
            "{{ '{#' }}", "{% raw %}\n{{ x }}\n{% endraw %}", "{{ '{% raw %}' }}", "${var} {$x} %{y}", "{ { x } }", "{%raw%}{{'a'}}{%-endraw%}", "kernel ${base}/vmlinuz {{ num }}", "# not a comment {{ num }}", "{# #}#}", "{##}x"]


def line_statements():
    s = {"line_statement_prefix": "#", "line_comment_prefix": "##"}
    return with_settings(s, "# for x in seq\n{{ x }}\n# endfor\n", "# for x in seq:\n  * {{ x }}\n# endfor", "## comment\ntext\n", "text ## comment\nmore", "# if true\na ## c\n# else\nb\n# endif\n", "  # set a = 5\n{{ a }}", "# for x in [1,\n  2]\n{{ x }}\n# endfor",
                         "# if true\n\n\nx\n# endif", "no # statement here\n", "# set x = 3", "#- if true\nx\n# endif", "# for x in seq\n# if x is odd\n{{ x }}\n# endif\n# endfor", "a\n# raw\nb", "{{ 1 }} ## c\n{{ 2 }}", "# macro m(a)\n<{{ a }}>\n# endmacro\n{{ m(1) }}") + with_settings(
        {"line_statement_prefix": "%"}, "% for x in seq:\n{{ x }}\n% endfor\n", "  % if true\nx\n  % endif\ny", "100% sure\n", "% unknown\n") + with_settings(
        {"line_statement_prefix": "%", "line_comment_prefix": "%%", "trim_blocks": True, "lstrip_blocks": True}, "%% c\n% if 1\n x {# y #}\n% endif\n{% if 1 %}\nz\n{% endif %}\n") + with_settings(
        {"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<", "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>"}, "<% if true %><< num >><% endif %><# c #>{{ x }}", "<%- for x in seq -%> << x >> <%- endfor %>",
        "<% raw %><< x >><% endraw %>", "<< 1 < 2 >>") + with_settings({"variable_start_string": "${", "variable_end_string": "}"}, "${num} ${ {'a': 1}['a'] } {{ x }}", "${text|upper}")


def loops():
    return [
        "{% for x in seq %}{{ x }}{% endfor %}", "{% for x in empty %}{{ x }}{% else %}none{% endfor %}", "{% for x in seq %}{{ x }}{% else %}none{% endfor %}", "{% for k, v in mapping.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in mapping %}{{ k }}{% endfor %}",
        "{% for x in seq %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }},{% endfor %}", "{% for x in seq %}{{ loop.cycle('odd', 'even') }} {% endfor %}", "{% for x in seq %}{{ loop.previtem }}-{{ loop.nextitem }},{% endfor %}",
        "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }}{% endfor %}", "{% for x in seq %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}", "{% for x in seq if x is odd %}{{ x }}{{ loop.index }}/{{ loop.length }}{{ loop.last }} {% endfor %}", "{% for x in seq if x > 10 %}{{ x }}{% else %}none{% endfor %}",
        "{% for u in users if u.active %}{{ u.name }}{% endfor %}", "{% for x in seq %}{% for y in [1, 2] %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}", "{% for x in seq %}{% set outer = loop %}{% for y in 'ab' %}{{ outer.index }}{{ y }}{% endfor %} {% endfor %}", "{% for (a, b) in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}",
        "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% for a, b in [(1,)] %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{% for a, b in ['xy'] %}{{ a }}{{ b }}{% endfor %}", "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for x in missing %}{{ x }}{% else %}e{% endfor %}", "{% for x in none_value %}{% endfor %}",
        "{% for x in num %}{% endfor %}", "{% for c in 'añ€' %}{{ c }},{% endfor %}", "{% for x in range(3) %}{{ x }}{% endfor %}", "{% for x in range(10, 0, -3) %}{{ x }} {% endfor %}", "{% for x in (1, 2) %}{{ x }}{% endfor %}", "{% for x in 1, 2 %}{{ x }}{% endfor %}", "{% for x in seq|reverse %}{{ x }}{{ loop.length }}{% endfor %}",
        "{% for x in seq|map('string') %}{{ loop.revindex }}{{ x }} {% endfor %}", "{% for x in seq %}{% if loop.first %}[{% endif %}{{ x }}{% if not loop.last %}, {% else %}]{% endif %}{% endfor %}", "{% set x = 9 %}{% for x in seq %}{{ x }}{% endfor %}{{ x }}", "{% set t = 0 %}{% for x in seq %}{% set t = t + x %}{{ t }} {% endfor %}{{ t }}",
        "{% for x in seq %}{% set y = x %}{% endfor %}{{ y }}", "{% for x in seq %}{{ y }}{% set y = x %}{{ y }} {% endfor %}", "{% for x in seq %}{{ loop }}{% endfor %}", "{{ loop }}", "{% for x in seq %}{{ loop.nothing }}{% endfor %}", "{% for x in seq %}{{ loop(1) }}{% endfor %}", "{% for x in seq %}{{ loop.cycle() }}{% endfor %}",
        "{% for i in tree recursive %}[{{ i.n }}{{ loop(i.c) if i.c }}]{% endfor %}", "{% for i in tree recursive %}{{ loop.depth }}{{ loop.index }}{{ i.n }} {% if i.c %}{{ loop(i.c) }}{% endif %}{% endfor %}", "{% for i in tree recursive %}{{ i.n }}{% if i.c %}({{ loop(i.c) }}){% endif %}{% else %}empty{% endfor %}",
        "{% for i in tree recursive %}{% set outer = loop %}{{ loop.first }}{{ loop.last }}{{ loop(i.c) if i.c }}{% endfor %}", "{% for x in [3] recursive %}{{ x }}{% if x %}{{ loop([x - 1]) }}{% endif %}{% endfor %}", "{% for x in seq if x is odd recursive %}{{ x }}{% endfor %}", "{% for x in seq if loop.index > 1 %}{{ x }}{% endfor %}",
        "{% for x in seq %}{% if x == 2 %}{% for y in [1] %}{{ x }}{{ y }}{% endfor %}{% endif %}{% endfor %}", "{% for x in seq if x > limit %}{{ x }}{% endfor %}", "{% set limit = 2 %}{% for x in seq if x > limit %}{{ x }}{% endfor %}", "{% for x in seq %}{% with y = x * 2 %}{{ y }}{% endwith %}{% endfor %}", "{% for x in seq[:2] %}{% for x in 'ab' %}{{ x }}{% endfor %}{{ x }}{% endfor %}",
        "{% for item in mapping.items() %}{{ item }}{{ item[0] }}{% endfor %}", "{% for k, v in mapping|dictsort %}{{ k }}:{{ v }} {% endfor %}", "{% for row in seq|batch(2) %}{{ row }}{% endfor %}", "{% for g in users|groupby('city') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|join('+') }} {% endfor %}", "{% for city, us in users|groupby('city') %}{{ city }}{{ us|length }}{% endfor %}",
        "{% for x in seq %}{{ x }}{% if loop.last %}!{% endif %}{% endfor %}", "{% for x in [1,2,3] if x != 2 %}{{ loop.previtem|default('-') }}{{ x }}{{ loop.nextitem|default('-') }} {% endfor %}", "{% for x in [none, missing, 1] %}{{ x }},{% endfor %}", "{% for x in seq %}\n{{ x }}\n{% endfor %}", "{% for x in [] %}{% else %}{% set z = 1 %}{{ z }}{% endfor %}{{ z }}", "{% for x in range(0) %}a{% else %}b{% endfor %}",
        "{% for user in users %}{% if user.active %}{{ user.name }}{% elif user.age < 30 %}young{% else %}old{% endif %} {% endfor %}", "{% for x in seq %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}", "{% for _ in range(3) %}*{% endfor %}", "{% for x in seq %}{{ loop.length - loop.index }}{% endfor %}", "{% for x in {'a': 1}.values() %}{{ x }}{{ loop.length }}{% endfor %}",
    ]


def loop_controls():
    s = {"extensions": ["loopcontrols"]}
    return with_settings(s, "{% for x in seq %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}", "{% for x in seq %}{% if x is odd %}{% continue %}{% endif %}{{ x }}{% endfor %}", "{% for x in seq %}{% for y in seq %}{% if y > x %}{% break %}{% endif %}{{ y }}{% endfor %};{% endfor %}", "{% for x in seq %}{% break %}{% else %}e{% endfor %}",
                         "{% for x in seq %}{% if loop.index > 2 %}{% break %}{% endif %}{{ loop.index }}{% endfor %}", "{% for x in seq %}{% continue %}{% else %}e{% endfor %}", "{% break %}", "{% for x in seq %}{% with %}{% break %}{% endwith %}{% endfor %}x", "{% for x in seq if x > 1 %}{% if x == 4 %}{% break %}{% endif %}{{ x }}{% endfor %}") + with_settings(
        {"extensions": ["do"]}, "{% set l = [] %}{% do l.append(1) %}{{ l }}", "{% do missing %}x", "{% do 1 / 0 %}", "{% for x in seq %}{% do mapping.update({x: x}) %}{% endfor %}{{ mapping }}", "{% do %}", "{% do 1, 2 %}x")


def conditions():
    return ["{% if num %}a{% endif %}", "{% if not num %}a{% endif %}b", "{% if off %}a{% elif num %}b{% else %}c{% endif %}", "{% if off %}a{% elif off %}b{% elif flag %}c{% elif 1/0 %}d{% endif %}", "{% if 1 == 1 and 2 > 1 %}a{% endif %}", "{% if missing %}a{% else %}b{% endif %}", "{% if seq and seq[0] == 1 %}a{% endif %}",
            "{% if text == 'Hello World' %}\n  yes\n{% endif %}\n", "{% if '' %}a{% endif %}{% if ' ' %}b{% endif %}{% if [] %}c{% endif %}{% if [0] %}d{% endif %}{% if 0.0 %}e{% endif %}{% if {} %}f{% endif %}", "{% if seq|map('abs') %}g{% endif %}", "{% if range(0) %}a{% else %}b{% endif %}", "{% if x is defined and x.y == 1 %}a{% else %}b{% endif %}",
            "{% if num > 40: %}a{% endif %}", "{% if 1, 2 %}a{% endif %}", "{% if flag %}{% set y = 1 %}{% else %}{% set y = 2 %}{% endif %}{{ y }}", "{% if off %}{% set y = 1 %}{% endif %}{{ y }}", "{% set y = 0 %}{% if off %}{% set y = 1 %}{% endif %}{{ y }}", "{% if flag %}{% if off %}a{% else %}b{% endif %}{% endif %}", "{{ 'a' if flag }}{{ 'b' if off }}",
            "{% for x in seq %}{% if x == 1 %}{% set z = 'one' %}{% elif x == 2 %}{% set z = 'two' %}{% endif %}{{ z }},{% endfor %}", "{% if num %}{% set num = 1 %}{% endif %}{{ num }}", "{% if off %}{% set num = 1 %}{% endif %}{{ num }}", "{% for x in seq %}{% if off %}{% set num = x %}{% endif %}{{ num }}{% endfor %}",
            "{% if namespace().x %}a{% else %}b{% endif %}", "{% if (flag and off) or num %}a{% endif %}", "{% if flag -%} a {%- endif %}", "{% if num is even and not off %}a{% endif %}"]


def macros():
    return [
        "{% macro m(a, b='x', c=3) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(1, c=5) }}{{ m(b=2, a=1) }}", "{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{{ m(1) }}", "{% macro m() %}x{% endmacro %}{{ m(z=1) }}", "{% macro m() %}{{ varargs }}{% endmacro %}{{ m(1, 2) }}",
        "{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(a=1) }}", "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, b=3) }}", "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}", "{% macro m(a, b=a ~ '!') %}{{ b }}{% endmacro %}{{ m('x') }}{{ m('x', 'y') }}", "{% macro m(a, b) %}x{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{{ m.caller }}{% call m() %}body{% endcall %}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}", "{% macro m(u) %}{{ caller(u) }}{% endmacro %}{% call(x) m(5) %}<{{ x }}>{% endcall %}", "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b=9) m() %}{{ a }}{{ b }}{% endcall %}",
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}{% set v = 1 %}{% call m() %}{{ v }}{% endcall %}", "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}", "{% macro fact(n) %}{{ 1 if n < 2 else n * fact(n - 1)|int }}{% endmacro %}{{ fact(5) }}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
        "{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}", "{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}", "{% macro m(x) %}{% set x = x + 1 %}{{ x }}{% endmacro %}{{ m(1) }}", "{% macro m() %}{{ num }}{% endmacro %}{{ m() }}", "{{ m() }}{% macro m() %}x{% endmacro %}", "{% macro outer() %}{% macro inner() %}i{% endmacro %}{{ inner() }}{% endmacro %}{{ outer() }}",
        "{% macro m(a) -%}\n  {{ a }}\n{%- endmacro %}[{{ m(1) }}]", "{% macro m() %}{% endmacro %}{{ m() == '' }}{{ m()|length }}", "{{ m }}{% macro m() %}{% endmacro %}{{ m }}", "{% macro m(*args) %}{% endmacro %}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(*[7]) }}{{ m(**{'a': 8}) }}", "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1], **{'b': 2}) }}{{ m(1, 2, 3) }}",
        "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(1, a=2) }}", "{% macro input(name, value='', type='text', size=20) -%}<input type=\"{{ type }}\" name=\"{{ name }}\" value=\"{{ value|e }}\" size=\"{{ size }}\">{%- endmacro %}{{ input('username') }}\n{{ input('password', type='password') }}",
        "{% macro render_dialog(title, class='dialog') -%}<div class=\"{{ class }}\"><h2>{{ title }}</h2>{{ caller() }}</div>{%- endmacro %}{% call render_dialog('Hello') %}content{% endcall %}", "{% macro dump(users) -%}<ul>{%- for user in users %}<li>{{ user.name|e }}{{ caller(user) }}</li>{%- endfor %}</ul>{%- endmacro %}{% call(user) dump(users) %}{{ user.age }}{% endcall %}",
        "{% macro m(caller=none) %}{{ caller }}{% endmacro %}{{ m() }}", "{% macro m(caller) %}{{ caller() }}{% endmacro %}", "{% macro m() %}{{ varargs|join('-') }}{{ varargs|length }}{% endmacro %}{{ m(1, 2, 3) }}", "{% for x in seq %}{% macro m(y) %}{{ x * y }}{% endmacro %}{{ m(2) }} {% endfor %}", "{% macro m(x) %}{% if x %}{{ x }}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
        "{% macro m() %}{% for x in seq %}{{ loop.index }}{% endfor %}{% endmacro %}{{ m() }}", "{% set ns = namespace(f=none) %}{% macro m() %}called{% endmacro %}{% set ns.f = m %}{{ ns.f() }}", "{% set d = {'m': 1} %}{% macro m() %}x{% endmacro %}{% set d = {'m': m} %}{{ d.m() }}", "{{ [1]|map('m')|list }}", "{% macro m(a=[]) %}{{ a.append(1) or a }}{% endmacro %}{{ m() }}{{ m() }}", "{% macro m(a) %}{{ a is defined }}{{ a }}{% endmacro %}{{ m(missing) }}",
        "{% macro _p() %}x{% endmacro %}{{ _p() }}", "{% macro m() %}{{ self }}{% endmacro %}{{ m()|length > 0 }}", "{% macro m(a) %}{% set ns = namespace(n=a) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}{{ m(1) }}", "{% macro upper(x) %}{{ x|upper }}!{% endmacro %}{{ upper('a') }}{{ 'b'|upper }}", "{% call missing() %}{% endcall %}", "{% macro m(a,) %}{{ a }}{% endmacro %}{{ m(1,) }}", "{% macro m() %}{% raw %}{{ x }}{% endraw %}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ n }}{{ caller() if caller }}{% endmacro %}{% call m(1) %}a{% call m(2) %}b{% endcall %}{% endcall %}", "{% macro m(x) %}{% macro n(y) %}{{ x }}{{ y }}{% endmacro %}{{ n(x + 1) }}{% endmacro %}{{ m(1) }}{{ m(5) }}",
    ]


def assignments():
    return [
        "{% set x = 5 %}{{ x }}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set (x, y) = (1, 2) %}{{ x }}{{ y }}", "{% set x = 1, 2 %}{{ x }}", "{% set x, y = 5 %}", "{% set x, y = [1] %}", "{% set x, y, z = 'abc' %}{{ z }}{{ y }}{{ x }}", "{% set x %}block {{ num }}{% endset %}{{ x }}|{{ x|length }}", "{% set x | upper %}abc{% endset %}{{ x }}",
        "{% set x | trim | upper %} abc {% endset %}{{ x }}|", "{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y }}", "{% set key, value = ('a', 1) %}{{ key }}={{ value }}", "{% set x = x|default(3) %}{{ x }}", "{% set num = num + 1 %}{{ num }}", "{{ num }}{% set num = 1 %}{{ num }}", "{% set ns = namespace(a=1, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns.c }}",
        "{% set ns = namespace(found=false) %}{% for x in seq %}{% if x == 3 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}", "{% set ns = namespace({'a': 1}, b=2) %}{{ ns }}", "{% set ns = namespace() %}{% set ns.x %}abc{% endset %}{{ ns.x }}", "{% set ns = namespace(t=0) %}{% for x in seq %}{% set ns.t = ns.t + x %}{% endfor %}{{ ns.t }}", "{% set d = {} %}{% set d.x = 1 %}",
        "{% set missing.x = 1 %}", "{% set ns = namespace() %}{{ ns.missing }}{{ ns['missing'] }}{{ ns.x is defined }}", "{% set ns = namespace(a=1) %}{% set ns.a, ns.b = 5, 6 %}{{ ns.a }}{{ ns.b }}", "{% set x = [1, 2, 3] %}{{ x[1] }}", "{% set x = {'a': {'b': 'c'}} %}{{ x.a.b }}", "{% set a = b = 1 %}", "{% set x = 1 if off else 2 %}{{ x }}", "{% set x = 'a' if flag %}{{ x }}",
        "{% set x = missing %}{{ x is defined }}", "{% set _x = 1 %}{{ _x }}", "{% set x = seq|map('string')|list %}{{ x }}", "{% set x = true %}{% set y = not x %}{{ y }}", "{% set x %}{% endset %}[{{ x }}]", "{% set x %}\n  a\n{% endset %}{{ x }}", "{% set x = namespace %}{{ x(a=1).a }}", "{% set ns = namespace(l=[]) %}{% for x in seq %}{% set ns.l = ns.l + [x] %}{% endfor %}{{ ns.l }}",
        "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x }}", "{% with x = 1 %}{{ x }}{% endwith %}{{ x }}", "{% with x = 1, y = 2 %}{{ x }}{{ y }}{% endwith %}", "{% with a = 1, b = a %}{{ b }}{% endwith %}", "{% set a = 7 %}{% with a = 1, b = a %}{{ b }}{% endwith %}{{ a }}", "{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}", "{% with x = num %}{% with x = x + 1 %}{{ x }}{% endwith %}{{ x }}{% endwith %}{{ x }}",
        "{% with x = 5 %}{% for i in [1] %}{{ x }}{{ i }}{% endfor %}{% endwith %}", "{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}", "{% set x = 'a' ~ 'b' %}{{ x * 2 }}", "{% set x | replace('a', 'b') %}aaa{% endset %}{{ x }}",
        "{% set items = [] %}{% for x in seq %}{{ items.append(x) or '' }}{% endfor %}{{ items|length }}", "{% set a %}1{% endset %}{% set b %}{{ a }}2{% endset %}{{ b }}", "{% set x = (1) %}{{ x }}", "{% set x = (1,) %}{{ x }}", "{% set x=1%}{{x}}", "{% set\n x\n =\n 1 %}{{ x }}", "{% for i in [1, 2] %}{% set x = i %}{% for j in [1] %}{{ x }}{% set x = 9 %}{{ x }}{% endfor %}{{ x }}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% macro m() %}{% set ns.x = 2 %}{% endmacro %}{{ m() }}{{ ns.x }}", "{% set ns = namespace(n=3) %}{{ ns.items }}", "{% set ns = namespace(1) %}", "{% set ns = namespace([('a', 1)]) %}{{ ns.a }}",
    ]


LAYOUT = "<title>{% block title %}Base{% endblock %}</title>{% block body %}{% endblock %}|{% block footer %}f{% endblock footer %}"


def inheritance():
    base = {"base.html": LAYOUT, "mid.html": "{% extends 'base.html' %}{% block title %}Mid {{ super() }}{% endblock %}{% block body %}mid body{% endblock %}",
            "scoped.html": "{% for x in seq %}{% block item scoped %}{{ x }}{% endblock %}{% endfor %}", "unscoped.html": "{% for x in seq %}{% block item %}{{ x }}{% endblock %}{% endfor %}",
            "required.html": "{% block must required %}{% endblock %}", "self.html": "{% block a %}A{% endblock %}{{ self.a() }}", "circle.html": "{% extends 'circle.html' %}"}
    t = ["{% extends 'base.html' %}", "{% extends 'base.html' %}{% block title %}Child{% endblock %}", "{% extends 'base.html' %}ignored{% block body %}B{{ super() }}{% endblock %}ignored", "{% extends 'mid.html' %}{% block title %}Child {{ super() }}{% endblock %}", "{% extends 'mid.html' %}{% block body %}{{ super() }}!{% endblock %}",
         "{% extends 'mid.html' %}{% block title %}{{ super.super() }}{% endblock %}", "{% extends 'base.html' %}{% block title %}{{ super.super() }}{% endblock %}", "{% extends 'base.html' %}{% set x = 5 %}{% block body %}{{ x }}{% endblock %}", "{% extends 'base.html' %}{% macro m() %}macro{% endmacro %}{% block body %}{{ m() }}{% endblock %}", "{% extends 'nowhere.html' %}",
         "{% extends layout %}", "{% extends missing_name %}", "{% set l = 'base.html' %}{% extends l %}{% block title %}T{% endblock %}", "before{% extends 'base.html' %}after", "{% if flag %}{% extends 'base.html' %}{% endif %}x{% block title %}c{% endblock %}", "{% if off %}{% extends 'base.html' %}{% endif %}x{% block title %}c{% endblock %}",
         "{% extends 'base.html' %}{% extends 'mid.html' %}", "{% for x in seq %}{% extends 'base.html' %}{% endfor %}", "{% block a %}1{% endblock %}{{ self.a() }}{{ self.a() }}", "{% extends 'base.html' %}{% block body %}{{ self.title() }}{% endblock %}", "{% extends 'self.html' %}{% block a %}B{% endblock %}", "{{ self.nope() }}", "{{ self.nope is defined }}",
         "{% extends 'scoped.html' %}{% block item %}[{{ x }}{{ super() }}]{% endblock %}", "{% extends 'unscoped.html' %}{% block item %}[{{ x }}]{% endblock %}", "{% extends 'required.html' %}", "{% extends 'required.html' %}{% block must %}ok{% endblock %}", "{% block must required %}{% endblock %}", "{% block a %}{% block b %}inner{% endblock %}{% endblock %}",
         "{% extends 'base.html' %}{% block body %}{% block inner %}i{% endblock %}{% endblock %}", "{% extends 'base.html' %}{% block title %}{% for x in seq %}{{ loop.index }}{% endfor %}{% endblock %}", "{% extends 'base.html' %}{% block nobody %}never{% endblock %}", "{% extends 'base.html' %}{% block title %}{% set y = 2 %}{{ y }}{% endblock %}{% block body %}{{ y }}{% endblock %}",
         "{% block a %}{{ super() }}{% endblock %}", "{% block a %}{{ super is defined }}{% endblock %}", "{% set z = 1 %}{% block a %}{{ z }}{% set z = 2 %}{{ z }}{% endblock %}{{ z }}", "{% for x in seq %}{% block a scoped %}{{ loop.index }}{{ x }}{% endblock %}{% endfor %}", "{% for x in seq %}{% block a %}{{ x }}{% endblock %}{% endfor %}", "{% with q = 1 %}{% block a scoped %}{{ q }}{% endblock %}{% endwith %}",
         "{% extends 'base.html' %}{% include 'self.html' %}", "{% extends 'base.html' %}{% filter upper %}x{% endfilter %}", "{% extends 'base.html' %}{{ num }}{% if flag %}x{{ num }}{% endif %}{% for x in seq %}{{ x }}{% endfor %}", "{% extends ['nowhere.html', 'base.html'] %}", "{% block a %}{{ num }}{% endblock a %}", "{% block a %}x{% endblock %}{% if flag %}{% block b %}y{% endblock %}{% endif %}",
         "{% extends 'base.html' %}{% block title -%}  x  {%- endblock %}", "{% extends 'base.html' %}{% block body %}{{ caller }}{{ self }}{% endblock %}", "{% extends 'base.html' %}{% if flag %}{% block body %}in if{% endblock %}{% endif %}", "{% extends 'base.html' %}{% import 'lib.html' as lib %}{% block body %}{{ lib }}{% endblock %}",
         "{% macro m() %}{% block inm %}b{% endblock %}{% endmacro %}{{ m() }}", "{% extends 'base.html' %}{% block title %}{{ title_text|default('none') }}{% endblock %}"]
    return [files(base, x, context=dict(USERS, layout="base.html")) for x in t]


def includes():
    base = {"header": "H{{ num }}", "show": "[{{ x }}]", "setter": "{% set inside = 1 %}{{ inside }}", "lib": "{% macro m(a='d') %}<{{ a }}>{% endmacro %}{% set v = 5 %}{% set _hidden = 6 %}body", "ctx": "{% macro show() %}{{ num }}{% endmacro %}{{ num }}", "loop": "{{ loop.index }}", "bad": "{% if %}", "deep": "{% include 'show' %}",
            "self": "{% include 'self' %}", "blocky": "{% block b %}inc{% endblock %}", "err": "\n\n{{ 1/0 }}", "child": "{% extends 'blocky' %}{% block b %}child{{ super() }}{% endblock %}", "chain": "{% from 'lib' import m %}{{ m('chain') }}", "reexp": "{% import 'lib' as lib %}{% set w = 1 %}", "counter": "{% set ns = namespace(n=0) %}{% macro bump() %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}", "trail": "x\n", "trail2": "x\n\n"}
    t = ["{% include 'header' %}", "{% include 'header' without context %}", "{% include 'header' with context %}", "{% set x = 1 %}{% include 'show' %}", "{% for x in seq %}{% include 'show' %}{% endfor %}", "{% for x in seq %}{% include 'loop' %}{% endfor %}", "{% for x in seq %}{{ loop.index }}{% include 'loop' %}{% endfor %}", "{% include 'setter' %}{{ inside }}", "{% include 'nowhere' %}", "{% include 'nowhere' ignore missing %}x",
         "{% include 'nowhere' ignore missing with context %}x", "{% include ['nowhere', 'header'] %}", "{% include ['nowhere', 'nada'] %}", "{% include ['nowhere'] ignore missing %}x", "{% include [] %}", "{% include missing %}", "{% include 5 %}", "{% include 'bad' %}", "{% include 'bad' ignore missing %}", "{% include 'err' ignore missing %}", "{% include 'hea' ~ 'der' %}", "{% macro mm(x) %}{% include 'show' %}{% endmacro %}{{ mm(3) }}", "{% with x = 9 %}{% include 'deep' %}{% endwith %}",
         "{% include 'self' %}", "{% include 'blocky' %}", "{% include 'child' %}", "{% include 'trail' %}|{% include 'trail2' %}|", "{% import 'lib' as lib %}{{ lib.m() }}{{ lib.m(1) }}{{ lib.v }}{{ lib.zz }}", "{% import 'lib' as lib %}{{ lib._hidden }}", "{% import 'lib' as lib %}{{ lib }}", "{% from 'lib' import m %}{{ m(2) }}", "{% from 'lib' import m as mm, v %}{{ mm(2) }}{{ v }}", "{% from 'lib' import zz %}{{ zz }}|", "{% from 'lib' import zz %}{{ zz() }}",
         "{% from 'ctx' import show %}{{ show() }}", "{% from 'ctx' import show with context %}{{ show() }}", "{% import 'ctx' as c with context %}{{ c.show() }}{{ c }}", "{% import 'ctx' as c without context %}{{ c.show() }}", "{% import 'nowhere' as x %}", "{% import 'reexp' as r %}{{ r.w }}{{ r.lib }}", "{% include 'chain' %}", "{% import 'counter' as c %}{{ c.bump() }}{{ c.bump() }}{% import 'counter' as d %}{{ d.bump() }}", "{% set num = 1 %}{% include 'header' %}", "{% set num = 1 %}{% include 'ctx' %}",
         "{% for num in [7] %}{% include 'header' %}{% import 'ctx' as c with context %}{{ c.show() }}{% endfor %}", "{% import 'lib' as lib %}{% for x in seq %}{{ lib.m(x) }}{% endfor %}", "{% from 'lib' import m, %}", "{% from 'lib' import m with context, v %}", "{% if flag %}{% import 'lib' as lib %}{% endif %}{{ lib.v }}", "{% for x in [1] %}{% import 'lib' as lib %}{{ lib.v }}{% endfor %}{{ lib }}", "{% macro a() %}{% from 'lib' import m %}{{ m() }}{% endmacro %}{{ a() }}",
         "{% from 'lib' import m %}{% call m() %}x{% endcall %}", "{% filter upper %}{% include 'lib' %}{% endfilter %}", "{% set y %}{% include 'header' %}{% endset %}[{{ y }}]", "{% import 'lib' as lib %}{{ lib.m.name }}{{ lib['v'] }}{{ lib.v is defined }}", "{% include 'header' ignore missing %}", "{% import name as lib %}{{ lib.v }}", "{% include name if flag else 'x' %}", "{% include (name, 'x') %}", "{% from name import v %}{{ v }}", "{% import 'err' as e %}"]
    return [files(base, x, context=dict(USERS, name="lib")) for x in t]


def global_functions():
    return e(
        "range(5)", "range(5)|list", "range(1, 5)|list", "range(1, 10, 3)|list", "range(5, 0, -1)|list", "range(0, 5, 0)", "range('a')", "range(1.5)", "range()", "range(1, 2, 3, 4)", "range(true)", "range(-5)|list", "range(10)|length", "range(3)[1]", "range(1000000000)|length", "range(0, 1000000000, 7)[-1]", "range(3)|first", "range(5)|sum", "range(2, 8, 2)", "range(9223372036854775807)|length",
        "dict(a=1, b=2)", "dict({'a': 1}, b=2)", "dict([('a', 1)])", "dict([1])", "dict(1)", "dict([(1, 2, 3)])", "dict(mapping).b", "dict()", "namespace(a=1)", "namespace", "joiner() is callable", "cycler('a', 'b').next()", "cycler()", "dict([['x', 'y']])", "dict(missing)", "dict(a=1) == {'a': 1}", "range(3) is sequence",
    ) + ["{% set c = cycler('a', 'b', 'c') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% set _ = c.reset() %}{{ c.next() }}", "{% set j = joiner('|') %}{{ j() }}a{{ j() }}b{{ j() }}c", "{% set j = joiner() %}{% for x in seq %}{{ j() }}{{ x }}{% endfor %}", "{% set row = cycler('odd', 'even') %}{% for x in seq %}{{ row.next() }} {% endfor %}",
         "{% set range = 5 %}{{ range }}", "{% set c = cycler(1) %}{{ c.next() }}{{ c.next() }}{{ c.nothing }}"]


def autoescape():
    on = {"autoescape": True}
    return ["{% autoescape true %}{{ html }}{% endautoescape %}{{ html }}", "{% autoescape false %}{{ html }}{% endautoescape %}", "{% autoescape flag %}{{ html }}{% endautoescape %}", "{% autoescape true %}{{ html|safe }}{{ '<' ~ html|safe }}{% endautoescape %}", "{% autoescape true %}{% autoescape false %}{{ html }}{% endautoescape %}{{ html }}{% endautoescape %}", "{% autoescape true %}{% set x = '<' %}{{ x }}{% endautoescape %}", "{% autoescape true %}{% set x %}<b>{{ html }}{% endset %}{{ x }}{% endautoescape %}"] + with_settings(
        on, "{{ html }}", "{{ html|safe }}", "{{ html|e }}", "<b>{{ '<i>' }}</b>", "{{ [html] }}", "{{ '<' + '>' }}", "{{ '<' ~ ('>'|safe) }}", "{{ ['<', '>'|safe]|join('&') }}", "{{ ['<', '>']|join('&') }}", "{{ '%s'|safe|format('<') }}", "{{ '<%s>' % '<' }}", "{{ '{}'|safe }}", "{{ ('{}'|safe).format('<') }}", "{{ html|upper }}", "{{ html|replace('b', '<') }}", "{{ html|safe|replace('b', '<') }}", "{{ html|tojson }}", "{{ {'a': '<'}|xmlattr }}",
        "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('<') }}{{ m('<')|length }}", "{% filter upper %}<{{ html }}{% endfilter %}", "{% set x %}<{% endset %}{{ x }}", "{% set x = '<' %}{{ x }}", "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}<{{ '<' }}{% endcall %}", "{% for x in '<>' %}{{ x }}{% endfor %}", "{{ none }}{{ 1 }}{{ 1.5 }}{{ true }}", "{{ ('<b>'|safe)[0] }}", "{{ ('<b>'|safe) + '<' }}", "{{ '<' + ('<b>'|safe) }}", "{{ ('<b>'|safe) * 2 }}", "{{ ('<b> x'|safe)|upper|lower|title|trim }}",
        "{{ ('<b>,x'|safe).split(',') }}", "{{ html|striptags }}", "{{ html|string }}", "{{ (html|safe)|string }}", "{{ html|center(40) }}", "{% for i in tree recursive %}<{{ i.n }}{{ loop(i.c) if i.c }}>{% endfor %}", "{% block a %}<{{ '<' }}{% endblock %}{{ self.a() }}", "{{ html|forceescape }}", "{{ html|e|forceescape }}", "{{ html|urlencode }}", "{{ html|truncate(8) }}", "{{ html|indent }}", "{{ users|map(attribute='name')|join('<br>') }}", "{{ html is escaped }}{{ (html|safe) is escaped }}", "{{ '<' if flag else '>' }}", "{{ html|default('x') }}{{ missing|default('<') }}")


def strict():
    return [{"template": t, "settings": {"strict_undefined": True}} for t in [
        "{{ missing }}", "{{ missing.x }}", "{{ mapping.zz }}", "{% if missing %}{% endif %}", "{% for x in missing %}{% endfor %}", "{{ missing is defined }}", "{{ missing|default('d') }}", "{{ mapping.zz|default('d') }}", "{{ missing == 1 }}", "{{ 1 == missing }}", "{{ missing ~ '' }}", "{{ missing|length }}", "{{ not missing }}", "{{ missing or 1 }}", "{{ 1 if off }}|", "{{ (1 if off) }}|", "{{ [missing] }}", "{{ missing|upper }}", "{{ missing|list }}", "{{ 'a' in missing }}",
        "{{ missing is undefined }}", "{{ missing|join }}", "{{ missing is none }}", "{{ missing is iterable }}", "{{ missing is sequence }}", "{% set x = missing %}{{ x is defined }}", "{{ missing|default('d', true) }}", "{{ num }}", "{{ missing.x|default('d') }}", "{{ users[9] }}", "{{ users|map(attribute='zz')|list }}", "{{ '%s' % missing }}", "{% include missing %}", "{{ missing() }}", "{{ missing in [1] }}", "{{ {'a': missing} }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}", "{{ missing is string }}", "{% for x in seq %}{{ loop.previtem is defined }}{% endfor %}", "{{ missing is callable }}"]]


def printing():
    return e(
        "true", "none", "1.0", "[1, 'a']", "[1.5, none, true]", "{'a': [1, {'b': (1,)}]}", "(1, 'a')", "['é', '\\n', '\\t', '\\\\']", "[\"it's\"]", "['a\"b']", "{1: 'x', 'y': none}", "[[]]", "[()]", "[{}]", "range(3)", "[range(3)]", "1e16", "1e15", "123456789.123", "0.00001", "0.0001", "1e-7", "-1.5", "100.0", "1e5", "1e17 + 1", "3.0 * 2", "10 / 5", "2 ** 0.5",
        "1 / 3", "1e300", "float", "text|list|first", "mapping.keys()", "mapping.values()", "mapping.items()", "{}.items()", "seq|batch(2)|list", "users[0]", "none ~ ''", "true ~ false", "1.0 ~ ''", "[none]|join", "[true, 1.0]|join(',')", "[1, [2, [3]]]", "'\\u0000' in ['\\u0000']", "['\\u00ad', '\\ufeff', '\\U0001F600']", "missing|string", "[missing, none]", "{'k': missing}", "(1, missing)", "[html|e]", "{'a': html|safe}",
        "1 if true else none", "[1 if off]", "users|map(attribute='name')|list", "'a' 'b'", "- - 5", "[-1, +1]", "[1.10, 2.50]", "1.10", "0.1 + 0.7", "1e2", "12345678901234567890.0", "5e-324", "0.1 ** 10", "1.0 // 3", "2 ** 31", "-2 ** 63", "[0.1, 1e100]", "1e21 // 1", "7 / 7",
    )


KICKSTART = """#version=RHEL9
{%- set disks = disks | default(['sda']) %}
text
url --url={{ mirror }}/{{ distro }}/{{ version }}/{{ arch | default('x86_64') }}
{% if proxy is defined and proxy %}repo --name=extra --proxy={{ proxy }}
{% endif -%}
lang {{ lang | default('en_US.UTF-8') }}
keyboard --xlayouts='{{ keyboard | default("us") }}'
timezone {{ timezone | default('UTC') }} --utc
rootpw --iscrypted {{ root_password | replace('$', '\\$') }}
network --bootproto={{ 'static' if ip is defined else 'dhcp' }}{% if ip %} --ip={{ ip }} --netmask={{ netmask }} --gateway={{ gateway }}{% endif %} --hostname={{ hostname }}.{{ domain | lower }}
bootloader --location=mbr --append="{{ kernel_args | join(' ') }}"
zerombr
clearpart --all --initlabel --drives={{ disks | join(',') }}
{%- for disk in disks %}
part {{ '/boot' if loop.first else 'pv.%02d' | format(loop.index0) }} --size={{ 1024 if loop.first else 1 }} {{ '--grow' if not loop.first }} --ondisk={{ disk }}
{%- endfor %}
{% macro user(name, uid=1000, groups=[]) -%}
user --name={{ name }} --uid={{ uid }}{% if groups %} --groups={{ groups | sort | join(',') }}{% endif %}
{%- endmacro %}
{% for u in accounts -%}
{{ user(u.name, u.uid, u.groups | default([])) }}
{% endfor -%}
%packages
@^minimal-environment
{% for p in packages | unique | sort %}
{{- p }}
{% endfor -%}
%end
%post --log=/var/log/post.log
curl -s {{ installed_url | default('http://' ~ server ~ '/api/1.0/hosts/' ~ uuid ~ '?installed=mark') }}
{% for name, value in environment | dictsort %}
export {{ name | upper }}="{{ value | string | trim }}"
{%- endfor %}
{# nothing of this is seen #}
{% raw %}echo "${VAR} {{ not jinja }}"{% endraw %}
%end
"""

IPXE = """#!ipxe
{%- if module0 is defined %}
set has-modules 1
{%- endif %}
kernel ${base}/ipxe/kernel/${uuid} initrd=initrd {{ kernel_opts }}{% for k, v in options.items() %} {{ k }}{% if v is not none %}={{ v }}{% endif %}{% endfor %}
initrd ${base}/ipxe/initrd/${uuid}
{% if proxy_url|default("") %}# proxy {{ proxy_url }}{% elif mirror %}# mirror {{ mirror }}{% else %}# direct{% endif %}
boot || goto failed
"""

PRESEED = """d-i debian-installer/locale string {{ locale or 'en_US' }}
{% for d in disks if d.install -%}
d-i partman-auto/disk string /dev/{{ d.name }}
{% else -%}
d-i partman-auto/disk string /dev/sda
{% endfor -%}
d-i pkgsel/include string {{ (['openssh-server'] + packages)|unique|join(' ') }}
d-i netcfg/get_hostname string {{ hostname.split('.')[0] }}
d-i netcfg/get_domain string {{ hostname.split('.', 1)[1] if '.' in hostname else domain|default('local', true) }}
{%- with late = commands|map('trim')|select|list %}
{%- if late %}
d-i preseed/late_command string {{ late|join(' ; ') }}
{%- endif %}
{%- endwith %}
"""

CLOUD = """#cloud-config
hostname: {{ hostname }}
{% if users -%}
users:
{%- for u in users %}
  - name: {{ u.name }}
    groups: {{ u.groups|default(['users'])|tojson }}
    ssh_authorized_keys:
{%- for key in u['keys']|default([]) %}
      - {{ key|trim }}
{%- endfor %}
{%- endfor %}
{%- endif %}
write_files:
  - path: /etc/motd
    content: |
{{ motd|indent(6, true) }}
runcmd: {{ runcmd|tojson(2) }}
network: {version: 2, ethernets: {{ '{' }}{% for n in nics %}{{ n.name }}: {addresses: [{{ n.ip }}/{{ n.prefix|default(24) }}]}{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}}
"""


def installers():
    full = {"mirror": "http://mirror", "distro": "rocky", "version": 9.4, "root_password": "$6$abc$x", "ip": "10.0.0.5", "netmask": "255.255.255.0", "gateway": "10.0.0.1", "hostname": "node01", "domain": "LAB.Local", "kernel_args": ["quiet", "console=ttyS0"], "disks": ["sda", "sdb", "sdc"],
            "accounts": [{"name": "ops", "uid": 1001, "groups": ["wheel", "adm"]}, {"name": "dev", "uid": 1002}], "packages": ["vim", "curl", "vim", "Bash"], "server": "10.0.0.2", "uuid": "564d-1", "environment": {"B": 2, "a": " x ", "c": None}, "proxy": "http://p:3128"}
    small = {"mirror": "m", "distro": "d", "version": 8, "root_password": "x", "hostname": "h", "domain": "d", "kernel_args": [], "accounts": [], "packages": [], "environment": {}, "server": "s", "uuid": 1}
    pre = {"hostname": "a.b.c", "packages": ["vim", "openssh-server"], "disks": [{"name": "sda"}, {"name": "nvme0n1", "install": True}], "commands": [" a ", "", "b"]}
    cloud = {"hostname": "h", "users": [{"name": "a", "keys": [" k1 ", "k2"]}, {"name": "b", "groups": ["x"]}], "motd": "Hi\n\nthere", "runcmd": [["ls", "-l"], "echo '<x>'"], "nics": [{"name": "eth0", "ip": "1.2.3.4"}, {"name": "eth1", "ip": "1.2.3.5", "prefix": 16}]}
    ipxe = {"kernel_opts": "quiet", "options": {"ks": "http://x", "rescue": None}}
    result = []
    for template, contexts in [(KICKSTART, [full, small]), (IPXE, [ipxe, dict(ipxe, module0="x", proxy_url="http://p"), dict(ipxe, mirror="m")]), (PRESEED, [pre, dict(pre, disks=[], hostname="x", commands=[], domain="")]), (CLOUD, [cloud, dict(cloud, users=[])])]:
        for context in contexts:
            for settings in [{}, {"trim_blocks": True}, {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}]:
                result.append({"template": template, "context": context, "settings": settings})
    result += [{"template": t, "context": c} for t, c in [
        ("http://{{ server }}/{{ path }}", {"server": "s", "path": "p"}), ("{{ a }}{{ b.c[0] }}", {"a": "${net0/mac}", "b": {"c": [1]}}), ("[\"{{ x }}\", {{ y|tojson }}]", {"x": "1", "y": {"z": [True, None]}}), ("{{ key }}", {"key": "{{ not again }}"}),
        ("{{ uuid }}", {"uuid": "4C4C4544-0042"}), ("{{ uuid|lower|replace('-', '') }}", {"uuid": "4C4C4544-0042"}), ("{{ mac|replace(':', '-')|lower }}", {"mac": "52:54:00:AA"}), ("{{ mac.split(':')|map('lower')|join }}", {"mac": "52:54:00:AA"}), ("{{ nets[0].ip.split('.')[:3]|join('.') }}.0", {"nets": [{"ip": "10.1.2.3"}]})]]
    return result


def sections():
    tree = {"tree": [{"n": 1, "c": [{"n": 2, "c": []}, {"n": 3, "c": [{"n": 4}]}]}, {"n": 5}]}
    result = {}
    for function in [variables, tags, escapes, literals, math, comparisons, subscripts, python_methods, filters, filter_blocks, tests, whitespace, raw_and_comments, line_statements, loops, loop_controls, conditions, macros, assignments, inheritance, includes, global_functions, autoescape, strict, printing, installers]:
        cases = []
        for case in function():
            if isinstance(case, str):
                case = {"template": case}
            if "context" not in case:
                text = case["template"] + "".join(case.get("templates", {}).values())
                case["context"] = {k: v for k, v in dict(USERS, **tree).items() if k in text}
            cases.append(case)
        result[function.__name__] = cases
    return result
