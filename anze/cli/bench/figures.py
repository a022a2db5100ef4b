"""What a benchmark answers, the machine it ran on, and the table of both."""

from __future__ import annotations

import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MOST_QUERIES = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `most`: what it must not exceed; `least`: what it must reach; neither: information.

    `queries`: how many a page asked.
    """

    what: str
    value: float
    unit: str
    most: float | None = None
    queries: int | None = None
    least: float | None = None

    @property
    def passed(self) -> bool | None:
        if self.least is not None:
            return self.value >= self.least
        if self.most is None:
            return None
        return self.value <= self.most and (self.queries or 0) <= MOST_QUERIES


@dataclass(frozen=True, slots=True)
class Outcome:
    """One benchmark's figures; `size` says in words what they were measured on."""

    name: str
    title: str
    size: str
    figures: tuple[Figure, ...]

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Outcome:
        figures = tuple(Figure(**figure) for figure in stored["figures"])
        return cls(stored["name"], stored["title"], stored["size"], figures)


def machine(server: str | None) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        f"{os.cpu_count()} cores{_processor()}",
        f"{memory:.0f} GB memory",
        f"{platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}",
    ]
    return ", ".join([*parts, f"PostgreSQL {server}"] if server else parts)


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        return ""
    return f" ({found[1].strip()})" if found else ""


def milliseconds(act: Callable[[], object], *, times: int) -> list[float]:
    """How long each of `times` runs took, sorted."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def spread(what: str, taken: Sequence[float], most: float) -> tuple[Figure, Figure]:
    """Median and 95th percentile of milliseconds, both held to the target."""
    late = sorted(taken)[max(0, -(-len(taken) * 95 // 100) - 1)]
    return (
        Figure(f"{what}, median", statistics.median(taken), "ms", most),
        Figure(f"{what}, 95th percentile", late, "ms", most),
    )


def table(outcome: Outcome) -> str:
    """Markdown; reads well on a terminal too."""
    rows = [
        f"## {outcome.title}",
        "",
        outcome.size,
        "",
        "| measured | value | target | |",
        "| -- | --: | --: | -- |",
    ]
    for figure in outcome.figures:
        value, target = f"{_number(figure.value)} {figure.unit}", ""
        if figure.most is not None:
            target = f"≤ {_number(figure.most)} {figure.unit}"
        if figure.least is not None:
            target = f"≥ {_number(figure.least)} {figure.unit}"
        if figure.queries is not None:
            value, target = f"{value}, {figure.queries} queries", f"{target}, ≤ {MOST_QUERIES}"
        mark = {None: "", True: "pass", False: "**miss**"}[figure.passed]
        rows.append(f"| {figure.what} | {value} | {target} | {mark} |")
    return "\n".join([*rows, ""])


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
