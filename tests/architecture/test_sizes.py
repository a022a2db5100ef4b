"""No module and no function outgrows what one reads at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE, LONGEST_FUNCTION = 500, 50


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted([*(ROOT / "anze").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]):
        if "migrations" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def test_modules() -> None:
    lengths = {name: text.count("\n") for name, text in modules()}
    assert len(lengths) > 50
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}: {length}"
        for name, text in modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []
