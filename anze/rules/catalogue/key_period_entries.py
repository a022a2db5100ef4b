"""Key periods of a year (重点时段), and the weather warnings that open one.

Rule 1: each period has a number of its own within the year, for its number outlives any change of its name.
Rule 2: a period begins in the year of its file and does not end before it begins.
"""

from __future__ import annotations

from datetime import timedelta

from anze.rules.catalogue.model import KeyPeriod, LimitUnit, Weather
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    day_of,
    id_of,
    pairs_of,
    text_of,
    word_of,
    words_of,
)
from anze.rules.catalogue.overlay_entries import area_of
from anze.rules.catalogue.shelf import Shelf, citations
from anze.rules.catalogue.term_entries import limit_of
from anze.rules.key_periods import LEVELS, MOST_NUMBERS, TYPES
from anze.rules.periods import ONE_DAY

KEYS = ("number", "name", "type", "begins", "ends", "opens", "cite", "verified")


def read_key_periods(node: Node, shelf: Shelf, stem: str) -> tuple[KeyPeriod, ...]:
    entry = Entry(node, shelf.problems, ("year", "periods"))
    year = count_of(entry["year"])
    if str(year) != stem:
        raise entry.refusal("year", f"年份 {year} 与文件名不符", f"写成 {stem}，或改文件名")
    found: list[KeyPeriod] = []
    for key, value in pairs_of(entry["periods"]):
        period = _period(key, value, shelf, year)
        if period.number in {other.number for other in found}:
            raise Entry(value, shelf.problems, KEYS, ("areas", "trades")).refusal(
                "number", f"序号 {period.number} 已用过", "序号不得重复使用，换一个新序号"
            )
        found.append(period)
    return tuple(found)


def _period(key: Text, node: Node, shelf: Shelf, year: int) -> KeyPeriod:
    entry = Entry(node, shelf.problems, KEYS, ("areas", "trades"))
    number = count_of(entry["number"])
    if number > MOST_NUMBERS:
        raise entry.refusal("number", f"序号 {number} 大于 {MOST_NUMBERS}", "一年内的序号从 1 编起")
    begins, last = day_of(entry["begins"]), day_of(entry["ends"])
    if begins.year != year:
        raise entry.refusal("begins", f"{begins} 不在 {year} 年内", "写在开始那一年的文件里")
    if last < begins:
        raise entry.refusal("ends", f"结束日期 {last} 早于开始日期 {begins}", "核对两个日期")
    ahead = limit_of(entry["opens"])
    if ahead.unit is not LimitUnit.DAY:
        raise entry.refusal("opens", "提前的时间应按日写", "按“15 days”的样子填写")
    return KeyPeriod(
        id=f"{year}.{id_of(key)}",
        number=number,
        name=entry.text("name"),
        type=word_of(entry["type"], tuple(TYPES), "类别"),
        begins=begins,
        ends=last + ONE_DAY,
        opens=begins - timedelta(days=ahead.amount),
        cite=citations(entry["cite"], shelf),
        verified=entry.verified(),
        areas=tuple(area_of(item) for item in entry.items("areas")),
        trades=entry.words("trades", tuple(shelf.trades), "业态"),
    )


def read_weather(node: Node, shelf: Shelf) -> Weather:
    entry = Entry(node, shelf.problems, ("id", "name", "warnings", "stops", "cite", "verified"))
    warnings = {id_of(key): text_of(value) for key, value in pairs_of(entry["warnings"])}
    stops = {
        word_of(key, tuple(warnings), "预警"): frozenset(words_of(value, tuple(LEVELS), "预警等级"))
        for key, value in pairs_of(entry["stops"])
    }
    return Weather(warnings, stops, citations(entry["cite"], shelf), entry.verified())
