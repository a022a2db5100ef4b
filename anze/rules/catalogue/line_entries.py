"""Positions and their three printed lists: 责任清单, 履职清单, 履职记录.

Rule 1: ids follow the printed numbering; a number that the source skips is named in `skipped`, one that it
prints twice in `repeated`: the second line 3 of a list is `r3-2`.
Rule 2: the text is kept as printed, its number included, with or without the dot; damage is explained in
`repair`.
"""

from __future__ import annotations

import re
from functools import partial

from anze.rules.catalogue.duty_entries import requirement_of
from anze.rules.catalogue.model import Citation, Line, Position, Requirement, Superior
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    flag_of,
    id_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
)
from anze.rules.catalogue.problems import Problem
from anze.rules.catalogue.shelf import Shelf, citation

LISTS = {"responsibilities": ("r", "责任清单"), "duties": ("d", "履职清单"), "records": ("p", "履职记录")}
_PRINTED = re.compile(r"(\d+)\.?(.+)", re.DOTALL | re.ASCII)


def read_positions(node: Node, shelf: Shelf) -> None:
    """Places the positions of one trade on the shelf, without their lists."""
    entry = Entry(node, shelf.problems, ("trade", "name", "positions"))
    trade = id_of(entry["trade"])
    shelf.trades[trade] = entry.text("name")
    for key, body in pairs_of(entry["positions"]):
        place = Text(f"{trade}.{id_of(key)}", key.file, key.line)
        shelf.place(shelf.positions, place, partial(_position, place.value, trade, body, shelf))
    for key, body in pairs_of(entry["positions"]):
        shelf.problems.attempt(partial(_check_superiors, f"{trade}.{key.value}", body, shelf))


def _position(position: str, trade: str, body: Node, shelf: Shelf) -> Position:
    required = ("number", "name", "description", "single_holder", "source")
    entry = Entry(body, shelf.problems, required, ("superior",))
    number = count_of(entry["number"])
    for other in shelf.positions.values():
        if other is not None and (other.trade, other.number) == (trade, number):
            raise entry.refusal("number", f"岗位序号 {number} 已由“{other.name}”使用", "照原文改正序号")
    return Position(
        id=position,
        trade=trade,
        number=number,
        name=entry.text("name"),
        description=entry.text("description"),
        single_holder=flag_of(entry["single_holder"]),
        source=citation(entry["source"], shelf),
        responsibilities=(),
        duties=(),
        records=(),
        edition="",
        superior=_superior(entry["superior"], trade, shelf) if "superior" in entry else None,
    )


def _superior(node: Node, trade: str, shelf: Shelf) -> Superior:
    entry = Entry(node, shelf.problems, ("post", "cite", "verified"))
    return Superior(
        f"{trade}.{id_of(entry['post'])}", citation(entry["cite"], shelf), verified=entry.verified()
    )


def _check_superiors(position: str, body: Node, shelf: Shelf) -> None:
    """Once all posts of a trade are known: the superior is one of them, and no way up runs in a ring."""
    known = shelf.positions.get(position)
    if known is None or known.superior is None:
        return
    asked = next(value for key, value in pairs_of(body) if key.value == "superior")
    post = next(value for key, value in pairs_of(asked) if key.value == "post")
    trade = f"{known.trade}."
    word_of(post, [key.removeprefix(trade) for key in shelf.positions if key.startswith(trade)], "上级岗位")
    way, here = [position], shelf.positions[known.superior.position]
    while here is not None and here.id not in way:
        way.append(here.id)
        here = shelf.positions.get(here.superior.position) if here.superior else None
    if here is not None and here.id == position == min(way):  # a ring is told of once
        problem = f"上级岗位绕成一圈：{'、'.join(way)}"
        raise refusal(post, problem, "改正其中一处；最上面的岗位不写 superior")


