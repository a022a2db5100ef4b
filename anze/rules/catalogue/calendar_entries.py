"""Instruments (laws, standards, published lists) and calendar years with 调休."""

from __future__ import annotations

from datetime import date, timedelta

from anze.rules.catalogue.model import CalendarYear, Instrument, Layer
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    choice_of,
    count_of,
    day_of,
    items_of,
    refusal,
    text_of,
)
from anze.rules.catalogue.problems import Problems
from anze.rules.catalogue.shelf import Shelf, citation

_OPTIONAL = ("number", "published", "in_force", "note")


def read_instrument(node: Node, problems: Problems, stem: str) -> Instrument:
    entry = Entry(node, problems, ("id", "name", "issuer", "layer", "verified"), _OPTIONAL)
    if entry.text("id") != stem:
        raise entry.refusal("id", f"编号“{entry.text('id')}”与文件名不符", f"编号写成“{stem}”，或改文件名")
    published, in_force = entry.day_if("published"), entry.day_if("in_force")
    if published and in_force and in_force < published:
        raise entry.refusal("in_force", "施行日期早于公布日期", "核对两个日期")
    return Instrument(
        id=stem,
        name=entry.text("name"),
        number=entry.text_if("number"),
        issuer=entry.text("issuer"),
        published=published,
        in_force=in_force,
        layer=choice_of(entry["layer"], Layer, "层级"),
        verified=entry.verified(),
    )


def read_calendar(node: Node, shelf: Shelf, stem: str) -> CalendarYear:
    entry = Entry(node, shelf.problems, ("year", "cite", "verified", "holidays", "workdays"))
    year = count_of(entry["year"])
    if str(year) != stem:
        raise entry.refusal("year", f"年份 {year} 与文件名不符", f"写成 {stem}，或改文件名")
    entry.verified()
    holidays = _days(entry["holidays"], year)
    workdays = _days(entry["workdays"], year)
    for day in sorted(workdays):
        if day in holidays or day.weekday() < 5:
            raise entry.refusal("workdays", f"{day} 不是调休上班的周末", "调休上班日应为周末，且不在放假日内")
    return CalendarYear(year, holidays, workdays, citation(entry["cite"], shelf))


def _days(node: Node, year: int) -> frozenset[date]:
    """Single days and spans `2025-01-28..2025-02-04`, both ends included."""
    days: set[date] = set()
    for item in items_of(node):
        first, _, last = text_of(item).partition("..")
        start = day_of(Text(first, item.file, item.line))
        end = day_of(Text(last, item.file, item.line)) if last else start
        if start.year != year or end.year != year or end < start:
            raise refusal(item, f"“{text_of(item)}”不在 {year} 年内或前后颠倒", "写本年的日期，从早到晚")
        days.update(start + timedelta(days=offset) for offset in range((end - start).days + 1))
    return frozenset(days)
