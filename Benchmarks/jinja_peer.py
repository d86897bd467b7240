"""FinoBench: renders a template with Jinja2 for some seconds.

jinja_peer.py --version                            what is measured
jinja_peer.py TEMPLATE CONTEXT SECONDS OUTPUT      prints the renders, and the seconds of processor time

Compiled once; OUTPUT gets the text, byte for byte.
"""

import json
import platform
import sys
import time

import jinja2


def main() -> None:
    if sys.argv[1] == "--version":
        print(f"Jinja2 {jinja2.__version__} on Python {platform.python_version()}")
        return
    source, context, seconds, output = sys.argv[1:]
    with open(source, encoding="utf-8", newline="") as file:
        template = jinja2.Environment().from_string(file.read())
    with open(context, encoding="utf-8") as file:
        variables = json.load(file)
    with open(output, "w", encoding="utf-8", newline="") as file:
        file.write(template.render(variables))
    limit = float(seconds)
    render = template.render
    # Warm: the interpreter specialises its bytecode.
    for _ in range(100):
        render(variables)
    renders = 0
    start = time.process_time()
    elapsed = 0.0
    while elapsed < limit:
        for _ in range(20):
            render(variables)
        renders += 20
        elapsed = time.process_time() - start
    print(renders, elapsed)


main()
