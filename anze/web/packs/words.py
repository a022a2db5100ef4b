"""A pack in words: its name, its index as rows, and how a record's place in it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from urllib.parse import quote

from anze.records.packs.queries import DemandView, Gap, Key, Outline, PostView
from anze.rules.periods import ONE_DAY
from anze.web.records.sheet import MARKS
from anze.web.ui.export import cell_of
from anze.web.ui.words import day_of, say_day

COLUMNS = ("岗位", "清单", "条", "要求", "情况", "记录编号", "记录种类", "标题", "发生日期", "文件")
RECORDS = "记录"


def name_of(outline: Outline) -> str:
    choice = outline.choice
    span = f"{choice.since:%Y%m%d}-{choice.until - ONE_DAY:%Y%m%d}"
    return f"{outline.company.short_name}迎检资料包{span}"


def place_of(key: Key) -> str:
    return f"{RECORDS}/{key.number}/记录.html"


def link_of(key: Key) -> str:
    return quote(place_of(key))


def note_of(key: Key) -> str:
    return MARKS.get(key.status, "")


def gap_in_words(gap: Gap) -> str:
    """2026年3月1日起的一期，逾期未履行：张三、李四 等 12 项."""
    names = "、".join(gap.names)
    more = f" 等 {gap.count} 项" if names else f"，{gap.count} 项"
    whose = f"：{names}" if names else ""
    told = whose + (more if gap.count > max(1, len(gap.names)) else "")
    return f"{say_day(gap.starts)}起的一期，{gap.label}{told}"


def standing_of(demand: DemandView) -> str:
    told = f"应履行 {demand.total} 项，已履行 {demand.done} 项"
    told += f"，未证明 {demand.unproved} 项" if demand.unproved else ""
    return told + (f"，待履行 {demand.waiting} 项" if demand.waiting else "")


def table_of(outline: Outline) -> str:
    """The index as CSV for Excel: post, line, demand, record; then every record by kind."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in (*_by_duty(outline), *(("", "", "", "", "", *_record(key)) for key in outline.records)):
        writer.writerow([cell_of(value) for value in row])
    return "\ufeff" + file.getvalue()


def _by_duty(outline: Outline) -> Iterator[tuple[str, ...]]:
    keys = {key.id: key for key in outline.records}
    for post in outline.posts:
        for line in post.lines:
            for demand in line.demands:
                head = (post.position.name, line.list, line.number, demand.text)
                for gap in demand.gaps:
                    yield (*head, gap_in_words(gap), "", "", "", "", "")
                for key in records_of(demand, keys):
                    yield (*head, "已履行", *_record(key))


def _record(key: Key) -> tuple[str, ...]:
    day = f"{day_of(key.happened_at):%Y-%m-%d}"
    return (key.number, key.kind_name, f"{key.title}{note_of(key)}", day, place_of(key))


def records_of(demand: DemandView, keys: Mapping[int, Key]) -> list[Key]:
    return sorted((keys[i] for i in demand.records if i in keys), key=lambda key: key.happened_at)


def gaps_of(post: PostView) -> list[tuple[str, str, Gap]]:
    """Line, demand and gap of all that a post left unproved."""
    return [
        (line.number, demand.text, gap)
        for line in post.lines
        for demand in line.demands
        for gap in demand.gaps
    ]
