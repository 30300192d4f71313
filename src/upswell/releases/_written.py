"""A file that an earlier command wrote, read back, and what is said when it is damaged."""

from __future__ import annotations

from pathlib import Path

from upswell.errors import Place, SourceError

__all__ = ["damaged", "written_text"]

# Far above what a command writes; a larger file is not one of ours.
MOST_BYTES = 50_000_000


def written_text(path: Path, command: str) -> str:
    """Return the text of a file.

    Parameters
    ----------
    path
        The file, in the folder that the command wrote.
    command
        The command, as errors name it.

    Raises
    ------
    SourceError
        When there is none, it is far too large, or it is not UTF-8.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise damaged(path, command)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise damaged(path, command) from error
    except OSError as error:
        raise SourceError(
            f"the folder holds no {path.name} that can be read",
            where=Place(str(path.parent)),
            fix=f"give the folder that {command} wrote to",
        ) from error


def damaged(path: Path, command: str) -> SourceError:
    """Return the error of a file that does not hold what the command writes."""
    return SourceError(
        f"{path.name} is not as {command} writes it",
        where=Place(str(path)),
        fix=f"run {command} again, and give the folder that it writes",
    )
