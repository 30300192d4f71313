"""The gate's features once more, in plain Python loops over the rows: slow and obvious."""

from __future__ import annotations

import datetime as dt
import math
from statistics import mean, median
from typing import Any

import numpy as np

from releases.gate.tables import FrameTables, days_after

Row = dict[str, Any]
Value = float | str | None


class Oracle:
    """All features of one release at its own gate."""

    def __init__(
        self,
        tables: FrameTables,
        release: str,
        *,
        window: int,
        age: int,
        horizons: tuple[int, ...],
        base: str = "views",
        zero: bool = False,
    ) -> None:
        self.tables, self.window, self.age = tables, window, age
        self.horizons, self.base, self.zero = horizons, base, zero
        self.releases = {row["release"]: row for row in tables.releases.to_dicts()}
        self.signals = tables.signals.to_dicts()
        self.outcomes = tables.outcomes.to_dicts()
        self.release = release
        self.date: dt.date = self.releases[release]["release_date"]
        self.gate = days_after(self.date, age - 1)
        self.told = [row for row in self.signals if moment(row) <= self.gate]
        self.own = [row for row in self.told if row["release"] == release]
        self.third = math.ceil(age / 3)

    def features(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for metric in self.tables.metrics:
            found |= self.metric(metric)
        found |= self.ratios() | self.days() | self.calendar() | self.company() | self.season()
        if self.tables.has_creator:
            found |= self.creators()
        for h in self.horizons:
            found |= self.decay(h)
        if self.tables.has_artist:
            found |= self.record("artist", "artist")
        for name, kind in self.tables.attributes.items():
            if kind == "category":
                found |= self.record(name, name)
            found[name] = self.releases[self.release][name] if self.is_known() else None
        return found

    def is_known(self) -> bool:
        known = self.releases[self.release]["known"]
        return known is None or known <= self.gate

    def daily(self, metric: str) -> dict[int, float | None]:
        found: dict[int, float | None] = {}
        for k in range(1, self.age + 1):
            counts = [
                row[metric]
                for row in self.own
                if row["day"] == days_after(self.date, k - 1) and row[metric] is not None
            ]
            found[k] = math.fsum(counts) if counts else (0.0 if self.zero else None)
        return found

    def total(self, metric: str) -> float:
        return math.fsum(v for v in self.daily(metric).values() if v is not None)

    def metric(self, m: str) -> dict[str, Value]:
        day, age, total = self.daily(m), self.age, self.total(m)
        seen = {k: v for k, v in day.items() if v is not None}
        step = max(1, age // 3)
        blocks = [
            average(day, range(age - step * (j + 1) + 1, age - step * j + 1))
            if age - step * (j + 1) >= 0
            else None
            for j in range(3)
        ]
        velocity, earlier = log_ratio(blocks[0], blocks[1]), log_ratio(blocks[1], blocks[2])
        first, last = self.thirds(m)
        peak = max(seen.values(), default=None)
        peak_day = min((k for k, v in seen.items() if v == peak), default=None)
        reached, half = 0.0, None
        for k in range(1, age + 1):
            reached += day[k] or 0.0
            if half is None and total > 0 and reached * 2 >= total * (1 - 1e-12):
                half = k
        weekdays = {k: days_after(self.date, k - 1).weekday() for k in day}
        weekend = average(day, [k for k in day if weekdays[k] >= 5])
        others = average(day, [k for k in day if weekdays[k] < 5])
        found: dict[str, Value] = {
            "log_total": math.log1p(total),
            "log_last_day": log(day[age]),
            "log_last_two_days": log(average(day, [age - 1, age])),
            "velocity": velocity,
            "acceleration": None if velocity is None or earlier is None else velocity - earlier,
            "last_third_against_first": log_ratio(last, first) if age > 1 else None,
            "last_day_share": share(day[age], total),
            "peak_day": peak_day,
            "peak_share": share(peak, total),
            "days_since_peak": None if peak_day is None else age - peak_day,
            "fall_from_peak": log_ratio(day[age], peak),
            "half_day": half,
            "weekend_against_weekdays": log_ratio(weekend, others),
            "log_previews": math.log1p(self.before(m, -59, 0)),
            "log_earlier_life": math.log1p(self.before(m, -10_000, -60)),
            **self.line(seen),
        }
        for k in range(1, self.window + 1):
            found[f"log_day_{k}"] = log(day.get(k))
        for k in {round(self.window / 3), round(2 * self.window / 3)} - {0, 1, self.window}:
            so_far = math.fsum(day[j] or 0.0 for j in range(1, min(k, age) + 1))
            found[f"log_cumulated_day_{k}"] = math.log1p(so_far) if k <= age else None
        if self.window > 7:
            found["week_over_week"] = self.weeks(day)
        found = {f"{m}_{name}": value for name, value in found.items()}
        return found | self.platform(m, day[age], total, first, last)

    def weeks(self, day: dict[int, float | None]) -> float | None:
        pairs = [
            (day[k], day[k - 7])
            for k in range(max(8, self.age - 6), self.age + 1)
            if day[k] is not None and day[k - 7] is not None
        ]
        return log_ratio(mean(a for a, _ in pairs), mean(b for _, b in pairs)) if pairs else None

    def before(self, metric: str, first: int, last: int) -> float:
        return math.fsum(
            row[metric] or 0.0
            for row in self.own
            if first <= (row["day"] - self.date).days + 1 <= last
        )

    def thirds(self, metric: str) -> tuple[float | None, float | None]:
        day = self.daily(metric)
        first = average(day, range(1, self.third + 1))
        return first, average(day, range(self.age - self.third + 1, self.age + 1))

    @staticmethod
    def line(seen: dict[int, float]) -> dict[str, Value]:
        if len(seen) < 2:
            return {"growth_a_day": None, "growth_spread": None}
        days = np.array(list(seen), dtype=float)
        logs = np.log1p(np.array(list(seen.values())))
        slope, level = np.polyfit(days, logs, 1)
        spread = float(np.sqrt(np.mean((logs - level - slope * days) ** 2)))
        return {"growth_a_day": float(slope), "growth_spread": spread if len(seen) > 2 else None}

    def platform(
        self, m: str, last_day: float | None, total: float, first: float | None, last: float | None
    ) -> dict[str, Value]:
        def level(days: range | list[int]) -> float:
            wanted = {days_after(self.gate, -back) for back in days}
            return math.fsum(row[m] or 0.0 for row in self.told if row["day"] in wanted)

        week, month = level(range(7)), level(range(28))
        weekday = level([0, 7, 14, 21]) / 4
        ours, theirs = (
            log_ratio(last, first),
            log_ratio(
                level(range(self.third)),
                level(range(self.age - self.third, self.age)),
            ),
        )
        growth = None if ours is None or theirs is None or self.age == 1 else ours - theirs
        found: dict[str, Value] = {
            f"platform_{m}_log_7_days": math.log1p(week),
            f"platform_{m}_log_28_days": math.log1p(month),
            f"platform_{m}_week_against_month": log_ratio(week / 7, month / 28),
            f"{m}_log_share_of_platform": log_ratio(total, level(range(self.age))),
            f"{m}_last_day_against_platform": log_ratio(last_day, weekday),
            f"{m}_growth_against_platform": growth,
        }
        return found if self.reaches(27) else dict.fromkeys(found)

    def level(self, metric: str, back: range | list[int]) -> float:
        wanted = {days_after(self.gate, -days) for days in back}
        return math.fsum(row[metric] or 0.0 for row in self.told if row["day"] in wanted)

    def reaches(self, days: int) -> bool:
        first = min((row["day"] for row in self.told), default=None)
        return first is not None and first <= days_after(self.gate, -days)

    def season(self) -> dict[str, Value]:
        ahead = max(1, max(self.horizons) - self.age)
        moves = []
        for year in (1, 2, 3):
            then = days_after(self.gate, -364 * year)

            def level(first: int, last: int, then: dt.date = then) -> float:
                return math.fsum(
                    row[self.base] or 0.0
                    for row in self.told
                    if first <= (row["day"] - then).days <= last
                )

            reached = self.reaches(364 * year + 6)
            moves.append(log_ratio(level(1, ahead) / ahead, level(-6, 0) / 7) if reached else None)
        some = [move for move in moves if move is not None]
        return {
            "platform_season_ahead": moves[0],
            "platform_season_ahead_3_years": mean(some) if some else None,
        }

    def ratios(self) -> dict[str, Value]:
        (i, j), age = self.tables.metrics, self.age
        (first_i, last_i), (first_j, last_j) = self.thirds(i), self.thirds(j)
        now, then = log_ratio(last_i, last_j), log_ratio(first_i, first_j)
        growth = None if now is None or then is None or age == 1 else now - then
        window, weekdays = range(age), [0, 7, 14, 21]
        known = self.reaches(27)
        whole = log_ratio(self.total(i), self.total(j))
        last_day = log_ratio(self.daily(i)[age], self.daily(j)[age])
        against, last_against = (
            None
            if own is None or not known
            else own - log_ratio(self.level(i, days), self.level(j, days))
            for own, days in ((whole, window), (last_day, weekdays))
        )
        return {
            f"{i}_per_{j}_against_platform": against,
            f"{i}_per_{j}_last_day_against_platform": last_against,
            f"{i}_per_{j}_log_total": log_ratio(self.total(i), self.total(j)),
            f"{i}_per_{j}_log_last_day": log_ratio(self.daily(i)[age], self.daily(j)[age]),
            f"{i}_per_{j}_growth": growth,
        }

    def days(self) -> dict[str, Value]:
        numbers = [(row["day"] - self.date).days + 1 for row in self.own]
        seen = sorted({n for n in numbers if n >= 1})
        gaps = "".join("." if k in seen else "x" for k in range(1, self.age + 1)).split(".")
        return {
            "days_observed": len(seen),
            "days_missing": self.age - len(seen),
            "longest_gap": max(len(gap) for gap in gaps),
            "first_activity_delay": seen[0] - 1 if seen else None,
            "log_rows": math.log1p(sum(n >= 1 for n in numbers)),
            "preview_days": len({n for n in numbers if -59 <= n <= 0}),
            "earlier_life": float(any(n < -59 for n in numbers)),
            "early_burst_share": self.burst(),
        }

    def burst(self) -> float | None:
        day = self.daily(self.base)
        early = math.fsum(day[k] or 0.0 for k in range(1, self.third + 1))
        return share(early, self.total(self.base))

    def creators(self) -> dict[str, Value]:
        inside = [row for row in self.own if row["day"] >= self.date]
        amounts: dict[str, float] = {}
        first_seen: dict[str, int] = {}
        for row in inside:
            if (who := row["creator"]) is not None:
                n = (row["day"] - self.date).days + 1
                amounts[who] = amounts.get(who, 0.0) + (row[self.base] or 0.0)
                first_seen[who] = min(first_seen.get(who, n), n)
        count, whole = len(amounts), math.fsum(amounts.values())
        videos = len({row["video"] for row in inside if row["video"] is not None})
        x = np.sort(list(amounts.values()))[::-1]
        some = count > 0 and whole > 0
        gini = float(np.abs(x[:, None] - x[None, :]).sum() / (2 * count * whole)) if some else None
        hhi = float(((x / whole) ** 2).sum()) if some else None
        late = mean(n > self.third for n in first_seen.values()) if count else None
        burst = self.burst()
        new = {k: sum(n == k for n in first_seen.values()) for k in range(1, self.age + 1)}
        last = sum(new[k] for k in range(self.age - self.third + 1, self.age + 1))
        first = sum(new[k] for k in range(1, self.third + 1))
        proxy = None
        if burst is not None and hhi is not None and late is not None:
            proxy = burst * hhi * (1 - late)
        found: dict[str, Value] = {
            "log_creators": math.log1p(count),
            "creators_hhi": hhi,
            "creators_gini": gini,
            "creators_top_1_share": float(x[0] / whole) if some else None,
            "creators_top_5_share": float(x[:5].sum() / whole) if some else None,
            "late_creators_share": late,
            "seeding_proxy": proxy,
            "new_creators_a_day": count / self.age,
            "new_creators_last_against_first": (
                log_ratio(last, first) if count and self.age > 1 else None
            ),
            "log_videos": math.log1p(videos),
            "videos_per_creator": log_ratio(videos, count),
        }
        for k in range(1, self.window + 1):
            known = count > 0 and k <= self.age
            found[f"log_new_creators_day_{k}"] = math.log1p(new[k]) if known else None
        return found

    def calendar(self) -> dict[str, Value]:
        seen = [days_after(self.date, k) for k in range(self.age)]
        ahead = [days_after(self.date, k) for k in range(self.age, max(self.horizons))]
        angle = 2 * math.pi * self.date.timetuple().tm_yday / 365.25
        return {
            "release_weekday": self.date.weekday(),
            "weekend_days_seen": sum(day.weekday() >= 5 for day in seen),
            "weekend_days_ahead": sum(day.weekday() >= 5 for day in ahead),
            "release_month": self.date.month,
            "season_sine": math.sin(angle),
            "season_cosine": math.cos(angle),
        }

    def others(self) -> list[Row]:
        return [
            row
            for row in self.releases.values()
            if row["release"] != self.release and (row["known"] or dt.date.min) <= self.gate
        ]

    def company(self) -> dict[str, Value]:
        week = [row for row in self.others() if 0 <= (self.gate - row["release_date"]).days < 7]
        amount = math.fsum(
            row[self.base] or 0.0
            for other in week
            for row in self.told
            if row["release"] == other["release"] and row["day"] >= other["release_date"]
        )
        month = [row for row in self.others() if 0 <= (self.gate - row["release_date"]).days < 28]
        own = int(self.is_known() and self.age <= 28)
        before = [row for row in self.others() if 0 <= (self.date - row["release_date"]).days < 7]
        ours = self.total(self.base)
        larger = [
            self.at_age(row["release"]).total(self.base) > ours + 1e-12 * ours for row in before
        ]
        return {
            "platform_log_releases_28_days": math.log1p(len(month) + own),
            "rivals_log_releases": math.log1p(len(week)),
            "rivals_log_total": math.log1p(amount),
            "rivals_log_ratio": log_ratio(ours, amount),
            "week_log_releases": math.log1p(len(before)),
            "week_rank": mean(larger) if larger else None,
        }

    def at_age(self, release: str) -> Oracle:
        return Oracle(
            self.tables,
            release,
            window=self.window,
            age=self.age,
            horizons=self.horizons,
            base=self.base,
        )

    def mature(self, horizon: int, day: dt.date) -> list[Row]:
        """Return releases whose outcome was known at a day, with outcome and base."""
        found = []
        for row in self.releases.values():
            date, known = row["release_date"], row["known"] or dt.date.min
            rows = [o for o in self.outcomes if o["release"] == row["release"] and moment(o) <= day]
            closed = days_after(date, horizon - 1)
            ready = max(closed, days_after(date, self.window), known)
            if not rows or ready > day:
                continue
            streams = math.fsum(o["streams"] or 0.0 for o in rows if date <= o["day"] <= closed)
            bases = [self.base_of(row["release"], date, k) for k in (self.age, self.age - 1)]
            found.append({**row, "closed": closed, "streams": streams, "bases": bases})
        return found

    def base_of(self, release: str, date: dt.date, age: int) -> float | None:
        end = days_after(date, age - 1)
        counts = [
            row[self.base]
            for row in self.signals
            if row["release"] == release
            and row["day"] >= date
            and moment(row) <= end
            and row[self.base] is not None
        ]
        return math.fsum(counts) if counts else None

    def decay(self, h: int) -> dict[str, Value]:
        sunday = days_after(self.gate, -((self.gate.weekday() + 1) % 7))
        lately = [
            row for row in self.mature(h, sunday) if (row["bases"][0] or 0) > (row["bases"][1] or 0)
        ]
        found: dict[str, Value] = {}
        for span in (56, 180, 400):
            those = [row for row in lately if row["closed"] > days_after(sunday, -span)]
            ratios = [ratio_of(row) for row in those]
            above = math.fsum(row["streams"] for row in those)
            below = math.fsum(row["bases"][0] for row in those)
            found |= {
                f"recent_{span}_days_log_releases_{h}": math.log1p(len(those)),
                f"recent_{span}_days_mean_log_ratio_{h}": mean(ratios) if ratios else None,
                f"recent_{span}_days_median_log_ratio_{h}": median(ratios) if ratios else None,
                f"recent_{span}_days_log_ratio_of_totals_{h}": (
                    log_ratio(above, below) if those else None
                ),
            }
        alike = [
            ratio_of(row)
            for row in lately
            if row["closed"] > days_after(sunday, -400)
            and row["release_date"].weekday() == self.date.weekday()
        ]
        enough = len(alike) >= 5
        found[f"recent_weekday_median_log_ratio_{h}"] = median(alike) if enough else None
        return found

    def record(self, name: str, column: str) -> dict[str, Value]:
        owner = self.releases[self.release][column] if self.is_known() else None
        found: dict[str, Value] = {}
        latest = []
        for h in self.horizons:
            everybody = self.mature(h, self.gate)
            assert all(row["release"] != self.release for row in everybody)
            same = [row for row in everybody if owner is not None and row[column] == owner]
            latest += [row["release_date"] for row in same]
            sizes = [math.log1p(row["streams"]) for row in same]
            ratios = [ratio_of(row) for row in same if row["bases"][0]]
            found |= {
                f"{name}_log_mature_{h}": math.log1p(len(same)),
                f"{name}_mean_log_outcome_{h}": shrunken(
                    sizes, [math.log1p(row["streams"]) for row in everybody]
                ),
                f"{name}_mean_log_ratio_{h}": shrunken(
                    ratios, [ratio_of(row) for row in everybody if row["bases"][0]]
                ),
                f"{name}_best_log_outcome_{h}": max(sizes, default=None),
            }
        found[f"{name}_no_history"] = 0.0 if latest else 1.0
        found[f"{name}_days_since_last"] = (self.date - max(latest)).days if latest else None
        return found


def moment(row: Row) -> dt.date:
    """Return the day from which on a row may be seen."""
    return max(row["day"], row["known"])


def log(value: float | None) -> float | None:
    return None if value is None else math.log1p(value)


def log_ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else math.log1p(above) - math.log1p(below)


def ratio_of(row: Row) -> float:
    return math.log1p(row["streams"]) - math.log1p(row["bases"][0])


def share(part: float | None, whole: float) -> float | None:
    return None if part is None or whole == 0 else part / whole


def average(day: dict[int, float | None], wanted: Any) -> float | None:
    seen = [v for k in wanted if (v := day.get(k)) is not None]
    return mean(seen) if seen else None


def shrunken(own: list[float], everybody: list[float]) -> float | None:
    if not everybody:
        return None
    return (math.fsum(own) + 3 * mean(everybody)) / (len(own) + 3)
