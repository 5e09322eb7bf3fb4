"""What import-linter cannot see: how the rooms are kept apart, and how small things stay."""

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey

import audit.app  # noqa: F401 -- brings every table into the metadata
from audit.core.db import Base, db

ROOT = Path(__file__).resolve().parents[1]
AUDIT = ROOT / "audit"
MIGRATIONS = AUDIT / "migrations"
MAX_FILE, MAX_FUNCTION, MAX_MODULE_JS = 400, 40, 150

# What is too long today, how long it is, and why. An entry may only shrink; the next change of
# such a file makes it shorter and takes it off this list.
LONG_FILES: dict[str, tuple[int, str]] = {}
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}

ROOM_FILES = {
    "rules", "models", "queries", "actions", "jobs", "forms", "views", "api", "cli", "__init__",
}  # fmt: skip
# Rooms that wrap one thing name their files by what they hold.
WRAPPING = {
    "core", "geo", "tables", "browser", "queue", "web", "maps", "photos", "checklists", "webscan",
    "demo", "serving", "documents",
}  # fmt: skip


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if MIGRATIONS not in path.parents)


def scripts() -> list[Path]:
    """Python among the scripts, which carry no ending."""
    files = [path for path in (ROOT / "scripts").rglob("*") if path.is_file()]
    return [
        path
        for path in sorted(files)
        if path.suffix == ".py" or path.read_bytes().startswith(b"#!/usr/bin/env python3")
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def rooms() -> dict[str, int]:
    """Each room's height: 0 at the bottom. Rooms on one layer have the same."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    layers = parser["importlinter:contract:rooms"]["layers"].split("\n")
    named = [re.findall(r"\w+", layer) for layer in layers if layer.strip()]
    return {room: height for height, layer in enumerate(reversed(named)) for room in layer}


def folders_of_rooms() -> list[Path]:
    return sorted(
        path for path in AUDIT.iterdir() if (path / "__init__.py").exists() and path.is_dir()
    )


def test_imports_go_down_only() -> None:
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_table_points_only_at_its_own_room_and_at_rooms_below() -> None:
    height = rooms()
    home = {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]
        for mapper in Base.registry.mappers
    }
    assert len(home) >= 15
    up = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if home[table.name] != home[key.column.table.name]
        and height[home[table.name]] <= height[home[key.column.table.name]]
    ]
    assert up == []


def test_constraints_and_indexes_have_names_that_fit_both_databases() -> None:
    for table in db.metadata.sorted_tables:
        keys = [one.constraint for one in table.foreign_keys if isinstance(one, ForeignKey)]
        for part in [*table.constraints, *table.indexes, *keys]:
            name = str(getattr(part, "name", None) or "")
            assert name, f"{table.name}: {part} has no name"
            assert len(name) <= 63, f"{name} is cut by PostgreSQL"


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def test_only_transaction_commits() -> None:
    committing = {
        f"{name_of(path)}:{call.lineno}"
        for path in python_files("audit")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    }
    allowed = {"audit/core/db.py", "audit/core/group.py"}  # transaction() and its line
    assert {one.split(":")[0] for one in committing} == allowed, committing


def test_there_is_one_clock() -> None:
    asking = {
        name_of(path)
        for path in python_files("audit")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"now", "today", "utcnow", "fromtimestamp"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"datetime", "date"}
    }
    assert asking == {"audit/core/clock.py"}


@pytest.mark.parametrize("folder", folders_of_rooms(), ids=lambda path: path.name)
def test_a_room_says_what_it_is_for_and_names_its_files_alike(folder: Path) -> None:
    assert ast.get_docstring(tree_of(folder / "__init__.py")), f"{folder.name} says nothing"
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py"}
    names |= {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    assert not names & {"utils", "util", "helpers", "common", "misc", "services"}
    own = names - ROOM_FILES
    assert bool(own) == (folder.name in WRAPPING), own
    assert f"`{folder.name}`" in (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert (ROOT / "tests" / folder.name).is_dir(), f"no tests/{folder.name}"


def test_the_rooms_that_wrap_one_thing_are_those_that_are_told_of() -> None:
    told = re.search(
        r"Rooms that wrap one thing \((.*?)\)", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.S
    )
    assert told and set(re.findall(r"`(\w+)`", told[1])) == WRAPPING


def all_texts() -> list[Path]:
    written = [*python_files("audit", "tests"), *scripts(), ROOT / "run.py"]
    for folder, suffixes in (("templates", {".html"}), ("static", {".js", ".css", ".html"})):
        written += [path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    return sorted(path for path in written if "vendor" not in path.parts)


def lines_in(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def held_to(debts: dict[str, tuple[int, str]], actual: dict[str, int]) -> None:
    """Nothing new is too long, nothing old has grown, and what has shrunk is written down."""
    assert actual.keys() <= debts.keys(), {k: v for k, v in actual.items() if k not in debts}
    for name, (length, reason) in debts.items():
        assert reason
        assert actual.get(name, 0) == length, f"{name} is {actual.get(name, 'short')} lines now"


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name_of(path): lines_in(path) for path in all_texts()}
    assert len(lengths) > 200
    held_to(LONG_FILES, {name: long for name, long in lengths.items() if long > MAX_FILE})


def test_no_script_of_a_page_is_longer_than_150_lines() -> None:
    modules = [path for path in all_texts() if path.suffix == ".js"]
    assert {name_of(path) for path in modules if lines_in(path) > MAX_MODULE_JS} == set()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield f"{name_of(path)}:{node.name}", (node.end_lineno or 0) - start + 1


def test_no_function_is_longer_than_40_lines() -> None:
    paths = [*python_files("audit"), *scripts(), ROOT / "run.py"]
    long = {
        name: length for path in paths for name, length in functions(path) if length > MAX_FUNCTION
    }
    held_to(LONG_FUNCTIONS, long)


def test_no_function_has_more_than_eight_ways_through() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "C901", "--isolated",
         "--config", "lint.mccabe.max-complexity=8", "audit", "scripts", "run.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout


def test_nothing_is_kept_that_only_tests_use() -> None:
    """Functions, classes and constants at the top of a file, by name; a decorator is a use."""
    trees = [tree_of(path) for path in [*python_files("audit"), *scripts(), ROOT / "run.py"]]
    pages = " ".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    used = {"PLUGINS", *re.findall(r"\w+", pages)}  # of photos: imported before there is a child
    made: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Name(name, ast.Load()) | ast.Attribute(_, name):
                used.add(name)
            case ast.alias(name, str()):
                used.add(name)
    for node in (node for tree in trees for node in tree.body):
        match node:
            case ast.FunctionDef(name, decorator_list=[]) | ast.ClassDef(name, decorator_list=[]):
                made.add(name)
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                made.add(name)
    assert len(made) > 500
    assert {name for name in made - used if not name.startswith("__")} == set()


def test_every_silenced_check_says_which_one() -> None:
    blanket = re.compile(r"#\s*noqa(?!: [A-Z])|#\s*type: ignore(?!\[)")
    found = [
        f"{name_of(path)}:{number}"
        for path in python_files("audit")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if blanket.search(line)
    ]
    assert found == []
