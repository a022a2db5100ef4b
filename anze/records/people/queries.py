"""Who an account acts as, what it may see, and the people, posts and deputies in scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, F, Q, Value
from django.db.models.functions import Replace

from anze.records.acting.context import SHANGHAI, SYSTEM, Acting, Actor, acted_by, acting, current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may, require
from anze.records.lawbook import lawbook
from anze.records.people.leading import name_of, role_of
from anze.records.people.models import Account, Cover, Holding, Leave, Person
from anze.records.people.phones import masked
from anze.records.tenants.pinyin import folded, spellings
from anze.records.tenants.queries import companies_of_authority, remember

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

LEAST_SEARCH = 1


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    company_id: int
    name: str
    pinyin: str  # "zhang wei zw"
    phone_masked: str
    driver: bool
    unit_id: int | None
    joined_on: date
    left_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class HoldingRow:
    id: int
    company_id: int
    person_id: int
    person_name: str
    position: str
    position_name: str
    since: date
    until: date | None
    left_open: int  # duties that were open when its end was entered


@dataclass(frozen=True, slots=True)
class CoverRow:
    id: int
    holding_id: int
    position: str
    deputy_id: int
    deputy_name: str
    since: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    username: str
    person_id: int | None
    person_name: str
    active: bool


def actor_for(account: AbstractBaseUser, at: datetime) -> Actor:
    """Whom a signed-in account acts as at an instant. Someone who left, or an idle account, has no roles."""
    assert isinstance(account, Account)
    if account.administrator:
        return Actor(account.pk, "系统管理员", roles=_roles(account, "administrator"))
    if account.authority_id is not None:
        return Actor(
            account.pk, account.officer_name, authority=account.authority_id, roles=_roles(account, "officer")
        )
    assert account.company_id is not None
    with acting(SYSTEM, reads=(account.company_id,), writes=(), at=at):
        return _person_for(account, at.astimezone(SHANGHAI).date())


@contextmanager
def entered(account: AbstractBaseUser, at: datetime) -> Iterator[Acting]:
    """The scope of a signed-in account, acted in by whom it is. For a company's people asked in it."""
    assert isinstance(account, Account)
    today = at.astimezone(SHANGHAI).date()
    reads, writes = scope_of(account, today)
    if account.company_id is None or not account.is_active:
        with acting(actor_for(account, at), reads=reads, writes=writes, at=at) as scope:
            yield scope
        return
    with (
        acting(SYSTEM, reads=reads, writes=writes, at=at),
        acted_by(_person_for(account, today)) as scope,
    ):
        yield scope


def _person_for(account: Account, today: date) -> Actor:
    """Inside a scope of the company, which is read with the person."""
    assert account.person_id is not None
    person = Person.objects.select_related("company").get(pk=account.person_id)
    remember(person.company)
    held, covered = _posts(person.pk, today)
    positions = held | {position for _, position in covered}
    roles = _roles_of(person, positions, today)
    return Actor(
        account.pk,
        person.name,
        person.pk,
        account.company_id,
        roles=roles if account.is_active else frozenset(),
        positions=tuple(sorted(positions, key=_order)) if roles and account.is_active else (),
        covered=tuple(sorted(covered)) if roles and account.is_active else (),
    )


