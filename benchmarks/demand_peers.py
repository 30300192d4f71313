"""Other libraries in the demand benchmark, with the quantiles that they give themselves."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass

import numpy as np
from demand_scores import Answer
from demand_windows import Floats, Window, interpolated

SEASON, LEAST_DAYS = 7, 14
LARGEST_LOG = 50.0


@dataclass(frozen=True)
class Statistical:
    """A model of statsforecast with its own ranges, fitted to each series alone.

    Parameters
    ----------
    family
        The class in ``statsforecast.models``.
    log
        Whether it sees ``log(1 + y)``.
    levels
        Levels of the quantiles.
    """

    family: str
    log: bool
    levels: tuple[float, ...]

    def answer(self, window: Window) -> Answer:
        """Fit one model a series; a series on which it fails has no answer."""
        horizon = window.truth.shape[1]
        out = np.full((len(self.levels), window.series, horizon), np.nan)
        for index, row in enumerate(interpolated(window.history)):
            seen = row[np.isfinite(row)]
            if len(seen) >= LEAST_DAYS:
                out[:, index] = self._one(seen, horizon)
        return Answer(out)

    def _one(self, seen: Floats, horizon: int) -> Floats:
        from statsforecast import models

        # Counting in units of the level changes nothing in the models, but helps their optimisers.
        unit = 1.0 if self.log else float(seen.mean()) or 1.0
        scaled = np.log1p(seen) if self.log else seen / unit
        widths = [round(200 * abs(level - 0.5)) for level in self.levels]
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                model = getattr(models, self.family)(season_length=SEASON)
                wanted = sorted({width for width in widths if width})
                found = model.forecast(scaled, horizon, level=wanted)
        except Exception:  # noqa: BLE001 - the library raises bare exceptions
            return np.full((len(self.levels), horizon), np.nan)
        keys = [
            "mean" if not width else f"{'lo' if level < 0.5 else 'hi'}-{width}"
            for level, width in zip(self.levels, widths, strict=True)
        ]
        rows = np.stack([np.asarray(found[key], dtype=np.float64) for key in keys])
        back = np.expm1(np.minimum(rows, LARGEST_LOG)) if self.log else rows * unit
        # Ranges come from simulation, the middle does not: close to it they may cross.
        return np.sort(np.maximum(back, 0.0), axis=0)


@dataclass(frozen=True)
class AutoGluon:
    """AutoGluon-TimeSeries, trained on the series of each window.

    Parameters
    ----------
    levels
        Levels of the quantiles.
    seconds
        Time limit of one training.
    presets
        Its name for what is tried; models that need the network are left out.
    """

    levels: tuple[float, ...]
    seconds: int = 60
    presets: str = "high_quality"

    def answer(self, window: Window) -> Answer:
        """Train on all series of the window together."""
        import pandas as pd
        from autogluon.timeseries import TimeSeriesDataFrame, TimeSeriesPredictor

        horizon = window.truth.shape[1]
        days, items = window.history.shape[1], window.series
        first = pd.Timestamp("1970-01-01") + pd.Timedelta(days=window.start)
        frame = pd.DataFrame(
            {
                "item_id": np.repeat([f"{item:03d}" for item in range(items)], days),
                "timestamp": np.tile(pd.date_range(first, periods=days, freq="D"), items),
                "target": interpolated(window.history).ravel(),
            }
        ).dropna()
        data = TimeSeriesDataFrame.from_data_frame(frame)
        with tempfile.TemporaryDirectory() as folder:
            predictor = TimeSeriesPredictor(
                prediction_length=horizon,
                freq="D",
                eval_metric="SQL",
                quantile_levels=list(self.levels),
                path=folder,
                verbosity=0,
            )
            predictor.fit(
                data,
                presets=self.presets,
                time_limit=self.seconds,
                excluded_model_types=["Chronos", "Chronos2", "Toto"],
                random_seed=0,
            )
            found = predictor.predict(data)
        out = np.full((len(self.levels), items, horizon), np.nan)
        for item in found.item_ids:
            rows = found.loc[item][[str(level) for level in self.levels]].to_numpy().T
            # Quantiles that cross are put in order: that never makes them worse.
            out[:, int(item)] = np.sort(np.maximum(rows, 0.0), axis=0)
        return Answer(out)
