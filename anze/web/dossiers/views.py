"""一人一档 and 一车一档: one page each, also the sheet that is printed and filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.dossiers.certificates import CertificateLine
from anze.records.dossiers.concerning import Concerning
from anze.records.dossiers.people import PersonDossier, person_dossier
from anze.records.dossiers.vehicles import VehicleDossier, vehicle_dossier
from anze.records.fleet.terminals import terminals_of
from anze.rules.catalogue.dossier_model import GROUPS, OCCASIONS, UNITS
from anze.rules.dossiers.changes import OpenItem
from anze.rules.dossiers.hiring import BarStanding
from anze.rules.dossiers.training_hours import Hours
from anze.rules.dossiers.validity import Standing
from anze.rules.importing.rolls import result_of
from anze.web.dossiers import words
from anze.web.ui.company import company_at_hand, of_company

# What a page offers to record: label, kind, a choice.
Offer = tuple[str, str, tuple[str, str] | None]
_INDUCTION = "training.induction"
OF_PEOPLE: dict[str, tuple[Offer, ...]] = {
    "training": (
        ("登记培训", "training.staff", None),
        ("登记学习", "training.driver-study", None),
    ),
    "violations": (
        ("登记违法", "violation.notice", None),
        ("登记处理", "violation.handling", None),
    ),
    "bars": (("登记核查", "driver.vetting", None),),
    "rewards": (("登记奖惩", "personnel.reward", None),),
    "care": (
        ("登记测评", "driver.screening", None),
        ("登记考核", "driver.appraisal", None),
        ("登记谈话", "driver.care", ("type", "talk")),
    ),
    "credit": (("登记考核", "credit.driver", None),),
    "contract": (("登记合同", "employee.contract", None),),
}
OF_VEHICLES: dict[str, tuple[Offer, ...]] = {
    "repairs": (
        ("登记故障", "vehicle.fault", None),
        ("登记维修", "vehicle.repair", None),
    ),
    "checks": (("登记检查", "vehicle.equipment-check", None),),
    "life": (("登记退出", "vehicle.retired", None),),
    "reading": (("登记里程", "vehicle.odometer", None),),
    "test": (("登记检验", "vehicle.test", None),),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of what is valid or due. `register`: where its next record is entered, or empty."""

    name: str
    group: str
    look: str
    state: str
    last: date | None
    left: str
    why: str
    grounds: str
    record: Concerning | None
    detail: str
    register: str


@dataclass(frozen=True, slots=True)
class HoursLine:
    name: str
    period: str
    done: str
    least: str
    unit: str
    look: str
    state: str
    other: int
    grounds: str


@dataclass(frozen=True, slots=True)
class BarLine:
    """`until`: the first day on which it no longer bars."""

    name: str
    look: str
    state: str
    until: date | None
    fact: int | None
    grounds: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    name: str
    occasion: str
    day: date
    due: str
    look: str
    state: str
    so_far: str
    grounds: str
    fact: int | None
    register: str


@require_safe
@of_company("see_own")
def person_file(request: HttpRequest, person_id: int) -> HttpResponse:
    """Drivers and employees see their own file only."""
    company = company_at_hand(request)
    dossier = person_dossier(person_id, company)
    registers = words.may_register(company)
    context = {
        "company": company,
        "dossier": dossier,
        "person": dossier.person,
        "contract": dossier.contract.chosen("contract") if dossier.contract else "",
        "held": [post for post in dossier.posts if not _over(post.until)],
        "past": [post for post in dossier.posts if _over(post.until)],
        "certificates": [
            _certificate(line, register=registers, person=person_id) for line in dossier.certificates
        ],
        "levels": [
            (name, row, _result(row, dossier), _register(_INDUCTION, registers, person_id, ("level", key)))
            for key, name, row in dossier.levels
        ],
        "hours": [_hours(row) for row in dossier.hours],
        "topics": [words.topics(row) for row in dossier.topics],
        "points": _points(dossier),
        "bars": [_bar(row) for row in dossier.bars],
        "items": [_item(item, person_id, registers) for item in dossier.items],
        "settled": [_item(item, person_id, False) for item in dossier.settled],
        "offers": _offers(OF_PEOPLE, registers, person=person_id),
        "may_manage": company.id == current().actor.company and may(current().actor, "manage_people"),
        "own": current().actor.person == person_id,
        "today": current().today,
    }
    return render(request, "dossiers/person.html", context)


@require_safe
@of_company("see_company")
def vehicle_file(request: HttpRequest, vehicle_id: int) -> HttpResponse:
    company = company_at_hand(request)
    dossier = vehicle_dossier(vehicle_id, company)
    registers = words.may_register(company)
    context = {
        "company": company,
        "dossier": dossier,
        "vehicle": dossier.vehicle,
        "certificates": [
            _certificate(line, register=registers, vehicle=vehicle_id) for line in dossier.certificates
        ],
        "due": list(_due(dossier, registers)),
        "terminals": terminals_of(vehicle_id),
        "now": current().at,
        "age": _age(dossier.registered, current().today),
        "offers": _offers(OF_VEHICLES, registers, vehicle=vehicle_id),
        "may_manage": company.id == current().actor.company and may(current().actor, "manage_people"),
        "gone": next((row for row in dossier.life if row.kind == "vehicle.retired"), None),
        "today": current().today,
    }
    return render(request, "dossiers/vehicle.html", context)


