"""The glossary and the code use the same words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.docs.pages import CODE, ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
ANZE = ROOT / "anze"
FORBIDDEN_FILES = {"utils", "helpers", "common", "core", "base", "manager", "service", "misc"}
# Templates that every page extends are called so by Django and by readers.
TEMPLATES = {".html"}


def rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in ("中文", "--")]


def identifiers() -> list[str]:
    return [name for row in rows() for name in CODE.findall(row[1])]


def refused_names() -> list[str]:
    return [name for row in rows() for name in CODE.findall(row[3])]


@cache
def sources() -> str:
    files = [*ANZE.rglob("*.py"), *(ROOT / "catalogue").rglob("*.yaml")]
    return "\n".join(path.read_text("utf-8") for path in files if "vendor" not in path.parts)


@cache
def declared() -> frozenset[str]:
    """Names of modules, classes, functions and declared fields, in lower case."""
    files = list(ANZE.rglob("*.py"))
    names = {name.lower() for path in files for name in _declared(path.read_text("utf-8"))}
    return frozenset(names | {p.parent.name if p.stem == "__init__" else p.stem for p in files})


def _declared(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


@pytest.mark.parametrize("name", identifiers())
def test_every_identifier_is_used(name: str) -> None:
    assert re.search(rf"\b_?{name}s?\b", sources())


@pytest.mark.parametrize("name", refused_names())
def test_a_word_not_to_be_used_names_nothing(name: str) -> None:
    assert name.lower() not in declared()


def test_every_term_stands_once() -> None:
    terms = [term for row in rows() for term in row[0].split("、")]
    assert sorted(terms) == sorted(set(terms))


def test_no_file_is_named_by_nothing_it_holds() -> None:
    named = [
        path.relative_to(ROOT).as_posix()
        for path in ANZE.rglob("*")
        if "vendor" not in path.parts and path.suffix not in TEMPLATES and path.stem in FORBIDDEN_FILES
    ]
    assert named == []
