"""What a terminal says of decisions: the list that is funded, its risk, the price of caution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from upswell.cli._show import count, figure, say

if TYPE_CHECKING:
    from upswell.releases.deciding.week import DecidedReleases

__all__ = ["meanings", "money_text", "show_decisions"]


def money_text(value: float | None, currency: str) -> str:
    """Return an amount.

    Examples
    --------
    >>> money_text(1234.5, "USD"), money_text(-0.4, ""), money_text(None, "USD")
    ('1,234 USD', '-0.4', '-')
    """
    return " ".join(filter(None, [figure(value), currency if value is not None else ""]))


def show_decisions(decided: DecidedReleases) -> None:
    """Print what is funded, with its risk, and what the dial would have brought in the past."""
    record, unit = decided.record, decided.money.currency
    named, funded = record["decisions"], record["funded"]
    say()
    for line in _terms(decided):
        say(line)
    if decided.bound is not None:
        sentence = decided.bound.sentence
        say(f"{sentence[0].upper()}{sentence[1:]}.")
    budget = decided.money.budget
    spent = money_text(funded["cost"], unit)
    spent += "" if budget is None else f" of {money_text(budget, unit)}"
    say(
        f"Promoted: {count(funded['releases'], 'release')} for {spent}; watched: "
        f"{named['watch']:,}; held: {named['hold']:,}."
    )
    if funded["releases"]:
        worst = funded["shortfall"]
        verb = "loses" if worst >= 0 else "still makes"
        say(
            f"The list is expected to make {money_text(funded['expected_profit'], unit)} beyond "
            f"its cost, with {funded['expected_hits']:.1f} hits; in its worst tenth it {verb} "
            f"{money_text(abs(worst), unit)} on average, and it loses money "
            f"{funded['chance_of_loss']:.0%} of the time."
        )
    _show_price(decided)


def _terms(decided: DecidedReleases) -> list[str]:
    """Return what promotion costs, from where it pays, and how cautious the rule is."""
    money, unit = decided.money, decided.money.currency
    if money.quantile is not None:
        dial = f"it has to pay at the {money.quantile:.0%} quantile of the streams"
    elif money.caution == 1:
        dial = "what pays on average is worth it"
    else:
        dial = f"money lost weighs {money.caution:g} times as much as money missed"
    pays = figure(decided.record["break_even"])
    return [f"Promotion costs {money_text(money.cost, unit)} and pays from {pays} streams; {dial}."]


def _show_price(decided: DecidedReleases) -> None:
    """Print what the dial, as set and without caution, would have brought in the past."""
    evidence, unit = decided.record["evidence"], decided.money.currency
    if decided.caution is None:
        say(f"The price of caution cannot be said (not-enough-evidence): {evidence['reason']}.")
        return
    say(
        f"On {evidence['releases']:,} releases of {evidence['first']} to {evidence['last']}, "
        f"{evidence['hits']:,} of them hits, by models that had not seen them:"
    )
    rows = decided.record["caution"]
    plain = next(row for row in rows if row["rule"] == "caution" and row["dial"] == 1.0)
    own = next((row for row in rows if row["chosen"]), plain)
    shown = [("this rule", own)] if own is not plain else []
    shown.append(("without caution" if shown else "this rule", plain))
    shown += [(_NAMES[row["rule"]], row) for row in rows if row["rule"] in _NAMES]
    for name, row in shown:
        say(f"  {name}: {_outcome(row, unit)}")


_NAMES = {"window-total": "as many, by window total", "log-linear": "by the log-linear line"}


def _outcome(row: Mapping[str, Any], unit: str) -> str:
    """Return what a rule would have come to."""
    return (
        f"{row['promoted']:,} promoted, {count(row['hits'], 'hit')}, "
        f"{count(row['false_hits'], 'false hit')}, profit {money_text(row['profit'], unit)}"
    )


def meanings(decided: DecidedReleases) -> list[str]:
    """Return a line for each code that a decision has, in the order in which they are listed."""
    from upswell.releases.deciding import CODES

    texts = decided.decisions.frame["decision_codes"].to_list()
    given = {code for text in texts for code in text.split()}
    return [f"{code}: {meaning}" for code, meaning in CODES.items() if code in given]
