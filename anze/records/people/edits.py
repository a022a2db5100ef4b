"""Changing what is known of a person, and moving people between units.

Of two who edit at once, the second is told.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append
from anze.records.people.actions import person_row, wrong_name
from anze.records.people.models import Person, Placement
from anze.records.people.phones import tidy_phone
from anze.records.tenants.models import Unit
from anze.records.tenants.pinyin import name_key


class ChangedMeanwhile(Refused):
    """Somebody else saved after this form was opened."""


def edit_person(*, person_id: int, version: int, name: str, phone: str | None, driver: bool) -> None:
    """`version`: the one that was shown. `phone` None: stays as it is. Raises ChangedMeanwhile."""
    require("manage_people")
    person = _locked(person_id)
    if person.version != version:
        raise ChangedMeanwhile(
            f"您打开页面之后，别人修改过 {person.name} 的资料，本次没有保存。"
            "您填写的内容还在，请对照页面上的现有资料核对后再保存。"
        )
    if problem := wrong_name(name):
        raise Refused(problem)
    tidy = person.phone if phone is None else tidy_phone(phone)
    if tidy is None:
        raise Refused(f"“{phone}”不是电话号码。")
    person.name, person.phone, person.driver = name.strip(), tidy, driver
    person.pinyin = name_key(person.name)[:120]
    person.version += 1
    person.save()
    append(action="people.edit", rows=[person_row(person)], company_id=person.company_id)


def move(*, person_id: int, unit_id: int | None, since: date) -> None:
    """The person belongs to another unit, or to none, from a day up to today on."""
    require("manage_people")
    person = _locked(person_id)
    if unit_id == person.unit_id:
        raise Refused(f"{person.name} 已在这个机构。")
    _check_move(person, unit_id, since)
    Placement.objects.filter(person=person, since__gte=since).delete()
    Placement.objects.filter(Q(until=None) | Q(until__gt=since), person=person).update(until=since)
    if unit_id is not None:
        Placement.objects.create(
            company_id=person.company_id, person=person, unit_id=unit_id, since=since, until=person.left_on
        )
    person.unit_id = unit_id
    person.version += 1
    person.save()
    append(action="people.move", rows=[person_row(person)], company_id=person.company_id)


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("没有这个人员。")
    return person


def _check_move(person: Person, unit_id: int | None, since: date) -> None:
    today = current().today
    if since > today:
        raise Refused("调动日期不能晚于今天，请到当天再办理。")
    if since < person.joined_on or (person.left_on is not None and since >= person.left_on):
        raise Refused(f"{person.name} 在 {since} 不在职。")
    if unit_id is not None:
        unit = Unit.objects.filter(pk=unit_id, company=person.company_id).first()
        if unit is None:
            raise NotFound("没有这个机构。")
        if since < unit.since or (unit.until is not None and unit.until <= since):
            raise Refused(f"“{unit.name}”在 {since} 不存在。")
