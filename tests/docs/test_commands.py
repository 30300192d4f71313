"""Every command and every line of Python in the documents runs as it stands there.

Lines of a ``console`` block that begin with ``$`` are commands; what follows must appear in their
output, where ``...`` stands for anything and figures may be off a little. ``# exits 3`` behind a
command names its exit code.
"""

from __future__ import annotations

import re
import shlex
import stat
from pathlib import Path

import pytest

from documents import ROOT, Block, blocks
from upswell.cli._run import run

# The benchmarks' commands take hours and read data that is not part of the project.
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if path.name != "benchmarks.md"
    ),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_runs_from_top_to_bottom(
    document: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks((ROOT / document).read_text(encoding="utf-8")):
        place = f"{document}, line {block.line}"
        if block.language == "python":
            exec(compile(block.text, place, "exec"), namespace)
        elif block.language == "console":
            _run_console(block, place, capsys)


def _run_console(block: Block, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert block.lines[0].startswith("$ "), f"{place}: a console block begins with a command"
    for step in "\n".join(block.lines).split("$ ")[1:]:
        command, *expected = step.splitlines()
        command, _, comment = command.partition("  # ")
        words = shlex.split(command)
        if words[0] != "upswell":
            _check_other(words, place)
            continue
        wanted = int(match[1]) if (match := re.fullmatch(r"exits (\d+)", comment)) else 0
        code = run(words[1:])
        shown = capsys.readouterr()
        assert code == wanted, f"{place}: {command} exits with {code}\n{shown.err}"
        lines = [line.strip() for line in (shown.out + shown.err).splitlines()]
        for line in expected:
            assert any(_agree(line.strip(), found) for found in lines), (
                f"{place}: {command} does not print {line!r}\n{shown.out}{shown.err}"
            )


def _agree(expected: str, found: str) -> bool:
    """Whether a line was printed as expected; figures may be off by a tenth.

    Figures of forecasts differ a little between machines; counts and dates are too small to.
    """
    figure = r"\d[\d,]*(?:\.\d+)?"
    pieces = [re.split(figure, part) for part in expected.split("...")]
    pattern = ".*".join(f"({figure})".join(map(re.escape, piece)) for piece in pieces)
    match = re.fullmatch(pattern, found)
    if match is None:
        return False
    wanted = [float(text.replace(",", "")) for text in re.findall(figure, expected)]
    got = [float(text.replace(",", "")) for text in match.groups()]
    return all(abs(one - other) <= 0.1 * other for one, other in zip(got, wanted, strict=True))


def _check_other(words: list[str], place: str) -> None:
    """A command that is not ours is not run, but what it names exists."""
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in words[1:]:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{place}: make {target}"
    elif words[0].startswith("scripts/"):
        mode = (ROOT / words[0]).stat().st_mode
        assert mode & stat.S_IXUSR, f"{place}: {words[0]} cannot be run"
    else:
        assert words[0] in ("pip", "git"), f"{place}: {words[0]} is not checked"


def test_every_python_block_and_command_block_is_marked_as_such() -> None:
    known = {"console", "python", "text", "mermaid"}
    for document in DOCUMENTS:
        for block in blocks((ROOT / document).read_text(encoding="utf-8")):
            assert block.language in known, f"{document}, line {block.line}"
            if block.language != "console":
                assert not any(line.startswith("$ ") for line in block.lines)


def test_the_picture_is_small_enough_for_a_front_page() -> None:
    assert (ROOT / "docs" / "images" / "forecast.png").stat().st_size < 150_000
