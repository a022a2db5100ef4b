"""A report as words in order, the same for Word and PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from anze.records.duties.report_lines import ReportLine
from anze.records.duties.reports import MonthReport, PostReport, StateTotal
from anze.web.ui.words import last_day, say_day, say_moment

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    text: str
    rule: str
    state: str  # for its colour
    label: str
    amount: str
    due: str
    reason: str
    behind: str
    records: str
    change: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    holders: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    whose: str
    notes: tuple[str, ...]
    before: str  # heads of two columns
    now: str
    totals: tuple[tuple[str, str, str, str], ...]  # state, last month, this month, difference
    standing: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    sections: tuple[Section, ...]
    signature: str


def sheet_of(report: MonthReport) -> Sheet:
    month = _month(report.month)
    notes = [f"各项状态截至{say_moment(report.at)}。"]
    if report.running:
        notes.append("本月尚未结束。")
    if report.unknown:
        notes.append(f"另有{report.unknown}项常态要求在月末之后发生变化，当时状态未留存，不计入。")
    vacant = "与本人有关的要求" if report.person_name else "空缺"
    standing = "、".join(f"{t.label}{t.now}项" for t in report.standing)
    return Sheet(
        title=f"{month}履职情况报告",
        whose=" · ".join(filter(None, (report.company.name, report.person_name))),
        notes=tuple(notes),
        before=_month(report.before),
        now=month,
        totals=(*map(_total, report.totals), _share(report)),
        standing=standing,
        better=tuple(map(_name, report.better)),
        worse=tuple(map(_name, report.worse)),
        sections=tuple(_section(post, vacant) for post in report.posts),
        signature="本人签字" if report.person_name else "主要负责人签字",
    )


def mapped(sheet: DataclassInstance, change: Callable[[str], str]) -> dict[str, object]:
    """The sheet as plain values, every text of it changed."""

    def walk(value: object) -> object:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, tuple):
            return [walk(each) for each in value]
        slots: tuple[str, ...] = getattr(type(value), "__slots__")  # noqa: B009 -- of any of the classes above
        return {name: walk(getattr(value, name)) for name in slots}

    found = walk(sheet)
    assert isinstance(found, dict)
    return found


def amount(line: ReportLine) -> str:
    """12/30 名驾驶员, or 1/2 次 of a single obligation."""
    if line.total > 1 or line.measure:
        return f"{line.settled}/{line.total} {line.measure or '项'}"
    return f"{line.done}/{line.needed} 次" if line.needed else ""


def behind(line: ReportLine) -> str:
    more = f" 等{len(line.behind) + line.behind_more}" if line.behind_more else ""
    return "、".join(line.behind) + more


def records(line: ReportLine) -> str:
    more = f" 等{len(line.records) + line.records_more}份" if line.records_more else ""
    return "、".join(line.records) + more


def _section(post: PostReport, vacant: str) -> Section:
    position = post.position
    settled = sum(line.settled for line in post.lines)
    total = sum(line.total for line in post.lines)
    holders = "、".join(f"{h.name}（{_span(h.since, h.until)}）" for h in post.holders)
    return Section(
        title=f"{position.number}. {position.name}",
        holders=holders or vacant,
        summary=f"应履行{total}项，已履行{settled}项，逾期未履行{post.totals.get('missed', 0)}项",
        rows=tuple(map(_row, post.lines)),
    )


def _row(line: ReportLine) -> Row:
    return Row(
        number=line.number,
        text=line.text + (f"（{line.person_name}）" if line.person_name else ""),
        rule=line.rule,
        state=line.state,
        label=line.state_label,
        amount=amount(line),
        due="常态" if line.due is None else say_day(last_day(line.due)),
        reason=line.reason_text,
        behind=behind(line),
        records=records(line),
        change=line.change_label,
    )


def _total(total: StateTotal) -> tuple[str, str, str, str]:
    difference = f"{total.difference:+d}" if total.difference else "0"
    return total.label, str(total.before), str(total.now), difference


def _share(report: MonthReport) -> tuple[str, str, str, str]:
    was, has = report.share_before, report.share
    difference = "—" if was is None or has is None else f"{has - was:+d}" if has != was else "0"
    return "到期任务履行率", _percent(was), _percent(has), difference


def _percent(share: int | None) -> str:
    return "—" if share is None else f"{share}%"


def _name(line: ReportLine) -> str:
    return line.text + (f"（{line.person_name}）" if line.person_name else "")


def _span(since: date, until: date | None) -> str:
    return f"{say_day(since)}起" if until is None else f"{say_day(since)}至{say_day(until)}前"


def _month(month: date) -> str:
    return f"{month.year}年{month.month}月"
