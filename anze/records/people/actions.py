"""Employing people, giving and ending posts, appointing deputies; accounts are in `accounts`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import Row, append, digest_of
from anze.records.people.accounts import InvalidAccount, change_password, close_account, open_account
from anze.records.people.leading import LeadingPost, post_named, trade_of
from anze.records.people.leaves import DeputyAway, away_during, said
from anze.records.people.models import Cover, Holding, Leave, Person, Placement, Remit
from anze.records.people.phones import tidy_phone
from anze.records.tenants.models import Company, Unit
from anze.records.tenants.pinyin import name_key
from anze.rules.catalogue.model import Position

__all__ = [
    "DeputyAway",
    "InvalidAccount",
    "InvalidPeople",
    "NewPerson",
    "PostTaken",
    "appoint_deputy",
    "assign_post",
    "change_password",
    "close_account",
    "dismiss",
    "employ",
    "end_holding",
    "open_account",
]


LONGEST_NAME = 40


class PostTaken(Refused):
    """The post allows one holder at a time and has one, or this person already holds it."""


class InvalidPeople(Refused):
    """`errors`: index of the person in the list -> what is wrong, all at once."""

    def __init__(self, errors: dict[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 人：{problem}" for index, problem in errors.items()))


@dataclass(frozen=True, slots=True)
class NewPerson:
    name: str
    joined_on: date
    phone: str = ""
    driver: bool = False
    unit_id: int | None = None


def employ(*, company_id: int, people: Sequence[NewPerson]) -> list[int]:
    """Ids in the order given; all or none. Raises InvalidPeople."""
    require("manage_people")
    errors = _wrong_people(company_id, people)
    if errors:
        raise InvalidPeople(errors)
    rows = [
        Person(
            company_id=company_id,
            name=new.name.strip(),
            pinyin=name_key(new.name.strip())[:120],
            phone=tidy_phone(new.phone) or "",
            driver=new.driver,
            unit_id=new.unit_id,
            joined_on=new.joined_on,
            salt=secrets.token_hex(16),
        )
        for new in people
    ]
    Person.objects.bulk_create(rows)
    placed = [
        Placement(company_id=company_id, person=p, unit_id=p.unit_id, since=p.joined_on)
        for p in rows
        if p.unit_id is not None
    ]
    Placement.objects.bulk_create(placed)
    if rows:
        append(action="people.employ", rows=[person_row(p) for p in rows], company_id=company_id)
    return [person.pk for person in rows]


def dismiss(*, person_ids: Sequence[int], left_on: date, left_open: Mapping[int, int] | None = None) -> None:
    """Ends employment, posts, covers and sign-in; `left_on` is the first day no longer employed.

    `left_open`: holding id -> duties that are open now.
    """
    require("manage_people")
    ids = sorted(set(person_ids))
    people = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(people) != len(ids):
        raise NotFound("没有这个人员。")
    for person in people:
        if person.left_on is not None:
            raise Refused(f"{person.name} 已于 {person.left_on} 离职。")
        if left_on < person.joined_on:
            raise Refused(f"{person.name} 的离职日期早于入职日期 {person.joined_on}。")
        person.left_on = left_on
    Person.objects.bulk_update(people, ["left_on"])
    for holding_id, count in (left_open or {}).items():
        Holding.objects.filter(pk=holding_id, person__in=ids).update(left_open=count)
    _cut_short(ids, left_on)
    by_company: dict[int, list[Row]] = {}
    for person in people:
        by_company.setdefault(person.company_id, []).append(person_row(person))
    for company_id, rows in by_company.items():
        append(action="people.dismiss", rows=rows, company_id=company_id)


def assign_post(*, person_id: int, position: str, since: date, until: date | None = None) -> int:
    """The holding's id. Raises PostTaken, also when another transaction was faster."""
    require("manage_people")
    person = _person(person_id)
    post = _position_of(person.company_id, position)
    _check_span(person, since, until)
    if taken := _overlapping(person, post, since, until):
        raise _post_taken(taken, person, post)
    holding = Holding(
        company_id=person.company_id,
        person=person,
        position=position,
        alone=post.single_holder,
        since=since,
        until=until,
    )
    try:
        with transaction.atomic():
            holding.save(force_insert=True)
    except IntegrityError:
        if taken := _overlapping(person, post, since, until):
            raise _post_taken(taken, person, post) from None
        raise
    append(action="people.assign", rows=[_holding_row(holding)], company_id=person.company_id)
    return holding.pk


def end_holding(*, holding_id: int, until: date, left_open: int = 0) -> str:
    """The position whose holder changed. `until`: the first day on which the post is no longer held.

    `left_open`: how many of its duties are open now; they ask for a hand-over sheet.
    """
    require("manage_people")
    holding = Holding.objects.select_for_update().filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    if until <= holding.since:
        raise Refused(f"离任日期应晚于任职日期 {holding.since}。")
    if holding.until is not None and holding.until <= until:
        raise Refused(f"这条任职已于 {holding.until} 结束。")
    holding.until, holding.left_open = until, left_open
    holding.save()
    for kept in (Cover, Remit):
        _end(kept, Q(holding=holding), until)
    append(action="people.end_holding", rows=[_holding_row(holding)], company_id=holding.company_id)
    return holding.position


def appoint_deputy(*, holding_id: int, deputy_id: int, since: date, until: date | None, reason: str) -> str:
    """The position that now has a deputy (AB角). The cover lies inside the holding."""
    require("manage_people")
    holding = Holding.objects.select_related("person").filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    deputy = _person(deputy_id)
    _check_cover(holding, deputy, since, until, reason)
    cover = Cover.objects.create(
        company_id=holding.company_id,
        holding=holding,
        deputy=deputy,
        since=since,
        until=until,
        reason=reason.strip(),
    )
    content = [holding.pk, deputy.pk, str(since), str(until), deputy.salt, cover.reason]
    append(
        action="people.appoint_deputy",
        rows=[("people.cover", cover.pk, digest_of(content))],
        reason=cover.reason,
        company_id=holding.company_id,
    )
    return holding.position


