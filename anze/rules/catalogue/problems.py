"""What is wrong with catalogue files: file, line, problem, remedy.

Rule 1: reading goes on after a broken entry, so that one run names as many problems as it can.
Rule 2: a catalogue with one problem is no catalogue: all of them are raised together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to repair. `line` counts from 1; 0: the file as a whole."""

    file: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}。{self.remedy}。"


class CatalogueErrors(Exception):  # noqa: N818 - holds several errors
    """The catalogue cannot be used; `items` says why, by file and line."""

    def __init__(self, items: Iterable[Problem]) -> None:
        self.items = tuple(sorted(set(items)))
        super().__init__("\n".join(str(item) for item in self.items))


class Refusal(Exception):  # noqa: N818 - a signal inside the loader, never raised to its caller
    """Ends the reading of one entry; never leaves the loader."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class Problems:
    """Collects what was refused."""

    def __init__(self) -> None:
        self.items: list[Problem] = []

    def add(self, problem: Problem) -> None:
        self.items.append(problem)

    def attempt(self, build: Callable[[], T]) -> T | None:
        """What `build` returns, or None with its refusal noted."""
        try:
            return build()
        except Refusal as refusal:
            self.items.append(refusal.problem)
            return None

    def settle(self) -> None:
        """Raises CatalogueErrors where anything was refused."""
        if self.items:
            raise CatalogueErrors(self.items)


def suggestion(word: str, known: Sequence[str], otherwise: str) -> str:
    """The remedy for a word that is not known: the closest known one, or `otherwise`."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"是否想写“{close[0]}”" if close else otherwise
