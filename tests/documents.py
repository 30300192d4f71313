"""What the tests of documents read from Markdown: sections, tables and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, and the line on which it opens."""

    language: str
    lines: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """The text under a heading of any level, up to the next one of that level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert match, f"there is no section {title!r}"
    rest = text[match.end() :]
    end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def blocks(text: str) -> list[Block]:
    found, open_at, language, lines = [], 0, "", []
    for number, line in enumerate(text.splitlines(), start=1):
        if open_at and line.startswith("```"):
            found.append(Block(language, tuple(lines), open_at))
            open_at = 0
        elif line.startswith("```"):
            open_at, language, lines = number, line[3:].strip(), []
        elif open_at:
            lines.append(line)
    assert not open_at, f"the block of line {open_at} is not closed"
    return found


def rows(text: str) -> list[list[str]]:
    """The cells of all tables, without heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    found = []
    for index, line in enumerate(lines):
        is_rule = set(line) <= set("|-: ")
        is_head = index + 1 < len(lines) and set(lines[index + 1]) <= set("|-: ")
        if not is_rule and not is_head:
            found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def codes(cell: str) -> list[str]:
    """What stands in backquotes."""
    return re.findall(r"`([^`\n]+)`", cell)


def keys_of(record: dict[str, Any], opened: Collection[str], path: str = "") -> set[str]:
    """The keys of a record as documents write them, `a.b` and `a[].b`; `opened` count whole."""
    found = set()
    for name, value in record.items():
        key = path + name
        if isinstance(value, dict) and key not in opened:
            found |= keys_of(value, opened, f"{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found |= keys_of(value[0], opened, f"{key}[].")
        else:
            found.add(key)
    return found
