"""What runs in the page: Vega and our own scripts, inlined, and the policy that allows no other."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib.resources import files
from typing import Any

__all__ = ["embedded_json", "own_script", "policy", "style", "vega_script"]


@functools.cache
def vega_script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, from vl-convert's own copy."""
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # Alone in a function, so that its thousand short names do not become names of the page.
    return f"(function () {{\n{bundle}\n}})();"


@functools.cache
def own_script(*names: str) -> str:
    """Return some scripts of ours as one."""
    return '"use strict";\n' + "\n".join(_static(name) for name in names)


@functools.cache
def style(*names: str) -> str:
    """Return some style sheets of ours as one, with the palettes of light, dark and print."""
    from upswell.charts import DARK, LIGHT

    light, dark = (f":root {{\n{palette.css()}\n}}" for palette in (LIGHT, DARK))
    return "\n".join(
        [
            light,
            f"@media screen and (prefers-color-scheme: dark) {{ {dark} }}",
            *map(_static, names),
        ]
    )


def _static(name: str) -> str:
    return (files("upswell.report") / "static" / name).read_text(encoding="utf-8")


def policy(*scripts: str) -> str:
    """Return a content security policy: these scripts run, no other, and nothing is fetched.

    Parameters
    ----------
    scripts
        The content of each script element, to the letter.

    Examples
    --------
    >>> policy("x").startswith("default-src 'none'; script-src 'sha256-")
    True
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def embedded_json(value: Any) -> str:
    r"""Return a value as JSON that cannot end the script element in which it stands.

    Examples
    --------
    >>> print(embedded_json("</script>"))
    "\u003c/script\u003e"
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
