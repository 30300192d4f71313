"""A training's state between two epochs, in one safetensors file that is replaced whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, SettingError
from upswell.store import write_bytes

__all__ = ["Checkpoint"]


def _digest(arrays: dict[str, NDArray[np.float32]]) -> str:
    """Return the SHA-256 of all names and values."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Checkpoint:
    """Where a training keeps its state.

    Parameters
    ----------
    path
        The file; it need not exist yet.
    training
        Fingerprint of the training: a checkpoint of another one is refused.
    """

    path: Path
    training: str

    def save(self, arrays: dict[str, NDArray[np.float32]], plain: dict[str, Any]) -> None:
        """Replace the file.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        from safetensors.numpy import save

        state = json.dumps({"training": self.training, "arrays": _digest(arrays), "state": plain})
        content = save(arrays, metadata={"upswell.checkpoint": state})
        write_bytes(self.path, content)

    def load(self) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]] | None:
        """Read the file; None when there is none.

        Raises
        ------
        BundleError
            When it is damaged.
        SettingError
            When it belongs to another training.
        """
        from safetensors import SafetensorError, safe_open

        if not self.path.exists():
            return None
        fix = "delete it to train from the start, or name another file"
        try:
            with safe_open(self.path, framework="numpy") as file:
                noted = json.loads((file.metadata() or {})["upswell.checkpoint"])
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            training, state, digest = noted["training"], noted["state"], noted["arrays"]
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the checkpoint {self.path} is damaged", fix=fix) from error
        if digest != _digest(arrays):
            raise BundleError(f"the checkpoint {self.path} is damaged", fix=fix)
        if training != self.training:
            raise SettingError(
                f"the checkpoint {self.path} belongs to a training with other data or settings",
                fix=fix,
            )
        return arrays, state
