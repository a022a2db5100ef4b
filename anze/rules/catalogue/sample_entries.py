"""Sampling ladders of a scheme, and the dated regime that turns points into a grade.

Rule 1: the steps ascend, the last one is open; a step draws a share or a count.
Rule 2: a step never draws more than the smallest population that it stands for.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from anze.rules.catalogue.kind_entries import SUBJECTS
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    day_of,
    flag_of,
    id_of,
    items_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
)
from anze.rules.catalogue.schemes import Band, Grade, Regime, SampleRule
from anze.rules.catalogue.shelf import Shelf, citations

_PERCENT = re.compile(r"(\d{1,3})%", re.ASCII)
_KEYS = ("points", "scores", "upward", "full_marks", "rescale", "cite", "verified")


def sample_of(key: Text, node: Node, shelf: Shelf) -> SampleRule:
    entry = Entry(node, shelf.problems, ("name", "of", "bands"))
    bands: list[Band] = []
    for item in items_of(entry["bands"]):
        bands.append(_band(item, shelf, bands[-1] if bands else None))
    if not bands or bands[-1].up_to is not None:
        raise entry.refusal("bands", "抽样的最后一档没有敞开", "最后一档不写 up_to")
    of = word_of(entry["of"], SUBJECTS, "对象")
    return SampleRule(id_of(key), entry.text("name"), of, tuple(bands))


def _band(node: Node, shelf: Shelf, below: Band | None) -> Band:
    entry = Entry(node, shelf.problems, (), ("up_to", "share", "count", "instead", "repair"))
    if ("share" in entry) == ("count" in entry):
        raise refusal(node, "抽样的一档没有写清抽多少", "share（比例）与 count（个数）写一个")
    if ("instead" in entry) != ("repair" in entry):
        raise refusal(node, "存疑的比例没有写全", "instead 与说明理由的 repair 一起写")
    up_to = count_of(entry["up_to"]) if "up_to" in entry else None
    start = _start(node, up_to, below)
    count = count_of(entry["count"]) if "count" in entry else None
    if count is not None and count > start:
        raise entry.refusal("count", f"总数可以只有 {start}，抽不出 {count} 个", "核对档次和个数")
    share = _share(entry["share"]) if "share" in entry else None
    instead = _share(entry["instead"]) if "instead" in entry else None
    return Band(up_to, share, count, instead, entry.text_if("repair"))


def _start(node: Node, up_to: int | None, below: Band | None) -> int:
    """The smallest population of the step."""
    if below is None:
        return 1
    if below.up_to is None or (up_to is not None and up_to <= below.up_to):
        raise refusal(node, "抽样的档次不从小到大", "按总数从小到大写，只有最后一档不写 up_to")
    return below.up_to + 1


def _share(node: Node) -> Fraction:
    match = _PERCENT.fullmatch(text_of(node))
    if match is None or not 0 < int(match[1]) <= 100:
        raise refusal(node, f"“{text_of(node)}”不是抽样比例", "按“10%”的样子填写，不超过 100%")
    return Fraction(int(match[1]), 100)


def read_regimes(node: Node, shelf: Shelf) -> tuple[Regime, ...]:
    entry = Entry(node, shelf.problems, ("id", "name", "terms"), ("corrects",))
    word_of(entry["id"], ("grades",), "期限")
    regimes: list[Regime] = []
    for key, value in pairs_of(entry["terms"]):
        regime = _regime(key, value, shelf)
        if regimes and regime.since <= regimes[-1].since:
            raise refusal(key, "日期没有从早到晚", "按日期先后排列，每个日期只写一次")
        regimes.append(regime)
    if not regimes:
        raise entry.refusal("terms", "没有任何规定", "至少写一个日期")
    return tuple(regimes)


def _regime(key: Text, node: Node, shelf: Shelf) -> Regime:
    entry = Entry(node, shelf.problems, _KEYS)
    points = count_of(entry["points"])
    scores = Entry(entry["scores"], shelf.problems, tuple(Grade))
    least = {grade: count_of(scores[grade]) for grade in Grade}
    for higher, lower in pairwise([points, *least.values()]):
        if lower >= higher:
            raise entry.refusal("scores", f"{lower} 分不低于上一级的 {higher} 分", "从满分起逐级递减")
    return Regime(
        since=day_of(key),
        points=points,
        least=least,
        upward=flag_of(entry["upward"]),
        full_marks=flag_of(entry["full_marks"]),
        rescale=flag_of(entry["rescale"]),
        cite=citations(entry["cite"], shelf),
        verified=entry.verified(),
    )
