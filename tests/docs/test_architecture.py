"""The drawing of the house is held to the house."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from pathlib import Path

import pytest

from documents import ROOT, blocks, codes, read, rows, section
from upswell import errors
from upswell.data import Action
from upswell.forecasting.ladder import REASONS
from upswell.releases import deciding
from upswell.releases.answers import CODES

SOURCE = ROOT / "src" / "upswell"
TEXT = read("docs/architecture.md")
FINDINGS = {"Repair", "CellFinding", "RowFinding", "of_mask", "_flagged", "_finding"}
RELEASE_FINDINGS = {"Repair", "Finding", "ignored_columns"}


def _constants(node: ast.AST) -> set[str]:
    """Texts that an expression may have as its value."""
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _bound(scope: ast.AST, name: str) -> set[str]:
    """Texts that a name may have: what is assigned to it, or what a loop hands to it."""
    found = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                found |= _constants(node.value)
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            names = [part.id for part in node.target.elts if isinstance(part, ast.Name)]
            if name in names:
                for value in _looped(scope, node.iter, names.index(name)):
                    found |= _constants(value)
    return found


def _looped(scope: ast.AST, iterated: ast.expr, place: int) -> list[ast.expr]:
    """What a loop over a tuple of tuples, a dict's items or a zip hands to one of its names."""
    if isinstance(iterated, ast.Tuple):
        return [row.elts[place] for row in iterated.elts if isinstance(row, ast.Tuple)]
    if isinstance(iterated, ast.Call) and getattr(iterated.func, "id", "") == "zip":
        values = iterated.args[place]
        return list(values.elts) if isinstance(values, ast.Tuple) else []
    if isinstance(iterated, ast.Call) and getattr(iterated.func, "attr", "") == "items":
        assert isinstance(iterated.func, ast.Attribute)
        assert isinstance(iterated.func.value, ast.Name)
        for node in ast.walk(scope):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Dict):
                continue
            if iterated.func.value.id in [getattr(target, "id", "") for target in node.targets]:
                return [key for key in node.value.keys if key is not None]
    return []