def _result(row: Concerning | None, dossier: PersonDossier) -> str:
    """The person's own, or what a session's results say of this person, and of nobody else."""
    if row is None:
        return ""
    return row.result or result_of(row.values.get("exam", ""), dossier.person.name)


def _over(until: date | None) -> bool:
    return until is not None and until <= current().today


def _age(registered: date | None, today: date) -> str:
    """3 年 4 个月."""
    if registered is None or registered > today:
        return ""
    months = (today.year - registered.year) * 12 + today.month - registered.month
    months -= today.day < registered.day
    years, rest = divmod(months, 12)
    return f"{years} 年 {rest} 个月" if years else f"{rest} 个月"


def _register(kind: str, registers: bool, person: int | None, choice: tuple[str, str] | None = None) -> str:
    return words.register_url(kind, person=person, choice=choice) if registers else ""


def _offers(
    offers: dict[str, tuple[Offer, ...]],
    registers: bool,
    *,
    person: int | None = None,
    vehicle: int | None = None,
) -> dict[str, list[tuple[str, str]]]:
    """Section -> label and address."""
    if not registers:
        return {}
    return {
        section: [
            (label, words.register_url(kind, person=person, vehicle=vehicle, choice=choice))
            for label, kind, choice in found
        ]
        for section, found in offers.items()
    }


def _certificate(
    line: CertificateLine, *, register: bool, person: int | None = None, vehicle: int | None = None
) -> Line:
    wanted = line.certificate.wanted
    choice = (wanted.choice, min(wanted.values)) if len(wanted.values) == 1 else None
    url = words.register_url(wanted.kind, person=person, vehicle=vehicle, choice=choice) if register else ""
    return _line(line.certificate.name, line.standing, line.record, url, group=GROUPS[line.certificate.group])


def _line(
    name: str,
    standing: Standing,
    record: Concerning | None,
    register: str,
    *,
    group: str = "",
    detail: str = "",
) -> Line:
    look, state = words.badge(standing)
    said = record.chosen("class", "conclusion", "result") if record else ""
    return Line(
        name=name,
        group=group,
        look=look,
        state=state,
        last=words.last_day(standing),
        left=words.left(standing),
        why=words.why(standing),
        grounds=words.grounds(standing.cite, standing.verified),
        record=record,
        detail=detail or said,
        register=register,
    )


def _due(dossier: VehicleDossier, registers: bool) -> list[Line]:
    vehicle = dossier.vehicle.id

    def url(kind: str, choice: tuple[str, str] | None = None) -> str:
        return words.register_url(kind, vehicle=vehicle, choice=choice) if registers else ""

    found = [_line("检验检测", dossier.test, dossier.tested, url("vehicle.test"))]
    for row in dossier.upkeep:
        detail = (
            "" if row.left is None else f"还有 {row.left} 公里" if row.left > 0 else f"超 {-row.left} 公里"
        )
        register = url("vehicle.maintenance", ("level", row.level))
        found.append(_line(row.name, row.standing, row.record, register, detail=detail))
    retire = url("vehicle.retired", ("type", "scrapped"))
    return [*found, _line("报废", dossier.scrapping, None, retire)]


def _hours(row: Hours) -> HoursLine:
    look, state = words.PROGRESS[row.progress]
    return HoursLine(
        name=row.rule.name,
        period=words.period_of_hours(row),
        done=f"{float(row.done):g}",
        least=f"{float(row.term.least):g}",
        unit=UNITS[row.rule.unit],
        look=look,
        state=state,
        other=len(row.other),
        grounds=words.grounds(row.term.cite, row.term.verified),
    )


def _points(dossier: PersonDossier) -> dict[str, object] | None:
    found, term = dossier.points, dossier.points_term
    if found is None or term is None:
        return None
    look, state = words.LEVELS[found.level]
    return {
        "points": f"{float(found.points):g}",
        "full": term.full,
        "look": look,
        "state": state,
        "period": found.period,
        "exact": found.exact,
        "grounds": words.grounds(term.cite, term.verified),
    }


def _bar(row: BarStanding) -> BarLine:
    look, state = words.BARS[row.state]
    grounds = words.grounds(row.term.cite, row.term.verified)
    return BarLine(row.bar.name, look, state, row.until, row.fact, grounds)


def _item(item: OpenItem, person: int, registers: bool) -> ItemLine:
    look, state = words.SETTLED[item.settled]
    wanted = item.change.wanted
    choice = (wanted.choice, sorted(wanted.values)[-1]) if wanted.choice else None
    so_far = f"已有 {float(item.done):g} 学时" if item.term.least is not None else ""
    return ItemLine(
        name=item.change.name,
        occasion=OCCASIONS[item.change.on],
        day=item.occasion.day,
        due=words.due_day(item.due),
        look=look,
        state=state,
        so_far=so_far,
        grounds=words.grounds(item.term.cite, item.term.verified),
        fact=item.fact,
        register=_register(wanted.kind, registers, person, choice),
    )
