"""A post's three lists with their standings as words in order: the same for the page, Word and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anze.records.acting.context import current
from anze.records.duties import queries as duties
from anze.records.duties.printed import YearOfDemand, year_of_post
from anze.records.duties.rows import TermFinder
from anze.records.evidence import queries as evidence
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.model import Position
from anze.web.posts.holders import holders_today
from anze.web.posts.lists import (
    LineView,
    PartView,
    RecordLineView,
    clause_of,
    line_views,
    record_views,
)
from anze.web.ui.words import STATES, UNTRIGGERED, say_day, say_moment

WORD_LAYOUT, PDF_LAYOUT = (Path(__file__).with_name(f"list.{ending}") for ending in ("docx", "typ"))
MOST_RECORDS = 8


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    text: str
    state: str  # for its colour
    label: str
    reasons: tuple[str, ...]  # one for each demand of the line
    records: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ListSheet:
    title: str
    whose: str
    holders: str
    period: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    source: str


def list_sheet(position: Position, company: CompanyRow) -> ListSheet:
    scope = current()
    standings = duties.post_standing(position.id, company_id=company.id)
    year, terms = year_of_post(position.id, company_id=company.id), TermFinder([company.id])
    counts = evidence.counts_by_kind(company_id=company.id)
    holders = "、".join(
        f"{h.name}（{say_day(h.since)}起{f'，现由{h.deputy}代理' if h.deputy else ''}）"
        for h in holders_today().get(position.id, ())
    )
    numbers = {line.id: line.number for line in position.duties}
    lists = (("履职清单", position.duties), ("责任清单", position.responsibilities))
    sections = [
        Section(name, tuple(_row(v, year, numbers) for v in line_views(lines, standings, terms, company.id)))
        for name, lines in lists
    ]
    sections.append(
        Section("履职记录", tuple(_record_row(v, counts) for v in record_views(position.records)))
    )
    source = clause_of(position.source)
    return ListSheet(
        title=f"{position.name}岗位清单履职情况",
        whose=company.name,
        holders=holders or "空缺",
        period=f"{scope.today.year}年1月1日至{say_day(scope.today)}",
        notes=(f"各条状态截至{say_moment(scope.at)}；履行次数和证明记录为本年度，履职记录为累计份数。",),
        sections=tuple(sections),
        source=f"清单来源：{source.name} {source.clause} · 版本 {position.edition} · "
        f"打印于 {say_moment(scope.at)}",
    )


def _row(view: LineView, year: Mapping[str, YearOfDemand], duty_numbers: Mapping[str, str]) -> Row:
    numbers = {
        n for part in view.parts if part.requirement.id in year for n in year[part.requirement.id].records
    }
    state = view.state or ""
    label = STATES.get(state, UNTRIGGERED) if view.parts else ""
    reasons = tuple(_reason(part, year.get(part.requirement.id), len(view.parts) > 1) for part in view.parts)
    if view.line.see:
        reasons += (f"由履职清单第{'、'.join(duty_numbers[each] for each in view.line.see)}条落实。",)
    return Row(view.line.number, view.line.text, state, label, reasons, _listed(sorted(numbers)))


def _reason(part: PartView, demand: YearOfDemand | None, several: bool) -> str:
    """每季度至少一次……：已履行。本年 3/4。"""
    what = f"{part.requirement.text}：{STATES.get(part.state or '', UNTRIGGERED)}。" if several else ""
    why = part.standing.reason_text if part.standing else "没有出现需要办理的事项。"
    done = f"本年已履行{demand.done}/{demand.judged}项。" if demand is not None and demand.judged else ""
    return f"{what}{why}{done}"


def _record_row(view: RecordLineView, counts: Mapping[str, int]) -> Row:
    kept = tuple(f"{kind.name}：{counts.get(kind.id, 0)}份" for kind in view.kinds)
    return Row(view.line.number, view.line.text, "", "", kept, "")


def _listed(numbers: Sequence[str]) -> str:
    """The newest, as the numbers run."""
    more = f"等{len(numbers)}份" if len(numbers) > MOST_RECORDS else ""
    return "、".join(numbers[-MOST_RECORDS:]) + more