def _first_arguments(path: Path, functions: set[str], keyword: str) -> set[str]:
    """Texts that calls of some functions are given as their first argument or by keyword."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for call in [node for node in ast.walk(scope) if isinstance(node, ast.Call)]:
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name not in functions:
                continue
            given = [key.value for key in call.keywords if key.arg == keyword] or call.args[:1]
            for node in given:
                found |= _bound(scope, node.id) if isinstance(node, ast.Name) else _constants(node)
    return found


def _ledger_codes(room: str, functions: set[str]) -> set[str]:
    found = set()
    for path in (SOURCE / room).rglob("*.py"):
        found |= _first_arguments(path, functions, "code")
    return found


def _refusal_codes(*, releases: bool) -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        if ((SOURCE / "releases") in path.parents) != releases:
            continue
        found |= {
            key.value.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusalError"
            for key in node.keywords
            if key.arg == "code" and isinstance(key.value, ast.Constant)
        }
    return found


def _listed(text: str) -> list[str]:
    """The codes of a table, each once."""
    listed = [codes(row[0])[0] for row in rows(text)]
    assert len(set(listed)) == len(listed)
    return listed


def test_every_room_drawn_exists_and_every_package_is_drawn() -> None:
    lines = blocks(section(TEXT, "Rooms"))[0].lines
    assert lines[0] == "src/upswell/"
    drawn = {line.split()[0] for line in lines[1:]}
    assert all((SOURCE / name).exists() for name in drawn)
    packages = {
        f"{path.parent.relative_to(SOURCE).as_posix()}/"
        for path in SOURCE.rglob("__init__.py")
        if path.parent != SOURCE
    }
    assert packages == {name for name in drawn if name.endswith("/")}


def test_the_floors_drawn_are_those_that_the_linter_holds() -> None:
    settings = tomllib.loads(read("pyproject.toml"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layered,) = [contract for contract in contracts if contract["type"] == "layers"]
    layers = [layer.replace("upswell.", "") for layer in layered["layers"]]
    assert list(blocks(section(TEXT, "Floors"))[0].lines) == layers


def test_the_tables_of_the_ledger_have_every_code_and_no_other() -> None:
    panel, releases = section(TEXT, "How the contract repairs").split("The release tables are read")
    assert set(_listed(panel)) == _ledger_codes("data", FINDINGS)
    assert set(_listed(releases)) == _ledger_codes("releases", RELEASE_FINDINGS)
    named = {name for row in rows(panel + releases) for name in row[1].split(", ")}
    assert named <= {str(action) for action in Action}


def test_the_ladder_has_every_code_and_no_other() -> None:
    listed = _listed(section(TEXT, "The refusal ladder"))
    assert set(listed) == _refusal_codes(releases=False) | set(REASONS)


def test_the_two_jobs_are_kept_apart() -> None:
    settings = tomllib.loads(read("pyproject.toml"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (apart,) = [contract for contract in contracts if contract["type"] == "independence"]
    assert apart["modules"] == ["upswell.forecasting", "upswell.releases"]


def test_the_codes_of_the_release_job_are_all_there_with_their_meaning() -> None:
    answers, refusals = section(TEXT, "How releases are scored").split("`status` is")
    assert {codes(row[0])[0]: row[1] for row in rows(answers)} == CODES
    assert set(_listed(refusals)) == _refusal_codes(releases=True)


def test_the_decisions_and_their_codes_are_all_there_with_their_meaning() -> None:
    decisions, against = section(TEXT, "How releases are decided on").split("| code of a decision")
    assert {codes(row[0])[0]: row[1] for row in rows(decisions)} == deciding.DECISIONS
    listed = rows(f"| code of a decision{against}")
    assert {codes(row[0])[0]: row[1] for row in listed} == deciding.CODES


@pytest.mark.parametrize("place", ["the document", "the docstring"])
def test_the_tree_of_errors_is_the_one_in_the_code(place: str) -> None:
    if place == "the document":
        lines = list(blocks(section(TEXT, "Errors"))[0].lines)
    else:
        lines = textwrap.dedent(str(errors.__doc__).split("::\n\n")[1].split("\n\n")[0]).split("\n")
    drawn = [re.sub(r"[^A-Za-z ].*|exit.*", "", line.lstrip("├│└─ ")).split()[0] for line in lines]
    assert sorted(drawn) == sorted(set(errors.__all__) - {"Place"})
    for line, name in zip(lines, drawn, strict=True):
        kind = getattr(errors, name)
        depth = len(line) - len(line.lstrip("├│└─ "))
        assert len(kind.__mro__) - len(errors.UpswellError.__mro__) == depth // 4
        said = re.search(r"exit (\d)", line)
        if said is not None:
            assert kind.exit_code == int(said[1])


@pytest.mark.parametrize(
    "document", ["docs/architecture.md", "docs/reference.md", "CONTRIBUTING.md"]
)
def test_every_module_and_test_named_exists(document: str) -> None:
    text = re.sub(r"(?s)```.*?```", "", read(document))
    named = {n for n in codes(text) if re.fullmatch(r"[\w/.]+\.py|(?:src|tests)/[\w/]+", n)}
    assert named
    for name in sorted(named):
        homes = [ROOT, SOURCE, SOURCE.parent, SOURCE / "forecasting"]
        assert any((home / name).exists() for home in homes), f"{name} does not exist"


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_front_pages_lead_somewhere(path: str) -> None:
    _check_links(ROOT / path)


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in sorted((ROOT / "docs").rglob("*.md")):
        _check_links(path)


def _check_links(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        there = path if not file else (path.parent / file).resolve()
        if there == ROOT / "docs" / "benchmarks.md" and not there.exists():
            continue  # its figures take hours, so that page may come later than the others
        assert there.exists(), f"{path.name} links to {target}, which does not exist"
        if anchor:
            heads = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in anchors, f"{path.name} links to {target}"
