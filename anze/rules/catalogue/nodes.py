"""A catalogue file as text, tables and series that know their line.

Rule 1: every scalar is text; the schema gives it its type, so `on`, `0200` and `8:30` mean what they say.
Rule 2: a table says which keys it takes; a key too many, twice or missing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from anze.rules.catalogue.problems import Problem, Problems, Refusal, suggestion

E = TypeVar("E", bound=StrEnum)

_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Series:
    items: tuple[Node, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    entries: Mapping[str, Node]
    lines: Mapping[str, int]  # key -> the line it stands on
    file: str
    line: int


Node = Text | Series | Table


def refusal(node: Node, problem: str, remedy: str) -> Refusal:
    return Refusal(Problem(node.file, node.line, problem, remedy))


def text_of(node: Node) -> str:
    if not isinstance(node, Text):
        raise refusal(node, "此处应为一个值", "去掉下一层，写成一行文字")
    if not node.value:
        raise refusal(node, "值为空", "填写内容，或删去这个键")
    return node.value


def id_of(node: Node) -> str:
    text = text_of(node)
    if not _ID.fullmatch(text):
        raise refusal(node, f"“{text}”不能作编号", "编号用小写英文字母、数字和下划线，以字母开头")
    return text


def day_of(node: Node) -> date:
    text = text_of(node)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refusal(node, f"“{text}”不是日期", "按“2021-09-01”的样子填写真实存在的日期")


def count_of(node: Node, least: int = 1) -> int:
    text = text_of(node)
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise refusal(node, f"“{text}”不是不小于 {least} 的整数", "填写整数")
    return int(text)


def number_of(node: Node) -> Fraction:
    text = text_of(node)
    if not _NUMBER.fullmatch(text):
        raise refusal(node, f"“{text}”不是数", "填写非负的十进制数，如 1.5")
    return Fraction(text)


def flag_of(node: Node) -> bool:
    return word_of(node, ("true", "false"), "取值") == "true"


def word_of(node: Node, known: Sequence[str], what: str) -> str:
    """One of the known words; `what` names them in the message."""
    text = text_of(node)
    if text not in known:
        raise refusal(
            node, f"{what}“{text}”不存在", suggestion(text, known, f"可用：{'、'.join(known) or '无'}")
        )
    return text


def choice_of(node: Node, kind: type[E], what: str) -> E:
    return kind(word_of(node, [item.value for item in kind], what))


def items_of(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Series):
        raise refusal(node, "此处应为列表", "每项一行，以“- ”开头")
    return node.items


def words_of(node: Node, known: Sequence[str], what: str) -> tuple[str, ...]:
    words = tuple(word_of(item, known, what) for item in items_of(node))
    for index, word in enumerate(words):
        if word in words[:index]:
            raise refusal(items_of(node)[index], f"{what}“{word}”重复", "只保留一处")
    return words


def pairs_of(node: Node) -> Iterator[tuple[Text, Node]]:
    """Keys with their lines, and values, in written order."""
    if not isinstance(node, Table):
        raise refusal(node, "此处应为一组“键: 值”", "每个键一行，后接冒号和值")
    for key, value in node.entries.items():
        yield Text(key, node.file, node.lines[key]), value


class Entry:
    """A table whose keys are known in advance. Unknown and missing keys are noted at once."""

    def __init__(
        self, node: Node, problems: Problems, required: Sequence[str], optional: Sequence[str] = ()
    ) -> None:
        self._values = {key.value: (key, value) for key, value in pairs_of(node)}
        self.node = node
        self.problems = problems
        known = (*required, *optional)
        for key, _ in self._values.values():
            if key.value not in known:
                remedy = suggestion(key.value, known, f"可用的键：{'、'.join(known)}")
                problems.add(Problem(key.file, key.line, f"不认识的键“{key.value}”", remedy))
        missing = [key for key in required if key not in self._values]
        if missing:
            raise refusal(node, f"缺少键“{'”“'.join(missing)}”", "补上缺少的键")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> Node:
        return self._values[key][1]

    def refusal(self, key: str, problem: str, remedy: str) -> Refusal:
        """A refusal that points at the line of `key`."""
        return refusal(self._values[key][0], problem, remedy)

    def text(self, key: str) -> str:
        return text_of(self[key])

    def text_or(self, key: str, default: str) -> str:
        return self.text(key) if key in self else default

    def text_if(self, key: str) -> str | None:
        return self.text(key) if key in self else None

    def day_if(self, key: str) -> date | None:
        return day_of(self[key]) if key in self else None

    def flag_or(self, key: str, default: bool) -> bool:
        return flag_of(self[key]) if key in self else default

    def items(self, key: str) -> tuple[Node, ...]:
        return items_of(self[key]) if key in self else ()

    def words(self, key: str, known: Sequence[str], what: str) -> tuple[str, ...]:
        return words_of(self[key], known, what) if key in self else ()

    def verified(self) -> str | None:
        """By whom and against what; None where the file says `false`."""
        text = self.text("verified")
        if text == "true":
            raise self.refusal(
                "verified", "verified 不能只写 true", "写明何人何日对照何文核对，未核对的写 false"
            )
        return None if text == "false" else text
