"""From a template and its data to one HTML text that needs no other file and no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from upswell.report._numbers import filters
from upswell.report._scripts import embedded_json, own_script, policy, style, vega_script

__all__ = ["render"]


def render(
    template: str,
    *,
    data: Any,
    scripts: Sequence[str],
    styles: Sequence[str] = ("page.css",),
    more_filters: Mapping[str, Any] | None = None,
    **context: Any,
) -> str:
    """Return a page.

    Parameters
    ----------
    template
        Its file; it extends ``_base.html.j2``.
    data
        What the scripts of the page are given, as JSON has it.
    scripts, styles
        Files of ours that stand in the page, in their order.
    more_filters
        Filters besides those of every page.
    context
        What the template is given.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("upswell.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters() | {"zip": zip} | dict(more_filters or {})
    runtime, own = f"\n{vega_script()}\n", f"\n{own_script(*scripts)}\n"
    return environment.get_template(template).render(
        data=_markup(embedded_json(data)),
        style=_markup(style(*styles)),
        runtime=_markup(runtime),
        own=_markup(own),
        policy=policy(runtime, own),
        **context,
    )


def _markup(text: str) -> Any:
    """Mark a text of our own making as fit to stand in the page."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - scripts and styles of the package, and escaped JSON
