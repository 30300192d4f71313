"""A trained release job as it is kept: experts, memory and facts, as one bundle of plain data."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upswell.errors import BundleError, SettingError
from upswell.releases.config import ReleasesConfig, config_record, load_config
from upswell.releases.gate import Memory
from upswell.releases.models.bundle import KIND, Parts, pack, unpack
from upswell.releases.models.expert import Expert
from upswell.releases.models.schema import FeatureSchema
from upswell.store import bundle_bytes, parse_bundle, read_bundle, write_bytes
from upswell.store.hashing import sha256_bytes

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.judging import ReleaseScorecard
    from upswell.releases.models.tuning import TuningResult

__all__ = ["OpenedBundle", "TrainedReleases", "load_trained", "open_trained"]

_FRAMES = ("records", "platform")
_WHOLE, _SHORT = "complete", "short"
_KEPT = "kept/"


@dataclass(frozen=True)
class TrainedReleases:
    """A trained release job.

    Parameters
    ----------
    config
        The settings it was taught with; sources of tables are not kept.
    as_of
        The last day of which anything was known.
    complete, short
        The experts for complete and for short windows; None for a window of one day.
    schema
        Features and metrics that they were taught on.
    memory
        What past releases came to, and the platform's level.
    facts
        Counts, seeds, hashes, tuning and the final test, as JSON has them.
    kept
        Tables that decisions, reasons and watching need of the past, by name.
    scorecard
        The final test; None where there was none, or after loading.
    studies
        The tuning; empty after loading.
    sha256
        Of the bundle, once written or read.
    """

    config: ReleasesConfig
    as_of: dt.date
    complete: Expert
    short: Expert | None
    schema: FeatureSchema
    memory: Memory
    facts: Mapping[str, Any]
    kept: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    scorecard: ReleaseScorecard | None = None
    studies: tuple[TuningResult, ...] = ()
    sha256: str | None = None

    def to_bytes(self) -> bytes:
        """Return the bundle; the same training gives the same bytes."""
        models = self.complete.entries(_WHOLE)
        if self.short is not None:
            models |= self.short.entries(_SHORT)
        for name in _FRAMES:
            models[f"memory/{name}.parquet"] = _parquet(getattr(self.memory, name))
        for name, frame in sorted(self.kept.items()):
            models[f"{_KEPT}{name}.parquet"] = _parquet(frame)
        facts = {
            "config": config_record(self.config),
            "as_of": self.as_of.isoformat(),
            "memory": self.memory.settings(),
            "training": dict(self.facts),
        }
        entries, meta = pack(Parts(self.schema, models, facts))
        return bundle_bytes(KIND, entries, meta, created_by="upswell releases train")

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the bundle, whole or not at all, and return its SHA-256.

        Raises
        ------
        OutputError
            When the place cannot be written to.
        """
        data = self.to_bytes()
        write_bytes(path, data)
        return sha256_bytes(data)


@dataclass(frozen=True)
class OpenedBundle:
    """A bundle whose hashes were checked, and whose models are not read yet.

    Parameters
    ----------
    config
        The settings it was taught with.
    parts
        Entries and facts.
    sha256
        Of the bundle.
    """

    config: ReleasesConfig
    parts: Parts
    sha256: str

    def load(self) -> TrainedReleases:
        """Read the models; everything was checked before native code parses anything.

        Raises
        ------
        BundleError
            When what it holds is damaged.
        """
        facts, config = self.parts.facts, self.config
        with _damage_told():
            as_of = dt.date.fromisoformat(facts["as_of"])
            memory = _memory(self.parts.models, facts["memory"])
            training = dict(facts["training"])
        experts = {
            name: Expert.from_entries(self.parts.models, name)
            for name in (_WHOLE, _SHORT)
            if name == _WHOLE or f"{name}/expert.json" in self.parts.models
        }
        for expert in experts.values():
            if expert.bounds != config.tiers.bounds or len(expert.weights) != len(config.horizons):
                raise BundleError("the bundle's models are not of its settings", fix="train again")
        return TrainedReleases(
            config=config,
            as_of=as_of,
            complete=experts[_WHOLE],
            short=experts.get(_SHORT),
            schema=self.parts.schema,
            memory=memory,
            facts=training,
            kept=_kept(self.parts.models),
            sha256=self.sha256,
        )


def open_trained(source: str | os.PathLike[str] | bytes) -> OpenedBundle:
    """Open a bundle: check it, and read its settings.

    Parameters
    ----------
    source
        The path of a bundle, or its bytes.

    Raises
    ------
    BundleError
        When it cannot be read, is damaged, foreign, or of a later version.
    """
    bundle = parse_bundle(source, KIND) if isinstance(source, bytes) else read_bundle(source, KIND)
    parts = unpack(bundle)
    with _damage_told():
        return OpenedBundle(load_config(parts.facts["config"]), parts, bundle.sha256)


def load_trained(source: str | os.PathLike[str] | bytes) -> TrainedReleases:
    """Read a bundle; parameters and errors as of `open_trained`."""
    return open_trained(source).load()


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turn what goes wrong in reading the facts into an error of the bundle."""
    try:
        yield
    except (KeyError, TypeError, ValueError, SettingError) as error:
        raise BundleError(
            "the bundle's facts are damaged", fix="get the bundle again, or train the model again"
        ) from error


def _memory(models: Mapping[str, bytes], head: Mapping[str, Any]) -> Memory:
    frames = {name: _frame(models[f"memory/{name}.parquet"]) for name in _FRAMES}
    return Memory.restored(head, **frames)


def _kept(models: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    return {
        name.removeprefix(_KEPT).removesuffix(".parquet"): _frame(data)
        for name, data in models.items()
        if name.startswith(_KEPT)
    }


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _frame(data: bytes) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BundleError("a table of the bundle is damaged") from error
