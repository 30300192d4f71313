"""A plan in hindsight: what its commitment cost on the days that came, beside its rivals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import HOURS, PlanSettings
from upswell.capacity.load import hourly_load, profile_shares, views_by_hour
from upswell.capacity.outlook import RULES, Rule
from upswell.capacity.overlays import lay_over
from upswell.capacity.rules import compare_rules
from upswell.capacity.settings import load_plan
from upswell.capacity.terms import Terms
from upswell.errors import Place, SettingError, SourceError
from upswell.forecasting.result import Forecast

__all__ = ["Hindsight", "KeptPlan", "look_back", "overlaid_views", "read_plan"]

# What comes of content that is valid JSON, but no plan.
_SENSELESS = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True)
class KeptPlan:
    """What a folder keeps of a plan.

    Parameters
    ----------
    settings
        Prices, limits and overlays.
    advice
        ``base`` or ``scenario``: which outlook it advised on.
    commitments
        Units by outlook and rule.
    """

    settings: PlanSettings
    advice: str
    commitments: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Hindsight:
    """What a plan's rules cost on the days that came.

    Parameters
    ----------
    currency
        Of all costs.
    days, horizon
        How many days were billed, and how many the plan was for.
    advice
        Which outlook it advised on, ``base`` or ``scenario``.
    rules
        The rules of that outlook, each with the units that it named then and what they cost on
        the days that came. Perfect foresight knew just these days.
    base
        The same of the untouched forecast; None when it is the advice.
    """

    currency: str
    days: int
    horizon: int
    advice: str
    rules: tuple[Rule, ...]
    base: tuple[Rule, ...] | None

    @property
    def followed(self) -> Rule:
        """The rule that the plan advised."""
        return self.rules[0]

    def record(self) -> dict[str, Any]:
        """Return it as plain data for JSON; money is not rounded."""
        return {
            "currency": self.currency,
            "days": self.days,
            "horizon": self.horizon,
            "advice": self.advice,
            "rules": [_billed(rule) for rule in self.rules],
            "base": None if self.base is None else [_billed(rule) for rule in self.base],
        }


def _billed(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "commitment": rule.commitment,
        "cost": rule.cost.expected,
        "bill": asdict(rule.bill),
        "regret": rule.regret,
        "shortage_hours": rule.shortage_hours,
        "shortage_unit_hours": rule.shortage_unit_hours,
    }


def read_plan(directory: str | Path) -> KeptPlan | None:
    """Read the plan that lies in the folder of a forecast; None when there is none.

    Raises
    ------
    SourceError
        When ``plan.json`` cannot be read, is damaged or of another version.
    """
    path = Path(directory) / "plan.json"
    try:
        record = json.loads(path.read_bytes())
        rules = {
            name: {rule["rule"]: int(rule["commitment"]) for rule in record[name]["rules"]}
            for name in ("base", "scenario")
            if record[name] is not None
        }
        if any(set(named) != set(RULES) for named in rules.values()):
            raise ValueError(f"it knows other rules than {', '.join(RULES)}")
        if record["advice"] not in rules:
            raise ValueError(f"its advice is {record['advice']!r}")
        return KeptPlan(load_plan(record["settings"]), record["advice"], rules)
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"plan.json cannot be read: {error.strerror}"
        raise SourceError(what, where=Place(str(path)), fix="check its permissions") from error
    except (*_SENSELESS, SettingError) as error:
        raise SourceError(
            f"plan.json is damaged or of another version: {error}",
            where=Place(str(path)),
            fix="make the plan again: upswell forecast ... --plan plan.toml --out DIR",
        ) from error


def overlaid_views(forecast: Forecast, settings: PlanSettings) -> NDArray[np.float64] | None:
    """Return the views a day that a plan's overlays leave of a forecast's total.

    Parameters
    ----------
    forecast
        With joint paths.
    settings
        Of the plan.

    Returns
    -------
    numpy.ndarray or None
        Shape ``(P, H)``, without what caps and throttles turn away; None when there is no overlay.
    """
    if not settings.overlays:
        return None
    future = lay_over(forecast, settings.overlays)
    if future.throttle is None:
        return future.views
    by_hour = views_by_hour(future.views, profile_shares(settings.profile), future.throttle)
    let_in = by_hour.sum(axis=2) * (HOURS // by_hour.shape[2])
    return np.asarray(np.minimum(let_in, future.views))


def look_back(plan: KeptPlan, actual: NDArray[np.float64]) -> Hindsight | None:
    """Say what the commitments of a plan cost on the days that came.

    Parameters
    ----------
    plan
        The plan.
    actual
        Views of each day of its horizon, shape ``(H,)``; NaN where a day has not come or has no
        total. These are billed for nobody.

    Returns
    -------
    Hindsight or None
        None when no day has come.

    Examples
    --------
    >>> settings = load_plan(
    ...     {"unit": {"views_per_hour": 50}, "prices": {"reserved": 0.06, "on_demand": 0.1}}
    ... )
    >>> plan = KeptPlan(settings, "base", {"base": dict.fromkeys(RULES, 3)})
    >>> found = look_back(plan, np.array([2400.0, np.nan]))
    >>> [(rule.name, rule.commitment, round(rule.cost.expected, 2)) for rule in found.rules[-2:]]
    [('peak', 3, 4.32), ('perfect-foresight', 2, 2.88)]
    """
    came = actual[np.isfinite(actual)]
    if not len(came):
        return None
    settings = plan.settings
    load = hourly_load(came[None], profile_shares(settings.profile), settings.unit)
    terms = Terms.of(settings)
    billed = {
        name: compare_rules(load, terms, {rule: units[rule] for rule in RULES[:-1]})
        for name, units in plan.commitments.items()
    }
    return Hindsight(
        currency=settings.prices.currency,
        days=len(came),
        horizon=len(actual),
        advice=plan.advice,
        rules=billed[plan.advice],
        base=None if plan.advice == "base" else billed["base"],
    )
