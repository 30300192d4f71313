"""The page of an audit, and its part of the page of a week: charts and tables of the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell._version import __version__
from upswell.charts import PAGE, alternative_text, sized
from upswell.charts.theme import LIGHT
from upswell.report._effects import KINDS, MEASURES, effect_charts, gain
from upswell.report._rendering import render

if TYPE_CHECKING:
    from upswell.charts import Palette
    from upswell.releases import AuditedReleases

__all__ = ["audit_bytes", "audit_charts", "audit_context", "audit_page"]


def audit_charts(audited: AuditedReleases, palette: Palette = LIGHT) -> dict[str, Any]:
    """Return charts by name: ``audit-``, the measure, ``-`` and the kind of subject.

    Groups of signals and cleaning rules have a chart each, since a rule may weigh far more.

    Parameters
    ----------
    audited
        The audit.
    palette
        Colours.
    """
    return effect_charts(audited.frame.to_dicts(), audited.cost_unit, palette)


def audit_context(audited: AuditedReleases) -> dict[str, Any]:
    """Return an audit for the template ``_audit.html.j2``.

    Returns
    -------
    dict
        ``facts``; ``sentences``; ``subjects``, a dict for each with its ``title``, ``kind`` and
        ``features``, and its row of the table by measure; ``kinds`` and ``measures``, the title of
        each.
    """
    subjects: dict[tuple[str, str], dict[str, Any]] = {}
    for row in audited.frame.to_dicts():
        own = subjects.setdefault((row["kind"], row["subject"]), {**row, "by_measure": {}})
        own["by_measure"][row["measure"]] = row
    record = audited.record()
    return {
        "facts": audited.facts,
        "sentences": record["sentences"],
        "codes": record["codes"],
        "subjects": list(subjects.values()),
        "kinds": KINDS,
        "measures": {name: title for name, (title, _) in MEASURES.items()},
    }


def audit_page(audited: AuditedReleases) -> str:
    """Return the page of an audit as HTML that needs no other file and no network.

    Parameters
    ----------
    audited
        The audit.

    Returns
    -------
    str
        Equal input gives equal text.
    """
    charts = audit_charts(audited, PAGE)
    return render(
        "audit.html.j2",
        data={"charts": {name: sized(chart) for name, chart in charts.items()}},
        scripts=("numbers.js", "charts.js", "chart-page.js"),
        more_filters={"gain": gain, "chance_of": _chance},
        version=__version__,
        audit=audit_context(audited),
        texts={name: alternative_text(chart) for name, chart in charts.items()},
    )


def audit_bytes(audited: AuditedReleases) -> bytes:
    """Return the page of an audit as a file in UTF-8; see `audit_page`."""
    return audit_page(audited).encode("utf-8", "replace")


def _chance(value: float | None) -> str:
    """Return a p-value for a table.

    Examples
    --------
    >>> _chance(0.0004), _chance(0.25), _chance(None)
    ('< 0.001', '0.250', '–')
    """
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
