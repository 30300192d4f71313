"""The command ``upswell compare``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from upswell.cli._output import check_out
from upswell.cli._plans import WORDS as RULE_WORDS
from upswell.cli._plans import money
from upswell.cli._show import count, figure, say, table, working

if TYPE_CHECKING:
    from upswell.capacity import Hindsight, Rule
    from upswell.cli._options import Manner
    from upswell.forecasting.comparing import Bridge, Comparison, Step, TrackRecord

__all__ = ["COMPARISON_NAMES", "run_compare"]

COMPARISON_NAMES = frozenset({"changes.csv", "run.json"})
MOST_MOVERS = 10
_NAMES = {
    "software-old": "software (old forecast)",
    "moved-horizon": "moved horizon",
    "new-days": "new days",
    "revised-history": "revised history",
    "model": "model",
    "software-new": "software (new forecast)",
    "scenario": "scenario",
}
# Shown only where they changed anything.
_RARE = {("software-old",), ("software-new",)}


def run_compare(old: Path, new: Path, manner: Manner, *, out: Path | None) -> int:
    """Compare, write and print; return the exit code."""
    from upswell.api import compare
    from upswell.store import csv_bytes, json_bytes, write_folder

    check_out(out, COMPARISON_NAMES)
    with working("Comparing", manner.talks) as progress:
        found = compare(old, new, progress=progress)
    record = found.record()
    if out is not None:
        with write_folder(out, COMPARISON_NAMES) as folder:
            folder.write("changes.csv", csv_bytes(found.changes("polars")))
            folder.write("run.json", json_bytes(record))
    if manner.as_json:
        from upswell.cli._json import print_json

        print_json(record)
    elif manner.talks:
        _show(found)
        if out is not None:
            say(f"Written to {out}")
    return 0


def _show(found: Comparison) -> None:
    """Print what changed as a manager would read it aloud."""
    for name, side in (("Old", found.old), ("New", found.new)):
        say(
            f"{name}: {side.place}, known until {side.last_day}, {count(side.horizon, 'day')} "
            f"({side.first_ahead} to {side.last_ahead}), {side.model}, seed {side.seed}."
        )
    say()
    mean = found.mean
    say(f"The mean of the total goes from {mean.old:,f} to {mean.new:,f}: {_change(mean)}.")
    _show_steps(found)
    _show_causes(found)
    for note in found.notes:
        say(f"Note: {note}.")
    _show_movers(found)
    _show_track_record(found.track_record, found.old.horizon)
    if found.overlaid is not None:
        say(f"With the overlays of the old plan it was {_missed(found.overlaid)}.")
    if found.hindsight is not None:
        _show_hindsight(found.hindsight)


def _change(bridge: Bridge) -> str:
    share = f" ({float(bridge.change / bridge.old):+.1%})" if bridge.old else ""
    return f"{_signed(bridge.change)}{share}"


def _signed(value: Decimal) -> str:
    return f"{value:+,f}" if value else "0"


def _label(step: Step) -> str:
    return " and ".join(_NAMES[cause] for cause in step.causes)


def _shown(bridge: Bridge, other: Bridge) -> list[int]:
    """Return which steps are to be shown: those of the software only where they are not 0."""
    pairs = enumerate(zip(bridge.steps, other.steps, strict=True))
    return [i for i, (a, b) in pairs if a.causes not in _RARE or a.change or b.change]


def _show_steps(found: Comparison) -> None:
    mean, median = found.mean, found.median
    rows = [["old forecast", f"{mean.old:,f}", f"{median.old:,f}"]]
    for place in _shown(mean, median):
        one, other = mean.steps[place], median.steps[place]
        rows.append([_label(one), _signed(one.change), _signed(other.change)])
    rows.append(["new forecast", f"{mean.new:,f}", f"{median.new:,f}"])
    table(["sum over the horizon", "mean", "median"], rows)


def _show_causes(found: Comparison) -> None:
    """Say what stands behind the steps."""
    move, history = found.horizon, found.revisions
    if move.days_left or move.days_came:
        figures = [f" ({_signed(v)})" if v is not None else "" for v in (move.left, move.came)]
        kept = f" ({_signed(move.kept)}, asked from farther)" if move.kept else ""
        say(
            f"Horizon: {count(move.days_left, 'day')} left{figures[0]}, {move.days_came:,} came"
            f"{figures[1]}, {move.days_kept:,} stayed{kept}."
        )
    parts = [f"{count(history.new_days, 'new day')}"]
    if history.cells:
        parts.append(
            f"{count(history.cells, 'count')} of {count(history.creators, 'creator')} revised from "
            f"{history.first_day} on ({history.change:+,.0f} in all)"
        )
    for number, text in (
        (history.days_dropped, "dropped at the start"),
        (history.days_added, "added at the start"),
    ):
        if number:
            parts.append(f"{count(number, 'day')} {text}")
    for creators, text in ((history.appeared, "appeared"), (history.gone, "gone")):
        if creators:
            parts.append(f"{text}: {_some(creators)}")
    if history.regrouped:
        parts.append(f"{count(history.regrouped, 'creator')} in another category")
    say(f"History: {'; '.join(parts)}.")
    _show_models(found)


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _show_models(found: Comparison) -> None:
    old, new = found.old, found.new
    pairs: list[tuple[str, object, object]] = [
        ("forecaster", old.model, new.model),
        ("seed", old.seed, new.seed),
        ("paths", old.paths, new.paths),
    ]
    pairs += [
        (package, old.versions.get(package, "-"), new.versions.get(package, "-"))
        for package in sorted({*old.versions, *new.versions})
    ]
    changed = [
        f"{name} {before} then, {after} now" for name, before, after in pairs if before != after
    ]
    say(f"Model: {'; '.join(changed) if changed else 'the same'}.")


def _show_movers(found: Comparison) -> None:
    movers = [mover for mover in found.movers if mover.bridge.change][:MOST_MOVERS]
    if not movers:
        return
    first = movers[0].bridge
    places = [i for i, step in enumerate(first.steps) if step.causes not in _RARE]
    header = ["series", "level", "old", *(_label(first.steps[i]) for i in places), "new", "change"]
    rows = []
    for mover in movers:
        bridge = mover.bridge
        name = f"{mover.series} ({mover.note})" if mover.note else mover.series
        steps = [_signed(bridge.steps[i].change) for i in places]
        rows.append(
            [
                name,
                mover.level,
                f"{bridge.old:,f}",
                *steps,
                f"{bridge.new:,f}",
                _signed(bridge.change),
            ]
        )
    say()
    say("The largest changes below the total, in means of sums:")
    table(header, rows, left=2)


def _show_track_record(track: TrackRecord | None, horizon: int) -> None:
    """Say how good the old forecast was so far."""
    say()
    if track is None:
        say("No day of the old forecast has come yet.")
        return
    within = "inside" if track.inside80 else "outside"
    wide = "inside" if track.inside95 else "outside"
    say(
        f"Of the old forecast's {count(horizon, 'day')}, {track.days:,} have come "
        f"({track.first_day} to {track.last_day}): {figure(track.actual)} in total, {within} the "
        f"80% range of {figure(track.low80)} to {figure(track.high80)} and {wide} the 95% range of "
        f"{figure(track.low95)} to {figure(track.high95)}."
    )
    if track.missing:
        say(f"Days that came without a total are left out: {track.missing:,}.")
    say(f"Its median was {_missed(track)}.")
    beside = "not known"
    if track.pinball_naive == track.pinball_naive:
        beside = figure(track.pinball_naive)
    say(
        f"Days inside their range: {track.coverage80:.0%} of the 80% ones, {track.coverage95:.0%} "
        f"of the 95% ones. Pinball loss a day: {figure(track.pinball)}, seasonal naive's {beside}."
    )
    if track.creators:
        say(
            f"Creators with their sum inside its 80% range: {track.creators_inside:,} of "
            f"{track.creators:,}."
        )


def _missed(track: TrackRecord) -> str:
    """Return a median with its error; the error of a total of zero is not known."""
    if track.error != track.error:
        return figure(track.median)
    direction = "above" if track.error > 0 else "below"
    return f"{figure(track.median)}, {abs(track.error):.1%} {direction} what came"


def _show_hindsight(hindsight: Hindsight) -> None:
    """Say what the old plan's commitment cost."""
    rule, currency = hindsight.followed, hindsight.currency
    bound = hindsight.rules[-1]
    say()
    say(
        f"The old plan in hindsight, over {hindsight.days:,} of its "
        f"{count(hindsight.horizon, 'day')}: its {count(rule.commitment, 'unit')} cost "
        f"{money(rule.cost.expected, currency)}, {money(rule.regret, currency)} more than perfect "
        f"foresight's {count(bound.commitment, 'unit')}."
    )
    rows = [_hindsight_row(RULE_WORDS[one.name], one) for one in hindsight.rules]
    if hindsight.base is not None:
        rows.insert(1, _hindsight_row("least cost, no overlays", hindsight.base[0]))
    table(["committed to", "units", currency, "regret", "hours\nshort"], rows)


def _hindsight_row(name: str, rule: Rule) -> list[str]:
    return [
        name,
        f"{rule.commitment:,}",
        money(rule.cost.expected),
        money(rule.regret),
        figure(rule.shortage_hours),
    ]