def wrong_name(name: str) -> str:
    """What is wrong with it; empty: nothing."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        return f"请填写姓名（不超过 {LONGEST_NAME} 字）。"
    return "" if name.strip().isprintable() else "姓名里有看不见的字符，请重新输入。"


def _wrong_people(company_id: int, people: Sequence[NewPerson]) -> dict[int, str]:
    units = set(Unit.objects.filter(company=company_id).values_list("pk", flat=True))
    errors = {}
    for index, new in enumerate(people):
        if problem := wrong_name(new.name):
            errors[index] = problem
        elif tidy_phone(new.phone) is None:
            errors[index] = f"“{new.phone}”不是电话号码。"
        elif new.unit_id is not None and new.unit_id not in units:
            errors[index] = "所属机构不存在。"
    return errors


def _cut_short(person_ids: Sequence[int], left_on: date) -> None:
    """What would begin after leaving is removed, what runs on is ended."""
    theirs = Q(person__in=person_ids)
    still = Q(until=None) | Q(until__gt=left_on)
    _end(Cover, Q(deputy__in=person_ids) | Q(holding__person__in=person_ids), left_on)
    _end(Remit, Q(holding__person__in=person_ids), left_on)
    _end(Leave, theirs, left_on)
    _end(Placement, theirs, left_on)
    try:
        Holding.objects.filter(theirs, since__gte=left_on).delete()
    except ProtectedError:
        raise Refused(f"{left_on} 之后才任职的岗位已签署清单，请核对离职日期。") from None
    Holding.objects.filter(theirs & still).update(until=left_on)


def _end(kept: type[Cover | Remit | Leave | Placement], which: Q, until: date) -> None:
    kept.objects.filter(which, since__gte=until).delete()
    kept.objects.filter(which & (Q(until=None) | Q(until__gt=until))).update(until=until)


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("没有这个人员。")
    return person


def _position_of(company_id: int, position: str) -> Position | LeadingPost:
    trade = Company.objects.values_list("trade", flat=True).get(pk=company_id)
    found = post_named(position)
    if found is None or trade_of(position) != trade:
        raise NotFound("本行业没有这个岗位。")
    return found


def _check_span(person: Person, since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Refused("离任日期应晚于任职日期。")
    if since < person.joined_on or (person.left_on is not None and since >= person.left_on):
        raise Refused(f"{person.name} 在 {since} 不在职，不能任职。")


def _overlapping(
    person: Person, post: Position | LeadingPost, since: date, until: date | None
) -> Holding | None:
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gt=since), company=person.company_id, position=post.id
    )
    if until is not None:
        rows = rows.filter(since__lt=until)
    if not post.single_holder:
        rows = rows.filter(person=person)
    return rows.select_related("person").order_by("since").first()


def _post_taken(taken: Holding, person: Person, post: Position | LeadingPost) -> PostTaken:
    span = f"{taken.since} 起" if taken.until is None else f"{taken.since} 至 {taken.until}（不含）"
    if taken.person_id == person.pk:
        return PostTaken(f"{person.name} 自 {span}已任“{post.name}”，期间重叠。")
    return PostTaken(
        f"“{post.name}”同一时间只能由一人担任：{taken.person.name} 自 {span}任此岗位。"
        "请先办理其离任，或调整起止日期。"
    )


def _check_cover(holding: Holding, deputy: Person, since: date, until: date | None, reason: str) -> None:
    if deputy.pk == holding.person_id:
        raise Refused("不能由本人顶替本人。")
    if not reason.strip():
        raise Refused("请写明顶岗原因。")
    if until is not None and until <= since:
        raise Refused("顶岗的结束日期应晚于开始日期。")
    ends_after = holding.until is not None and (until is None or until > holding.until)
    if since < holding.since or ends_after:
        raise Refused(f"顶岗期间应在任职期间之内（自 {holding.since} 至 {holding.until or '今'}）。")
    _check_span(deputy, since, until)
    _check_not_covering(holding, deputy, since, until)
    if deputy.left_on is not None and (until is None or until > deputy.left_on):
        raise Refused(f"{deputy.name} 自 {deputy.left_on} 起离职，顶岗不能超过这一天。")
    if away := away_during(deputy.pk, since, until):
        raise DeputyAway(f"{deputy.name} {said(away)}，这段时间不能顶岗。请另选代理人，或调整起止日期。")


def _check_not_covering(holding: Holding, deputy: Person, since: date, until: date | None) -> None:
    """The same form sent twice must not appoint twice."""
    covers = Cover.objects.filter(holding=holding, deputy=deputy)
    overlapping = covers.filter(Q(until=None) | Q(until__gt=since))
    if until is not None:
        overlapping = overlapping.filter(since__lt=until)
    if (known := overlapping.first()) is not None:
        end = "" if known.until is None else f"至 {known.until}（不含）"
        raise Refused(f"{deputy.name} 自 {known.since} {end}已是代理人，期间重叠。")


def person_row(person: Person) -> Row:
    content = [person.salt, person.name, person.phone, person.driver, person.unit_id]
    return "people.person", person.pk, digest_of([*content, str(person.joined_on), str(person.left_on)])


def _holding_row(holding: Holding) -> Row:
    content = [holding.person_id, holding.position, str(holding.since), str(holding.until)]
    return "people.holding", holding.pk, digest_of(content)
