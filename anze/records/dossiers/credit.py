"""服务质量信誉考核: the grades of a company and of its drivers, by the year assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from anze.records.acting.permissions import require
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook

COMPANY, DRIVER = "credit.assessment", "credit.driver"
YEARS = 3  # that are shown


@dataclass(frozen=True, slots=True)
class CreditYear:
    """`grade`: of the company, empty where none is on record; `drivers`: grade -> how many."""

    year: str
    grade: str
    record_id: int | None
    number: str
    drivers: Mapping[str, int]


def credit_years(company_id: int) -> list[CreditYear]:
    """The newest years first; of a year the newest record counts. For those who see the whole company."""
    require("see_company")
    rows = Record.objects.filter(
        company=company_id, kind__in=(COMPANY, DRIVER), status=Record.Status.SEALED
    ).order_by("happened_at", "pk")
    whole: dict[str, tuple[str, int, str]] = {}
    drivers: dict[str, dict[int, str]] = {}
    fields = ("kind", "pk", "number", "values", "participations__person", "participations__role")
    for kind, key, number, values, person, role in rows.values_list(*fields):
        year, grade = values.get("year", ""), values.get("grade", "")
        if kind == COMPANY:
            whole[year] = (grade, key, number or "")
        elif role == "subject":
            drivers.setdefault(year, {})[person] = grade
    years = sorted({*whole, *drivers}, reverse=True)[:YEARS]
    return [_year(year, whole.get(year, ("", None, "")), drivers.get(year, {})) for year in years]


def _year(year: str, whole: tuple[str, int | None, str], drivers: Mapping[int, str]) -> CreditYear:
    grade, key, number = whole
    counted = Counter(drivers.values())
    labels = _labels(DRIVER)
    shown = {label: counted[value] for value, label in labels.items() if counted[value]}
    return CreditYear(year, _labels(COMPANY).get(grade, ""), key, number, shown)


def _labels(kind: str) -> Mapping[str, str]:
    return next(spec.choices for spec in lawbook().kinds[kind].fields if spec.id == "grade")
