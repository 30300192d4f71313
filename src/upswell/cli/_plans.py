"""Plans in the terminal: the answer as a manager reads it aloud, rules, and money of a backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.cli._show import count, figure, say, table

if TYPE_CHECKING:
    import polars as pl

    from upswell.capacity import Outlook, Overload, Plan, PlanSettings
    from upswell.data import Panel
    from upswell.forecasting.result import Forecast

__all__ = ["check_fit", "plan_bytes", "plan_settings", "planned", "show_money", "show_plan"]

WORDS = {
    "least-cost": "least cost",
    "same-as-last-month": "same as last month",
    "mean": "the mean hour",
    "peak": "the peak",
    "perfect-foresight": "perfect foresight",
}


def plan_settings(plan: str | None) -> PlanSettings | None:
    """Read the settings of a plan, where one is asked for."""
    if plan is None:
        return None
    from upswell.capacity import load_plan

    return load_plan(plan)


def check_fit(settings: PlanSettings, panel: Panel, horizon: int) -> None:
    """Say before the long work that a plan does not fit the panel."""
    from upswell.capacity import check_plan

    check_plan(settings, panel, horizon)


def planned(forecast: Forecast, settings: PlanSettings) -> Plan:
    """Plan capacity from a forecast."""
    from upswell.capacity import plan_capacity

    return plan_capacity(forecast, settings)


def plan_bytes(plan: Plan | None) -> dict[str, bytes]:
    """Return the files of a plan, none where there is no plan."""
    if plan is None:
        return {}
    from upswell.capacity import plan_files

    return plan_files(plan)


def show_plan(plan: Plan) -> None:
    """Print a plan as a manager would read it aloud."""
    outlook, currency = plan.outlook, plan.settings.prices.currency
    say()
    say(_advice(plan))
    if outlook.overload is not None:
        say(_risk(plan, outlook.overload))
    else:
        hours = f"{outlook.best.on_demand_hours:,.0f}"
        say(
            f"There is no limit: on-demand units serve what is above, in about {hours} of the "
            f"{24 * plan.axis.length:,} hours."
        )
    half, _, most, _ = outlook.peak_units.tolist()
    say(
        f"The busiest hour takes up to {count(half, 'unit')} half the time, and up to {most:,} 95 "
        "times in 100."
    )
    if plan.scenario is not None:
        _show_overlays(plan)
    _show_rules(outlook, plan, currency)
    for flag in plan.flags:
        if flag.code == "order-too-late":
            continue  # has been said with the risk
        say(f"Note ({flag.code}): {flag.sentence}")


def _advice(plan: Plan) -> str:
    cost, currency = plan.cost, plan.settings.prices.currency
    existing = plan.settings.commitment.existing
    units = count(plan.commitment, "unit")
    if existing and plan.to_reserve:
        have = f"Commit to {units}: {existing:,} are there, reserve {plan.to_reserve:,} more."
    elif existing:
        have = f"Stay at the {count(existing, 'unit')} that are there, and reserve no more."
    elif plan.commitment:
        have = f"Commit to {units}."
    else:
        have = "Commit to nothing: on-demand units alone cost least."
    length = plan.axis.length
    days = "The day then costs" if length == 1 else f"The {length:,} days then cost"
    low, high = money(cost.low), money(cost.high, currency)
    return (
        f"{have} {days} {money(cost.expected, currency)} on average, 80 times in "
        f"100 between {low} and {high}."
    )


def _risk(plan: Plan, risk: Overload) -> str:
    axis = plan.axis
    said = (
        f"The chance that some hour asks for more than the {risk.capacity:,} units to be had is "
        f"{chance(risk.chance, plan.paths)}."
    )
    if risk.first_day is None:
        return f"{said} On no day does it pass 5 in 100."
    said += f" {axis.label(risk.first_day)} is the first day on which it passes 5 in 100"
    if risk.order_by is None:
        return f"{said}."
    by = axis.label(risk.order_by)
    return f"{said}: order by {by}" + (", which has passed." if risk.too_late else ".")


def _show_overlays(plan: Plan) -> None:
    names = ", ".join(overlay.name for overlay in plan.settings.overlays)
    best, currency = plan.base.best, plan.settings.prices.currency
    say(
        f"This is with the overlays ({names}). The forecast as it is asks for "
        f"{count(best.commitment, 'unit')}, at {money(best.cost.expected, currency)} on average."
    )
    turned_away = plan.outlook.turned_away.expected
    if turned_away > 0:
        say(f"Caps and throttles turn away {figure(turned_away)} views on average.")


def _show_rules(outlook: Outlook, plan: Plan, currency: str) -> None:
    limited = outlook.overload is not None
    rows = []
    for rule in outlook.rules:
        figures = [rule.cost.expected, rule.cost.low, rule.cost.high, rule.regret]
        row = [WORDS[rule.name], f"{rule.commitment:,}", *map(money, figures)]
        rows.append([*row, f"{rule.shortage_hours:,.2f}"] if limited else row)
    header = ["commit to", "units", currency, "10%", "90%", "regret"]
    say()
    say(
        f"Cost of {count(plan.axis.length, 'day')} by rule; 8 times in 10 between the columns 10% "
        "and 90%:"
    )
    table([*header, "hours\nshort"] if limited else header, rows)
    say(
        "regret: what a rule costs above perfect foresight, which knows the days beforehand; its "
        "units are those of the middle path."
    )


def money(amount: float, currency: str | None = None) -> str:
    """Return an amount with separators; without decimals where it is large.

    Examples
    --------
    >>> money(1234.5, "USD"), money(12.345), money(3e19)
    ('1,234 USD', '12.35', '3.000e+19')
    """
    if abs(amount) >= 1e15:
        text = f"{amount:.3e}"
    else:
        text = f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:,.2f}"
    return text if currency is None else f"{text} {currency}"


def chance(share: float, paths: int) -> str:
    """Return a chance as times in 100, as far as so many paths can tell.

    Examples
    --------
    >>> chance(0.234, 1000), chance(0.004, 1000), chance(0.0, 1000), chance(1.0, 1000)
    ('23 in 100', '0.4 in 100', 'below 1 in 1,000', 'above 999 in 1,000')
    """
    if share == 0:
        return f"below 1 in {paths:,}"
    if share == 1:
        return f"above {paths - 1:,} in {paths:,}"
    return f"{100 * share:.0f} in 100" if 0.01 <= share <= 0.99 else f"{100 * share:.3g} in 100"


def show_money(windows: pl.DataFrame, currency: str) -> None:
    """Print what each rule would have cost in the windows of a backtest."""
    from upswell.capacity.money import money_by_rule

    every = money_by_rule(windows).to_dicts()
    names = [name for name in windows["model"].unique(maintain_order=True) if name is not None]
    # All forecasters by what the plan advises; the other rules by the one that is asked most.
    told = "auto" if "auto" in names else names[-1]
    rows = [row for row in every if row["rule"] == "least-cost" or row["model"] in (told, None)]
    number = windows["cutoff"].n_unique()
    say()
    say(f"Money: what {count(number, 'window')} would have cost by rule, a window on average:")
    table(
        ["commit to", "forecaster", "units", currency, "regret", "hours\nshort"],
        [
            [
                WORDS[row["rule"]],
                row["model"] or "-",
                f"{row['commitment']:,.0f}",
                money(row["cost"]),
                f"{row['regret_share']:.1%}",
                f"{row['shortage_hours']:,.2f}",
            ]
            for row in rows
        ],
        left=2,
    )
    say("regret: cost above perfect foresight, which knows the days beforehand, as a share of its.")
    if len(rows) < len(every):
        say(f"The mean and the peak are those of {told}; money.csv under --out holds all.")
