"""The list of people as pages show it, and everything about one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import Page, paged, paged_keys
from anze.records.acting.permissions import require
from anze.records.lawbook import lawbook
from anze.records.people.leading import name_of, post_named
from anze.records.people.leaves import LEAVE_KINDS, LeaveRow, leaves
from anze.records.people.models import Account, Cover, Holding, Leave, Person, Placement
from anze.records.people.queries import HoldingRow, PersonRow, holdings, row_of
from anze.records.people.remits import RemitRow, remits
from anze.records.tenants.models import Unit
from anze.records.tenants.pinyin import spellings

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`posts`: names of the posts held today; `away`: 请假 or 停岗 today, or empty."""

    person: PersonRow
    unit_name: str
    posts: tuple[str, ...]
    away: str
    employed: bool


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A holding with its deputies, the newest first. `listed`: the post has a list of duties."""

    holding: HoldingRow
    listed: bool
    single_holder: bool
    left_open: int
    covers: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A deputy for somebody."""

    holding_id: int
    position_name: str
    holder_id: int
    holder_name: str
    deputy_id: int
    deputy_name: str
    since: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlacementRow:
    unit_name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    person: PersonRow
    unit_name: str
    employed: bool
    posts: tuple[HeldPost, ...]
    stands_in: tuple[CoverLine, ...]
    leaves: tuple[LeaveRow, ...]
    remits: tuple[RemitRow, ...]
    placements: tuple[PlacementRow, ...]
    username: str  # empty: no account
    account_active: bool


def people_page(
    *,
    company_id: int,
    text: str = "",
    unit_id: int | None = None,
    position: str | None = None,
    service: str = "",
    page: int = 1,
) -> Page[PersonLine]:
    """By pinyin. `text`: a name, full pinyin or initials; `service`: "" employed today, away, left, all."""
    require("manage_people")
    today = current().today
    rows = Person.objects.filter(company=company_id).order_by("pinyin", "pk")
    rows = _in_service(rows, service, today)
    if unit_id is not None:
        rows = rows.filter(unit__in=_below(company_id, unit_id))
    if position is not None:
        held = Holding.objects.filter(_on(today), person=OuterRef("pk"), position=position)
        rows = rows.filter(Exists(held))
    if wanted := text.strip().replace("\x00", ""):
        return paged_keys(_matching(rows, wanted), Person.objects.all(), page, _lines)
    return paged(rows, page, _lines)


def person_file(person_id: int) -> PersonFile:
    """Raises NotFound out of scope."""
    require("manage_people")
    account = Account.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.select_related("unit").annotate(
        username=Subquery(account.values("username")), account_active=Subquery(account.values("is_active"))
    )
    found = rows.filter(pk=person_id).first() if _real(person_id) else None
    if found is None:
        raise NotFound("没有这个人员。")
    today = current().today
    covers = _covers(Q(holding__person=person_id) | Q(deputy=person_id))
    return PersonFile(
        person=row_of(found),
        unit_name=found.unit.name if found.unit else "",
        employed=found.joined_on <= today and (found.left_on is None or found.left_on > today),
        posts=_posts(person_id, covers),
        stands_in=tuple(c for c in covers if c.deputy_id == person_id),
        leaves=tuple(leaves(person_id=person_id)),
        remits=tuple(remits(person_id=person_id)),
        placements=tuple(
            PlacementRow(p.unit.name, p.since, p.until)
            for p in Placement.objects.select_related("unit").filter(person=person_id).order_by("-since")
        ),
        username=found.username or "",
        account_active=bool(found.account_active),
    )


def people_by_unit(company_id: int) -> dict[int, int]:
    """Unit id -> people employed today who belong to it."""
    today = current().today
    rows = Person.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today), company=company_id, joined_on__lte=today
    )
    return dict(rows.exclude(unit=None).values_list("unit").annotate(n=Count("pk")))


def account_of_person(person_id: int) -> tuple[int, str, bool] | None:
    """Id, sign-in name and whether it is open."""
    require("manage_people")
    found = Account.objects.filter(person=person_id, company__in=current().reads).first()
    return None if found is None else (found.pk, found.username, found.is_active)


