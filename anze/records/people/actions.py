"""Employing people, giving and ending posts, appointing deputies, opening accounts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.journal.actions import Row, append, digest_of
from anze.records.lawbook import lawbook
from anze.records.people.models import Account, Cover, Holding, Person
from anze.records.people.phones import tidy_phone
from anze.records.tenants.models import Authority, Company, Unit
from anze.records.tenants.pinyin import name_key
from anze.rules.catalogue.model import Position


class PostTaken(Refused):
    """The post allows one holder at a time and has one, or this person already holds it."""


class InvalidPeople(Refused):
    """`errors`: index of the person in the list -> what is wrong, all at once."""

    def __init__(self, errors: dict[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 人：{problem}" for index, problem in errors.items()))


class InvalidAccount(Refused):
    """`errors`: "username" or "password" -> what is wrong."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("".join(errors.values()))


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
    if rows:
        append(action="people.employ", rows=[_person_row(p) for p in rows], company_id=company_id)
    return [person.pk for person in rows]


def dismiss(*, person_ids: Sequence[int], left_on: date) -> None:
    """Ends employment, posts, covers and sign-in; `left_on` is the first day no longer employed."""
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
    _cut_short(ids, left_on)
    by_company: dict[int, list[Row]] = {}
    for person in people:
        by_company.setdefault(person.company_id, []).append(_person_row(person))
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


def end_holding(*, holding_id: int, until: date) -> str:
    """The position whose holder changed. `until`: the first day on which the post is no longer held."""
    require("manage_people")
    holding = Holding.objects.select_for_update().filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    if until <= holding.since:
        raise Refused(f"离任日期应晚于任职日期 {holding.since}。")
    if holding.until is not None and holding.until <= until:
        raise Refused(f"这条任职已于 {holding.until} 结束。")
    holding.until = until
    holding.save()
    Cover.objects.filter(holding=holding, since__gte=until).delete()
    Cover.objects.filter(Q(until=None) | Q(until__gt=until), holding=holding).update(until=until)
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


def open_account(
    *,
    username: str,
    password: str,
    person_id: int | None = None,
    authority_id: int | None = None,
    officer_name: str = "",
    administrator: bool = False,
) -> int:
    """Of a person in scope, an authority's officer, or the administrator. Raises InvalidAccount."""
    if [person_id is not None, authority_id is not None, administrator].count(True) != 1:
        raise ValueError("an account is of a person, of an authority or the administrator's")
    account = Account(
        username=username.strip(), officer_name=officer_name.strip(), administrator=administrator
    )
    if person_id is not None:
        require("manage_people")
        person = _person(person_id)
        if Account.objects.filter(person=person_id).exists():
            raise InvalidAccount({"username": f"{person.name} 已有账号。"})
        account.company_id, account.person = person.company_id, person
    else:
        require("register")
    if authority_id is not None:
        _check_officer(authority_id, account.officer_name)
        account.authority_id = authority_id
    _check_credentials(account, password)
    account.set_password(password)
    _insert_account(account)
    _note_account("people.open_account", account)
    return account.pk


def change_password(*, old: str, new: str) -> None:
    """Of the acting account. Raises InvalidAccount."""
    account = Account.objects.filter(pk=current().actor.account or 0).first()
    if account is None or not account.check_password(old):
        raise InvalidAccount({"old": "原口令不正确。"})
    _check_credentials(account, new)
    account.set_password(new)
    account.save(update_fields=["password"])
    _note_account("people.change_password", account)


