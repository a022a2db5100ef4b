"""到期预警: what ran out or will, filtered and exported; and the vehicles near scrapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.acting.permissions import may
from anze.records.dossiers import expiries as records
from anze.records.dossiers.expiries import DueRow, Expiries
from anze.records.dossiers.pairs import unfit
from anze.records.dossiers.vacancies import vacancies
from anze.records.tenants.queries import CompanyRow
from anze.rules.dossiers.validity import Validity
from anze.web.dossiers import words
from anze.web.obligations.filters import page_number
from anze.web.people.forms import units_of
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.export import csv_response

STATES = {"": "已过期和将到期", "over": "已过期", "soon": "将到期", "missing": "缺登记"}
DAYS = {
    "": "按各类的提前天数",
    "7": "7 天内",
    "30": "30 天内",
    "60": "60 天内",
    "90": "90 天内",
    "180": "半年内",
}
T = TypeVar("T")
OF = {"": "人员和车辆", "person": "人员", "vehicle": "车辆"}


@dataclass(frozen=True, slots=True)
class Filters:
    state: str
    what: str
    of: str
    unit: str
    days: str
    text: str

    @property
    def active(self) -> bool:
        return any((self.state, self.what, self.of, self.unit, self.days, self.text))


@dataclass(frozen=True, slots=True)
class Shown:
    row: DueRow
    look: str
    state: str
    last: date | None
    left: str
    why: str
    grounds: str
    register: str


@require_safe
@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    units = units_of(company, none="全部机构")
    filters = _filters(request, units)
    found = _found(company, filters)
    rows = _filtered(found, filters)
    page = _page(rows, page_number(request.GET))
    registers = words.may_register(company)
    context = {
        "company": company,
        "filters": filters,
        "counts": {state.value: number for state, number in found.counts.items()},
        "page": Page([_shown(row, registers) for row in page.rows], page.page, page.pages, page.total),
        "states": STATES,
        "days": DAYS,
        "of": OF,
        "whats": {"": "全部事项", **records.kinds_of_due()},
        "units": units,
        "vacancies": [(row, words.grounds(row.post.cite, row.post.verified)) for row in vacancies(company)],
        "registers": registers,
        "list_id": "list",
    }
    return render(request, "dossiers/expiries.html", context)


@require_safe
@of_company("see_company")
def counts(request: HttpRequest) -> HttpResponse:
    """What other pages show of it, asked for once they are there."""
    company = company_at_hand(request)
    found = records.expiries(company)
    words = {
        "counts": {state.value: number for state, number in found.counts.items()},
        "vacancies": vacancies(company),
        "unfit": len(unfit(company)),
        "manages": current().actor.company == company.id and may(current().actor, "manage_people"),
    }
    return render(request, "dossiers/counts.html", words)


@require_safe
@of_company("see_company")
def export(request: HttpRequest) -> HttpResponseBase:
    company = company_at_hand(request)
    filters = _filters(request, units_of(company))

    def lines() -> Iterator[tuple[object, ...]]:
        for row in _filtered(_found(company, filters), filters):
            shown = _shown(row, registers=False)
            yield (
                OF[row.subject.type], row.subject.name, row.subject.unit_name, row.source.name, shown.state,
                shown.last, shown.left, shown.why, shown.grounds,
            )  # fmt: skip

    head = ("类别", "姓名或车牌", "机构", "事项", "状态", "到期日", "剩余", "怎样得出", "依据")
    return csv_response(f"{company.short_name}到期预警.csv", head, lines())


@require_safe
@of_company("see_company")
def scrappage(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    registers = words.may_register(company)
    rows = [
        {
            "row": row,
            "look": words.VALIDITY[row.standing.state][0],
            "state": "应已报废" if row.standing.state is Validity.OVER else "临近报废",
            "last": words.last_day(row.standing),
            "left": words.left(row.standing),
            "why": words.why(row.standing),
            "grounds": words.grounds(row.standing.cite, row.standing.verified),
            "register": words.register_url(
                "vehicle.retired", vehicle=row.subject.id, choice=("type", "scrapped")
            )
            if registers
            else "",
        }
        for row in records.near_scrapping(company)
    ]
    page = _page(rows, page_number(request.GET))
    return render(request, "dossiers/scrappage.html", {"company": company, "page": page, "list_id": "list"})


def _filters(request: HttpRequest, units: list[tuple[str, str]]) -> Filters:
    asked = request.GET

    def one(name: str, known: object) -> str:
        text = asked.get(name, "")
        return text if text in known else ""  # type: ignore[operator]  # a container of texts

    return Filters(
        state=one("state", STATES),
        what=one("what", records.kinds_of_due()),
        of=one("of", OF),
        unit=one("unit", {key for key, _ in units}),
        days=one("days", DAYS),
        text=asked.get("q", "").strip()[:40],
    )


def _found(company: CompanyRow, filters: Filters) -> Expiries:
    return records.expiries(company, warns=int(filters.days) if filters.days else None)


def _filtered(found: Expiries, filters: Filters) -> Sequence[DueRow]:
    rows = found.missing if filters.state == "missing" else found.rows
    tests = list(_tests(filters))
    return [row for row in rows if all(test(row) for test in tests)] if tests else rows


def _tests(filters: Filters) -> Iterator[Callable[[DueRow], bool]]:
    if filters.state in ("over", "soon"):
        yield lambda row: row.state == filters.state
    if filters.what:
        yield lambda row: row.what == filters.what
    if filters.of:
        yield lambda row: row.subject.type == filters.of
    if filters.unit:
        unit = int(filters.unit)
        yield lambda row: row.subject.unit_id == unit
    if filters.text:
        text = filters.text.upper()
        yield lambda row: text in row.name


def _page(rows: Sequence[T], number: int) -> Page[T]:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = max(1, min(number, pages))
    return Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages, len(rows))


def _shown(row: DueRow, registers: bool) -> Shown:
    look, state = words.badge(row.standing)
    subject = {row.subject.type: row.subject.id}
    return Shown(
        row=row,
        look=look,
        state=state,
        last=words.last_day(row.standing),
        left=words.left(row.standing),
        why=words.why(row.standing),
        grounds=words.grounds(row.standing.cite, row.standing.verified),
        register=words.register_url(row.source.kind, choice=row.source.choice, **subject)
        if registers
        else "",
    )
