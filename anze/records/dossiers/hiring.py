"""What speaks against hiring somebody as a driver, from the checks on file, those of earlier service too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.dossiers.concerning import Concerning, fitting, of_person
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.queries import CompanyRow, company
from anze.rules.catalogue.dossier_model import Wanted
from anze.rules.dossiers.hiring import BarStanding, BarState, Check, bar_standings
from anze.rules.dossiers.validity import Holder

VETTING = "driver.vetting"


class Barred(Refused):
    """Something on file forbids hiring; whoever decides against it says so."""


def bars_asked(trade: str) -> list[BarStanding]:
    """What must be asked about a driver of the trade today, with nothing known yet."""
    return _standings(trade, ())


def bars_of(at: CompanyRow, rows: Iterable[Concerning]) -> list[BarStanding]:
    """Of a driver of the company, whose records these are."""
    return _standings(at.trade, [_check(row) for row in fitting(rows, Wanted(VETTING))])


def require_unbarred(*, company_id: int, person_ids: Sequence[int], despite: bool) -> None:
    """Raises Barred with every reason. `despite`: it was decided so, which the journal keeps."""
    require("manage_people")
    at = company(company_id)
    known = Person.objects.filter(company=company_id, pk__in=person_ids).order_by("pk")
    found = [
        (person, bar)
        for person in known
        for bar in bars_of(at, of_person(company_id, person.pk, kinds=[VETTING]))
        if bar.state is BarState.BARRED
    ]
    if found and not despite:
        reasons = (f"{who.name}：{bar.bar.name}，{bar.until}之前不得聘用为驾驶员" for who, bar in found)
        doubt = "" if all(bar.term.verified for _, bar in found) else "（数值未核对原文，请自行核对。）"
        raise Barred("；".join(reasons) + "。" + doubt)
    if found:
        rows = [("people.person", who.pk, digest_of([bar.bar.id, bar.fact])) for who, bar in found]
        append(action="people.hire_despite", rows=rows, company_id=company_id)


def served_before(*, company_id: int, people: Iterable[tuple[str, str]]) -> list[int]:
    """Those on file who left, by the same name and telephone number."""
    wanted = {(name, phone) for name, phone in people if phone}
    if not wanted:
        return []
    gone = Person.objects.filter(
        company=company_id, left_on__isnull=False, name__in={name for name, _ in wanted}
    )
    return [key for key, *known in gone.values_list("pk", "name", "phone") if tuple(known) in wanted]


def _standings(trade: str, checks: Sequence[Check]) -> list[BarStanding]:
    holder = Holder(trade, True, frozenset())
    return bar_standings(lawbook().dossiers.hiring.values(), checks, holder, current().today)


def _check(row: Concerning) -> Check:
    """A field is a day or a number by its bar."""
    bars = lawbook().dossiers.hiring.values()
    types = {spec.id: spec.type for spec in lawbook().kinds[VETTING].fields}
    filled = [bar.field for bar in bars if row.values.get(bar.field)]
    return Check(
        row.id,
        row.day,
        {name: day for name in filled if types[name] == "date" and (day := row.day_of(name))},
        {name: number for name in filled if types[name] == "number" and (number := row.number_of(name))},
    )
