"""FinoBench: boot scripts, as the small Flask application that Fino replaces gives them out.

BOOT_JOBS names a JSON file {"MAC": {"location": ..., "kernel_opts": ...}}, BOOT_ROOT the URL of the
images' server. A machine with a job gets the same text as from Fino; every other one its local disk.
"""

import json
import os

from flask import Flask, Response, render_template_string

app = Flask(__name__)
root = os.environ["BOOT_ROOT"]
with open(os.environ["BOOT_JOBS"], encoding="utf-8") as file:
    jobs = json.load(file)

OPENING = """#!ipxe
:retry_dhcp
dhcp || goto retry_dhcp
echo ${filename}
echo ${syslog}
"""

INSTALL = OPENING + """echo Fino: installing {{ location }}
kernel {{ root }}/images/{{ location }}/vmlinuz {{ kernel_opts }} initrd=initrd.img
initrd {{ root }}/images/{{ location }}/initrd.img
boot
"""

LOCAL_DISK = OPENING + """echo Fino: booting the local disk
iseq ${platform} efi && goto uefi ||
sanboot --no-describe --drive 0x80 ||
exit
:uefi
exit 1
"""


@app.get("/pxe/<mac>")
def script(mac):
    job = jobs.get(mac)
    text = render_template_string(INSTALL, root=root, **job) if job else LOCAL_DISK
    # Jinja takes the last line break away.
    return Response(text.rstrip("\n") + "\n", mimetype="text/plain")