def holding(holding_id: int) -> HoldingRow:
    """Raises NotFound out of scope."""
    held = Holding.objects.filter(pk=holding_id).values_list("person_id", flat=True)
    person = held.first() if _real(holding_id) else None
    if person is None:
        raise NotFound("没有这条任职。")
    return next(h for h in holdings(person_id=person) if h.id == holding_id)


def holder_of(position: str, *, company_id: int, since: date, until: date | None) -> HoldingRow | None:
    """Who holds a post for one on some day of a span."""
    rows = [
        h
        for h in holdings(company_id=company_id)
        if h.position == position
        and (h.until is None or h.until > since)
        and (until is None or h.since < until)
    ]
    return rows[0] if rows else None


def _real(key: int) -> bool:
    return 0 < key <= LARGEST_ID


def _in_service(rows: QuerySet[Person], service: str, today: date) -> QuerySet[Person]:
    employed = Q(left_on=None) | Q(left_on__gt=today)
    if service == "left":
        return rows.exclude(employed)
    if service == "away":
        return rows.filter(employed, Exists(Leave.objects.filter(_on(today), person=OuterRef("pk"))))
    return rows if service == "all" else rows.filter(employed)


def _matching(rows: QuerySet[Person], text: str) -> list[int]:
    spelled = text.lower().replace(" ", "")
    known = rows.values_list("pk", "name", "pinyin")
    return [key for key, name, pinyin in known if text in name or spelled in spellings(pinyin)]


def _below(company_id: int, unit_id: int) -> list[int]:
    """The unit and those under it."""
    parents = dict(Unit.objects.filter(company=company_id).values_list("pk", "parent_id"))
    found = [unit_id]
    for unit in found:
        found.extend(child for child, parent in parents.items() if parent == unit and child not in found)
    return found


def _on(day: date) -> Q:
    return (Q(until=None) | Q(until__gt=day)) & Q(since__lte=day)


def _lines(found: Sequence[Person]) -> list[PersonLine]:
    today = current().today
    keys = [person.pk for person in found]
    posts: dict[int, list[str]] = {}
    for person, position in Holding.objects.filter(_on(today), person__in=keys).values_list(
        "person_id", "position"
    ):
        posts.setdefault(person, []).append(position)
    away = dict(Leave.objects.filter(_on(today), person__in=keys).values_list("person_id", "kind"))
    units = dict(
        Unit.objects.filter(pk__in={p.unit_id for p in found if p.unit_id}).values_list("pk", "name")
    )
    return [
        PersonLine(
            person=row_of(p),
            unit_name=units.get(p.unit_id or 0, ""),
            posts=_names(posts.get(p.pk, ())),
            away=LEAVE_KINDS.get(away.get(p.pk, ""), ""),
            employed=p.joined_on <= today and (p.left_on is None or p.left_on > today),
        )
        for p in found
    ]


def _names(positions: Iterable[str]) -> tuple[str, ...]:
    known = lawbook().positions
    order = sorted(positions, key=lambda p: (known[p].number if p in known else 999, p))
    return tuple(name_of(p) for p in order)


def _posts(person_id: int, covers: Sequence[CoverLine]) -> tuple[HeldPost, ...]:
    rows = sorted(holdings(person_id=person_id), key=lambda h: (h.since, h.id), reverse=True)
    return tuple(
        HeldPost(
            holding=h,
            listed=h.position in lawbook().positions,
            single_holder=(post := post_named(h.position)) is not None and post.single_holder,
            left_open=h.left_open,
            covers=tuple(c for c in covers if c.holding_id == h.id),
        )
        for h in rows
    )


def _covers(which: Q) -> list[CoverLine]:
    """The newest first."""
    rows = Cover.objects.select_related("holding__person", "deputy").filter(which).order_by("-since", "-pk")
    return [
        CoverLine(
            holding_id=c.holding_id,
            position_name=_names([c.holding.position])[0],
            holder_id=c.holding.person_id,
            holder_name=c.holding.person.name,
            deputy_id=c.deputy_id,
            deputy_name=c.deputy.name,
            since=c.since,
            until=c.until,
            reason=c.reason,
        )
        for c in rows
    ]