def scope_of(account: AbstractBaseUser, on: date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Company ids that an account may read and write on a day."""
    assert isinstance(account, Account)
    if not account.is_active or account.administrator:
        return (), ()
    if account.authority_id is not None:
        return companies_of_authority(account.authority_id, on), ()
    assert account.company_id is not None
    return (account.company_id,), (account.company_id,)


def person(person_id: int) -> PersonRow:
    """Raises NotFound out of scope."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise NotFound("没有这个人员。")
    return row_of(found)


def people(
    *, drivers: bool | None = None, on: date | None = None, company_id: int | None = None
) -> list[PersonRow]:
    """By pinyin. `on`: only those employed on the day."""
    rows = Person.objects.order_by("pinyin", "pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if drivers is not None:
        rows = rows.filter(driver=drivers)
    if on is not None:
        rows = rows.filter(Q(left_on=None) | Q(left_on__gt=on), joined_on__lte=on)
    return [row_of(found) for found in rows]


def search(text: str, *, on: date | None = None, limit: int = 20) -> list[PersonRow]:
    """By name, full pinyin or initials: 张伟, zhangwei and zw find the same person."""
    wanted = text.strip().lower().replace(" ", "")
    if len(wanted) < LEAST_SEARCH:
        return []
    rows = people(on=current().today if on is None else on)
    found = [row for row in rows if wanted in row.name or wanted in spellings(row.pinyin)]
    return found[:limit]


def found(text: str, *, limit: int) -> list[PersonRow]:
    """As `search`, those who left included; whoever may not see the company finds only themselves."""
    wanted, actor = folded(text), current().actor
    if not wanted:
        return []
    spelled = Replace("pinyin", Value(" "), Value(""))
    rows = Person.objects.annotate(spelled=spelled).filter(
        Q(name__contains=wanted) | Q(spelled__contains=wanted)
    )
    if not may(actor, "see_company"):
        rows = rows.filter(pk=actor.person or 0)
    return [row_of(row) for row in rows.order_by(F("left_on").desc(nulls_first=True), "pinyin")[:limit]]


def holdings(
    on: date | None = None, *, person_id: int | None = None, company_id: int | None = None
) -> list[HoldingRow]:
    """Posts held in scope, by printed order of the position; all periods unless a day is named."""
    rows = Holding.objects.select_related("person")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    if person_id is not None:
        rows = rows.filter(person=person_id)
    found = [_holding_row(holding) for holding in rows]
    return sorted(found, key=lambda row: (_order(row.position), row.since, row.id))


def covers(on: date | None = None) -> list[CoverRow]:
    """Deputies in scope; all periods unless a day is named."""
    rows = Cover.objects.select_related("holding", "deputy").order_by("since", "pk")
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return [
        CoverRow(
            c.pk, c.holding_id, c.holding.position, c.deputy_id, c.deputy.name, c.since, c.until, c.reason
        )
        for c in rows
    ]


def my_positions() -> tuple[str, ...]:
    """Positions that the acting person holds or stands in for today."""
    return current().actor.positions


def accounts() -> list[AccountRow]:
    """Accounts of the companies in scope, for those who manage people."""
    scope = current()
    if not may(scope.actor, "manage_people"):
        return []
    rows = Account.objects.filter(company__in=scope.reads).select_related("person").order_by("username")
    return [
        AccountRow(a.pk, a.username, a.person_id, a.person.name if a.person else "", a.is_active)
        for a in rows
    ]


def account_named(username: str) -> tuple[int, int | None]:
    """(id, company) of an account, for somebody at the server. Raises NotFound."""
    require("register")
    account = Account.objects.filter(username=username.strip()).first()
    if account is None:
        raise NotFound(f"没有登录名为“{username}”的账号。")
    return account.pk, account.company_id


def _roles(account: Account, role: str) -> frozenset[str]:
    return frozenset({role}) if account.is_active else frozenset()


def _roles_of(person: Person, positions: Iterable[str], on: date) -> frozenset[str]:
    if person.joined_on > on or (person.left_on is not None and person.left_on <= on):
        return frozenset()
    roles = {"driver"} if person.driver else set()
    for position in positions:
        roles.add(role_of(position))
    return frozenset(roles or {"employee"})


def _posts(person_id: int, on: date) -> tuple[set[str], set[tuple[int, str]]]:
    """Positions held, and (holder, position) stood in for: in the span of the cover, unless on leave."""
    still = (Q(until=None) | Q(until__gt=on)) & Q(since__lte=on)
    away = Leave.objects.filter(still, person=person_id)
    held = Holding.objects.filter(still, person=person_id).values_list("person_id", "position")
    covered = Cover.objects.filter(still, ~Exists(away), deputy=person_id).values_list(
        "holding__person_id", "holding__position"
    )
    rows = set(held.union(covered))
    return {position for who, position in rows if who == person_id}, {r for r in rows if r[0] != person_id}


def _order(position: str) -> tuple[int, str]:
    found = lawbook().positions.get(position)
    return (found.number if found else 999, position)


def row_of(found: Person) -> PersonRow:
    return PersonRow(
        id=found.pk,
        company_id=found.company_id,
        name=found.name,
        pinyin=found.pinyin,
        phone_masked=masked(found.phone),
        driver=found.driver,
        unit_id=found.unit_id,
        joined_on=found.joined_on,
        left_on=found.left_on,
        version=found.version,
    )


def _holding_row(found: Holding) -> HoldingRow:
    return HoldingRow(
        id=found.pk,
        company_id=found.company_id,
        person_id=found.person_id,
        person_name=found.person.name,
        position=found.position,
        position_name=name_of(found.position),
        since=found.since,
        until=found.until,
        left_open=found.left_open,
    )