def close_account(*, account_id: int) -> None:
    """No longer signs in; the row stays, because records name it."""
    account = Account.objects.filter(pk=account_id).first()
    scope = current()
    if account is None or (account.company_id not in scope.writes and not may(scope.actor, "register")):
        raise NotFound("没有这个账号。")
    require("manage_people")
    if account.pk == scope.actor.account:
        raise NotPermitted("不能停用自己的账号。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    _note_account("people.close_account", account)


def _wrong_people(company_id: int, people: Sequence[NewPerson]) -> dict[int, str]:
    units = set(Unit.objects.filter(company=company_id).values_list("pk", flat=True))
    errors = {}
    for index, new in enumerate(people):
        if not new.name.strip() or len(new.name.strip()) > 40:
            errors[index] = "请填写姓名（不超过 40 字）。"
        elif tidy_phone(new.phone) is None:
            errors[index] = f"“{new.phone}”不是电话号码。"
        elif new.unit_id is not None and new.unit_id not in units:
            errors[index] = "所属机构不存在。"
    return errors


def _cut_short(person_ids: Sequence[int], left_on: date) -> None:
    """What would begin after leaving is removed, what runs on is ended."""
    theirs = Q(person__in=person_ids)
    covering = Q(deputy__in=person_ids) | Q(holding__person__in=person_ids)
    still = Q(until=None) | Q(until__gt=left_on)
    Cover.objects.filter(covering, since__gte=left_on).delete()
    Cover.objects.filter(covering & still).update(until=left_on)
    Holding.objects.filter(theirs, since__gte=left_on).delete()
    Holding.objects.filter(theirs & still).update(until=left_on)


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("没有这个人员。")
    return person


def _position_of(company_id: int, position: str) -> Position:
    trade = Company.objects.values_list("trade", flat=True).get(pk=company_id)
    found = lawbook().positions.get(position)
    if found is None or found.trade != trade:
        raise NotFound("本行业没有这个岗位。")
    return found


def _check_span(person: Person, since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Refused("离任日期应晚于任职日期。")
    if since < person.joined_on or (person.left_on is not None and since >= person.left_on):
        raise Refused(f"{person.name} 在 {since} 不在职，不能任职。")


def _overlapping(person: Person, post: Position, since: date, until: date | None) -> Holding | None:
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gt=since), company=person.company_id, position=post.id
    )
    if until is not None:
        rows = rows.filter(since__lt=until)
    if not post.single_holder:
        rows = rows.filter(person=person)
    return rows.select_related("person").order_by("since").first()


def _post_taken(taken: Holding, person: Person, post: Position) -> PostTaken:
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


def _check_officer(authority_id: int, officer_name: str) -> None:
    if not Authority.objects.filter(pk=authority_id).exists():
        raise NotFound("没有这个管理部门。")
    if not officer_name:
        raise InvalidAccount({"officer_name": "请填写人员姓名。"})


def _check_credentials(account: Account, password: str) -> None:
    errors = {}
    if not account.username or len(account.username) > 60 or not account.username.isprintable():
        errors["username"] = "请填写登录名（不超过 60 字）。"
    try:
        validate_password(password, account)
    except ValidationError as problem:
        errors["password"] = "".join(problem.messages)
    if errors:
        raise InvalidAccount(errors)


def _insert_account(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise InvalidAccount({"username": f"登录名“{account.username}”已被使用。"}) from None


def _note_account(action: str, account: Account) -> None:
    """The administrator belongs to no chain."""
    row = ("people.account", account.pk, digest_of([account.pk, account.person_id, account.authority_id]))
    if account.company_id is not None:
        append(action=action, rows=[row], company_id=account.company_id)
    elif account.authority_id is not None:
        scope = current()
        with acting(scope.actor, reads=(), at=scope.at, authority=account.authority_id):
            append(action=action, rows=[row], authority_id=account.authority_id)


def _person_row(person: Person) -> Row:
    content = [person.salt, person.name, person.phone, person.driver, person.unit_id]
    return "people.person", person.pk, digest_of([*content, str(person.joined_on), str(person.left_on)])


def _holding_row(holding: Holding) -> Row:
    content = [holding.person_id, holding.position, str(holding.since), str(holding.until)]
    return "people.holding", holding.pk, digest_of(content)
