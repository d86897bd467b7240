#!/usr/bin/env python3
"""Writes parameters.json: each host of this folder by Bergenholm's rules, rendered by real Jinja2.

    python3 expected.py > parameters.json
"""
import json
import pathlib

import jinja2

HERE = pathlib.Path(__file__).parent


def load(kind):
    return {p.name: json.loads(p.read_text()) for p in sorted((HERE / kind).iterdir())}


HOSTS, GROUPS = load("hosts"), load("groups")
TEMPLATES = {p.name: p.read_text() for p in sorted((HERE / "templates").iterdir())}
ENVIRONMENT = jinja2.Environment(loader=jinja2.DictLoader(TEMPLATES))


def inherited(names, met):
    """Depth first, in order, each group once; its own keys over those of its groups."""
    merged = {}
    for name in [names] if isinstance(names, str) else names:
        if name in met:
            continue
        met.append(name)
        merged.update(inherited(GROUPS[name].get("groups", []), met))
        merged.update(GROUPS[name])
    return merged


def rendered(value, parameters):
    if isinstance(value, str):
        return ENVIRONMENT.from_string(value).render(parameters)
    if isinstance(value, (dict, list)):
        return json.loads(ENVIRONMENT.from_string(json.dumps(value)).render(parameters))
    return value


def parameters(host_id):
    own = HOSTS.get(host_id) or HOSTS["register"]
    met = []
    result = inherited(own.get("groups", []), met)
    result.update(own)
    result["groups"] = met
    result["uuid"] = host_id
    for _ in range(10):
        following = {
            rendered(key, result): rendered(value, result) for key, value in result.items()
        }
        if following == result:
            break
        result = following
    return result


def main():
    ids = [*HOSTS, "00000000-1111-2222-3333-444444444444"]
    scripts = {}
    for host_id in ids:
        every = parameters(host_id)
        named = {every["ipxe_script"]}
        named |= {every[key] for key in ("kickstart", "preseed") if key in every}
        scripts[host_id] = {
            "parameters": every,
            "templates": {
                name: ENVIRONMENT.get_template(name).render(every) for name in sorted(named)
            },
        }
    print(json.dumps(scripts, indent=2))


main()
