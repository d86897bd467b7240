"""What real Jinja2 answers: writes the expected outputs, and answers the test that asks it.

    python3 reference.py write            the corpus and generated expressions to cases/*.jsonl
    python3 reference.py live SEED N      every case again, then N new ones, with what Jinja2 answers

Needs Jinja2 3.1.
"""

import json
import os
import sys
import warnings

import jinja2
from jinja2 import exceptions

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))

KINDS = [
    (exceptions.TemplateNotFound, "notFound"),
    (exceptions.TemplateSyntaxError, "syntax"),
    (exceptions.UndefinedError, "undefined"),
    (exceptions.FilterArgumentError, "argument"),
    (exceptions.TemplateRuntimeError, "runtime"),
    (ZeroDivisionError, "zeroDivision"),
    (OverflowError, "overflow"),
    (TypeError, "type"),
    (ValueError, "value"),
    (LookupError, "lookup"),
    (AttributeError, "lookup"),
    (RecursionError, "limit"),
    (MemoryError, "limit"),
    (SyntaxError, "syntax"),
    (AssertionError, "value"),
    (RuntimeError, "runtime"),
]


def environment(case):
    settings = dict(case.get("settings", {}))
    if settings.pop("strict_undefined", False):
        settings["undefined"] = jinja2.StrictUndefined
    settings["extensions"] = ["jinja2.ext." + x for x in settings.pop("extensions", [])]
    return jinja2.Environment(loader=jinja2.DictLoader(case.get("templates", {})), **settings)


def answer(case):
    try:
        template = environment(case).from_string(case["template"])
        output = template.render(json.loads(json.dumps(case.get("context", {}))))
        return {"output": output}
    except Exception as error:  # what a template can raise is the point
        for kind, name in KINDS:
            if isinstance(error, kind):
                result = {"error": name, "message": str(error)[:200]}
                if isinstance(error, exceptions.TemplateSyntaxError):
                    result["line"] = error.lineno
                return result
        return {"error": type(error).__name__, "message": str(error)[:200]}


def line(case):
    full = dict(case)
    if full.pop("shared", False):
        import expressions

        full["context"] = expressions.CONTEXT
    return json.dumps(dict(case, **answer(full)), ensure_ascii=True)


def write():
    import corpus
    import expressions

    os.makedirs(os.path.join(HERE, "cases"), exist_ok=True)
    total = 0
    sections = corpus.sections()
    with open(os.path.join(HERE, "cases", "sections.txt"), "w") as file:
        file.write("\n".join([*sections, "generated"]) + "\n")
    with open(os.path.join(HERE, "cases", "shared.json"), "w") as file:
        json.dump(expressions.CONTEXT, file)
    for section, cases in sections.items():
        with open(os.path.join(HERE, "cases", section + ".jsonl"), "w") as file:
            for case in cases:
                text = line(case)
                if " at 0x" in text or '"NameError"' in text:
                    # An address, or a mistake of Jinja2's compiler (it writes inf as a name).
                    continue
                file.write(text + "\n")
                total += 1
    print(total, "cases")
    with open(os.path.join(HERE, "cases", "generated.jsonl"), "w") as file:
        for case in expressions.cases(seed=2026, count=5500):
            file.write(line(case) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    if sys.argv[1:2] == ["write"]:
        write()
    elif sys.argv[1:2] == ["live"]:
        import expressions

        with open(os.path.join(HERE, "cases", "sections.txt")) as file:
            names = file.read().split()
        for name in names:
            with open(os.path.join(HERE, "cases", name + ".jsonl")) as file:
                for text in file:
                    case = json.loads(text)
                    for key in ("output", "error", "message", "line"):
                        case.pop(key, None)
                    print(line(case))
        for case in expressions.cases(seed=int(sys.argv[2]), count=int(sys.argv[3])):
            print(line(case))
    else:
        sys.exit(__doc__)
