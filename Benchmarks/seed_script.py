"""FinoBench: the boot script of a machine, as a small Flask application gives it out.

seed_script.py --version      what is measured
gunicorn seed_script:app      serves /pxe/<MAC> with the template boot.pxe of the folder SEED_TEMPLATES

A machine that is to be installed gets install.pxe once, every other one boot.pxe.
"""

import os
import platform
import sys
from importlib.metadata import version

from flask import Flask, Response, render_template, request

app = Flask(__name__, template_folder=os.environ.get("SEED_TEMPLATES", "templates"))
# As the template stands there: its last line has an end.
app.jinja_env.keep_trailing_newline = True

# What was asked for and has not been fetched yet, by MAC address.
waiting: dict[str, dict[str, str]] = {}


@app.route("/reimage", methods=["GET", "POST"])
def reimage() -> Response:
    machine = request.values["mac_address"].replace(":", "").lower()
    waiting[machine] = {key: request.values[key] for key in ("location", "kernel_opts")}
    return Response("OK\n", mimetype="text/plain")


@app.route("/pxe/<mac_address>")
def script(mac_address: str) -> Response:
    job = waiting.pop(mac_address.replace(":", "").lower(), None)
    if job is None:
        text = render_template("boot.pxe", server=request.host)
    else:
        text = render_template("install.pxe", server=request.host, **job)
    return Response(text, mimetype="text/plain")


if __name__ == "__main__" and "--version" in sys.argv:
    print(
        f"Flask {version('flask')} behind gunicorn {version('gunicorn')}, "
        f"Python {platform.python_version()}"
    )
