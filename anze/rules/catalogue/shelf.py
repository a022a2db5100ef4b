"""What has been read so far, so that later files can refer to earlier ones.

Rule 1: an id whose file is broken still counts as declared: one broken file is one problem, not twenty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anze.rules.catalogue.model import Citation, EvidenceKind, Instrument, Position
from anze.rules.catalogue.nodes import Node, Series, Text, items_of, refusal, text_of, word_of
from anze.rules.catalogue.problems import Problem, Problems

V = TypeVar("V")


@dataclass(slots=True)
class Shelf:
    problems: Problems
    instruments: dict[str, Instrument | None] = field(default_factory=dict)
    kinds: dict[str, EvidenceKind | None] = field(default_factory=dict)
    positions: dict[str, Position | None] = field(default_factory=dict)
    trades: dict[str, str] = field(default_factory=dict)
    settled: list[Node] = field(default_factory=list)  # kinds that other kinds say they settle
    seers: list[Node] = field(default_factory=list)  # posts that kinds say may see their records

    def place(self, onto: dict[str, V | None], key: Text, build: Callable[[], V]) -> V | None:
        """Builds the thing under its id; an id used twice is refused, the first stays."""
        if key.value in onto:
            problem = f"编号“{key.value}”已用过"
            self.problems.add(Problem(key.file, key.line, problem, "编号不得重复使用，换一个新编号"))
            return None
        onto[key.value] = None
        thing = self.problems.attempt(build)
        onto[key.value] = thing
        return thing


def citation(node: Node, shelf: Shelf) -> Citation:
    """`instrument#clause`, of a declared instrument."""
    text = text_of(node)
    instrument, mark, clause = text.partition("#")
    if not mark or not clause:
        raise refusal(
            node, f"依据“{text}”没有写明条款", "按“文件编号#条款”填写，如 safety-law-2021#第二十一条"
        )
    word_of(Text(instrument, node.file, node.line), tuple(shelf.instruments), "法规文件")
    return Citation(instrument, clause)


def citations(node: Node, shelf: Shelf, printed: Citation | None = None) -> tuple[Citation, ...]:
    """One citation or several; the word `printed` stands for the printed line that is being read."""
    nodes = items_of(node) if isinstance(node, Series) else (node,)
    if not nodes:
        raise refusal(node, "依据是空的", "写明依据的文件和条款")
    return tuple(_cited(item, shelf, printed) for item in nodes)


def _cited(node: Node, shelf: Shelf, printed: Citation | None) -> Citation:
    if printed is not None and text_of(node) == "printed":
        return printed
    return citation(node, shelf)
