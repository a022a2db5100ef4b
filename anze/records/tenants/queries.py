"""Companies in scope, the authorities above them, and organisation units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.lawbook import is_listed
from anze.records.tenants.models import Authority, Company, Supervision, Unit
from anze.records.tenants.pinyin import spellings


@dataclass(frozen=True, slots=True)
class CompanyRow:
    id: int
    name: str
    short_name: str
    trade: str
    area: str
    employees: int
    vehicles: int
    started_on: date
    judged_from: date

    @property
    def listed(self) -> bool:
        return is_listed(self.trade)


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    id: int
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    company_id: int
    parent_id: int | None
    kind: str
    name: str
    since: date
    until: date | None


def company(company_id: int) -> CompanyRow:
    """Raises NotFound out of scope."""
    scope, key = current(), ("company", company_id)
    if key not in scope.memo:
        found = Company.objects.filter(pk=company_id).first() if company_id in scope.reads else None
        if found is None:
            raise NotFound("没有这家企业。")
        scope.memo[key] = _row(found)
    row: CompanyRow = scope.memo[key]
    return row


def remember(found: Company) -> None:
    """Read beside something else in this scope: it is not asked for again."""
    current().memo["company", found.pk] = _row(found)


def companies_in_scope() -> list[CompanyRow]:
    """By the pinyin of their short names."""
    current()
    return [_row(found) for found in Company.objects.order_by("pinyin", "pk")]


def matching_companies(text: str) -> frozenset[int]:
    """Ids in scope whose name, short name, pinyin or initials contain the text."""
    current()
    wanted = text.strip().replace("\x00", "")
    spelled = wanted.lower().replace(" ", "")
    named = Q(name__icontains=wanted) | Q(short_name__icontains=wanted)
    by_pinyin = Company.objects.values_list("pk", "pinyin")
    ids = set(Company.objects.filter(named).values_list("pk", flat=True)) if wanted else set()
    if spelled.isascii() and spelled:
        ids |= {key for key, pinyin in by_pinyin if spelled in spellings(pinyin)}
    return frozenset(ids)


def companies_of_authority(authority_id: int, on: date) -> tuple[int, ...]:
    """Ids of the companies that the authority supervises on a day. Needs no scope: it makes the officer's."""
    rows = Supervision.objects.filter(Q(until=None) | Q(until__gt=on), authority=authority_id, since__lte=on)
    return tuple(sorted(set(rows.values_list("company_id", flat=True))))


def authority(authority_id: int) -> AuthorityRow:
    found = Authority.objects.filter(pk=authority_id).first()
    if found is None:
        raise NotFound("没有这个管理部门。")
    return AuthorityRow(found.pk, found.name, found.area)


def authority_ids() -> list[int]:
    """Of the whole installation. Needs no scope: an authority is nobody's secret."""
    return list(Authority.objects.order_by("pk").values_list("pk", flat=True))


def authorities_over(company_id: int, on: date) -> list[AuthorityRow]:
    """Who supervises a company in scope on a day."""
    company(company_id)
    rows = Supervision.objects.filter(Q(until=None) | Q(until__gt=on), company=company_id, since__lte=on)
    found = Authority.objects.filter(pk__in=rows.values("authority")).order_by("pk")
    return [AuthorityRow(a.pk, a.name, a.area) for a in found]


def units(*, kind: str | None = None, on: date | None = None) -> list[UnitRow]:
    """Units that exist on a day (today unless told) in the companies in scope."""
    day = current().today if on is None else on
    rows = Unit.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).order_by("pk")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [UnitRow(u.pk, u.company_id, u.parent_id, u.kind, u.name, u.since, u.until) for u in rows]


def _row(found: Company) -> CompanyRow:
    return CompanyRow(
        id=found.pk,
        name=found.name,
        short_name=found.short_name,
        trade=found.trade,
        area=found.area,
        employees=found.employees,
        vehicles=found.vehicles,
        started_on=found.started_on,
        judged_from=found.judged_from,
    )
