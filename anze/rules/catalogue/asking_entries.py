"""What the files of `limits/` share: whom it is asked of, dated numbers, the record and choice meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from anze.rules.catalogue.dossier_model import TRADES, Asked, Dated, Wanted
from anze.rules.catalogue.model import EvidenceKind
from anze.rules.catalogue.nodes import Entry, Node, Text, day_of, pairs_of, refusal, word_of, words_of
from anze.rules.catalogue.shelf import Shelf

T = TypeVar("T")


D = TypeVar("D", bound=Dated)


CITED = ("cite", "verified")


def each_of(node: Node, shelf: Shelf, build: Callable[[Text, Node], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for key, value in pairs_of(node):
        thing = shelf.problems.attempt(partial(build, key, value))
        if thing is not None:
            found[key.value] = thing
    return found


def terms_of(
    node: Node, shelf: Shelf, required: tuple[str, ...], optional: tuple[str, ...],
    build: Callable[[date, Entry], D],
) -> tuple[D, ...]:  # fmt: skip
    """Day -> numbers, ascending, at least one."""
    found: list[D] = []
    for key, value in pairs_of(node):
        since = day_of(key)
        if found and since <= found[-1].since:
            raise refusal(key, f"日期 {since} 不晚于上一条 {found[-1].since}", "按生效日期从早到晚排列")
        found.append(build(since, Entry(value, shelf.problems, (*CITED, *required), optional)))
    if not found:
        raise refusal(node, "没有任何期次", "至少写一条“生效日期: {…}”")
    return tuple(found)


def asked_of(node: Node, shelf: Shelf, classes: tuple[str, ...]) -> Asked:
    entry = Entry(node, shelf.problems, (), ("trades", "everybody", "drivers", "posts", "classes"))
    return Asked(
        trades=entry.words("trades", TRADES, "业态"),
        everybody=entry.flag_or("everybody", False),
        drivers=entry.flag_or("drivers", False),
        posts=entry.words("posts", posts_of(shelf), "岗位"),
        classes=entry.words("classes", classes, "车型"),
    )


def posts_of(shelf: Shelf) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key.rpartition(".")[2] for key in shelf.positions))


def kind_of(node: Node, shelf: Shelf) -> EvidenceKind | None:
    """None: its own file is broken, and says so."""
    return shelf.kinds[word_of(node, tuple(shelf.kinds), "记录种类")]


def wanted_of(entry: Entry, kind: EvidenceKind | None) -> Wanted:
    name = entry.text("kind")
    if "where" not in entry or kind is None:
        return Wanted(name)
    pairs = list(pairs_of(entry["where"]))
    if len(pairs) != 1:
        raise entry.refusal("where", "只能按一个栏目区分", "写成“where: {栏目: [选项]}”")
    key, values = pairs[0]
    return Wanted(name, key.value, frozenset(words_of(values, tuple(choices_of(kind, key)), "选项")))


def choices_of(kind: EvidenceKind, node: Node) -> Any:
    choosing = {spec.id: spec.choices for spec in kind.fields if spec.type == "choice"}
    return choosing[word_of(node, tuple(choosing), "选择栏目")]