class PositionFile:
    """Reads the three lists of one position."""

    def __init__(self, node: Node, shelf: Shelf, name: str) -> None:
        required = ("position", "lines", *LISTS)
        self.entry = Entry(node, shelf.problems, required, ("skipped", "repeated"))
        self.shelf = shelf
        self.places: dict[str, int] = {}  # requirement id -> line of the file
        self.position = word_of(self.entry["position"], tuple(shelf.positions), "岗位")
        expected = f"duties/{self.position.replace('.', '/')}.yaml"
        if name != expected:
            raise self.entry.refusal("position", f"岗位“{self.position}”与文件名不符", f"文件应为 {expected}")
        known = shelf.positions[self.position]
        if known is None:
            problem = f"岗位“{self.position}”的定义有误"
            raise self.entry.refusal("position", problem, "先改正 positions 中的定义")
        self.known = known
        self.totals = Entry(self.entry["lines"], shelf.problems, tuple(LISTS))
        self.duty_lines = [f"d{key}" for key in _keys(self._numbers("duties"))]

    def lines(self, name: str) -> tuple[Line, ...]:
        """One list, with its numbering and its total checked."""
        nodes = self.entry.items(name)
        total = count_of(self.totals[name])
        if total != len(nodes):
            problem = f"{LISTS[name][1]}写明共 {total} 条，实有 {len(nodes)} 条"
            raise self.totals.refusal(name, problem, "核对原文，补齐条目或改正总数")
        self._check_numbering(name)
        attempt = self.shelf.problems.attempt
        keys = _keys(self._numbers(name))
        lines = [attempt(partial(self._line, name, key, node)) for key, node in zip(keys, nodes, strict=True)]
        return tuple(line for line in lines if line is not None)

    def _numbers(self, name: str) -> list[str]:
        numbers = []
        for node in self.entry.items(name):
            for key, value in pairs_of(node):
                if key.value == "number":
                    numbers.append(text_of(value))
        return numbers

    def _noted(self, note: str, name: str) -> list[int]:
        """The numbers of one list under `skipped` or `repeated`."""
        if note not in self.entry:
            return []
        lists = Entry(self.entry[note], self.shelf.problems, (), tuple(LISTS))
        return [count_of(item) for item in lists.items(name)]

    def _check_numbering(self, name: str) -> None:
        skipped, repeated = self._noted("skipped", name), self._noted("repeated", name)
        expected = 1
        for node in self.entry.items(name):
            entry = Entry(node, self.shelf.problems, ("number",), _LINE_KEYS[name])
            while expected in skipped:
                expected += 1
            if entry.text("number") != str(expected):
                problem = f"编号 {entry.text('number')} 不按原文顺序，此处应为 {expected}"
                remedy = "编号照原文从小到大；原文缺号的写入 skipped，重号的写入 repeated"
                raise entry.refusal("number", problem, remedy)
            if expected in repeated:
                repeated.remove(expected)
            else:
                expected += 1

    def _line(self, name: str, key: str, node: Node) -> Line:
        entry = Entry(node, self.shelf.problems, ("number", "text"), _LINE_KEYS[name][1:])
        number = entry.text("number")
        letter, chinese = LISTS[name]
        line = f"{self.position}.{letter}{key}"
        source = self.known.source
        printed = Citation(source.instrument, f"{source.clause}·{chinese}·{key}")
        requirements = self._requirements(entry, line, printed)
        see = entry.words("see", self.duty_lines, "履职条目")
        kinds = entry.words("kinds", tuple(self.shelf.kinds), "记录类型")
        if not (entry.items("requirements") or see or kinds):
            raise refusal(node, f"第 {number} 条没有着落", _NOTHING[name])
        return Line(
            line, number, _unnumbered(entry, number), requirements,
            tuple(f"{self.position}.{target}" for target in see), kinds, entry.text_if("repair"),
        )  # fmt: skip

    def _requirements(self, entry: Entry, line: str, printed: Citation) -> tuple[Requirement, ...]:
        requirements: list[Requirement] = []
        for index, node in enumerate(entry.items("requirements")):
            read = partial(requirement_of, node, self.shelf, line, printed)
            requirement = self.shelf.problems.attempt(read)
            if requirement is None:
                continue
            self.places[requirement.id] = node.line
            letter = chr(ord("a") + index)
            if requirement.id != f"{line}.{letter}":
                problem = f"要求“{requirement.id}”不按顺序，此处应为 {letter}"
                self.shelf.problems.add(Problem(node.file, node.line, problem, "part 依次写 a、b、c"))
            requirements.append(requirement)
        return tuple(requirements)


_LINE_KEYS = {
    "responsibilities": ("text", "see", "requirements", "repair"),
    "duties": ("text", "requirements", "repair"),
    "records": ("text", "kinds", "repair"),
}
_NOTHING = {
    "responsibilities": "用 see 指向履职条目，或写 requirements",
    "duties": "至少写一项 requirements",
    "records": "用 kinds 写明记录类型",
}


def _keys(numbers: list[str]) -> list[str]:
    """What the ids of lines are made of: the printed number; of a repeated one also which it is."""
    keys: list[str] = []
    for number in numbers:
        seen = sum(key.partition("-")[0] == number for key in keys)
        keys.append(f"{number}-{seen + 1}" if seen else number)
    return keys


def _unnumbered(entry: Entry, number: str) -> str:
    match = _PRINTED.fullmatch(entry.text("text"))
    if match is None or match[1] != number:
        raise entry.refusal("text", f"原文不以“{number}”开头", "原文连同编号照录，并与 number 一致")
    return match[2].strip()
