"""By which channels a person can be reached, and in plain words why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from anze.records.people.models import Person
from anze.records.reminders.models import Contact, Robot
from anze.records.reminders.wording import CHANNELS

FALLBACK = "sms"
GROUPS = ("wecom", "dingtalk")  # channels whose messages a whole group reads


@dataclass(frozen=True, slots=True)
class Reach:
    """One employed person's addresses."""

    name: str
    phone: str
    email: str
    by_mail: bool
    by_sms: bool


def reaches(company_ids: Sequence[int], on: date) -> dict[int, Reach]:
    """Of everybody employed on a day; person ids are unique over all companies."""
    contacts = {c.person_id: c for c in Contact.objects.filter(company_id__in=company_ids)}
    employed = Q(left_on=None) | Q(left_on__gt=on)
    rows = Person.objects.filter(employed, company_id__in=company_ids, joined_on__lte=on)
    return {
        key: _reach(name, phone, contacts.get(key))
        for key, name, phone in rows.values_list("id", "name", "phone")
    }


def _reach(name: str, phone: str, contact: Contact | None) -> Reach:
    if contact is None:
        return Reach(name, phone, "", by_mail=True, by_sms=True)
    return Reach(name, phone, contact.email, contact.by_mail, contact.by_sms)


def robots(company_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Company id -> the group channels it has set up."""
    found: dict[int, frozenset[str]] = {}
    for company, channel in Robot.objects.filter(company_id__in=company_ids).values_list(
        "company_id", "channel"
    ):
        found[company] = found.get(company, frozenset()) | {channel}
    return found


def mail_is_set_up() -> bool:
    return bool(settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL)


def sms_is_set_up() -> bool:
    return bool(settings.SMS_COMMAND or settings.SMS_URL)


def missing(channel: str, of_company: frozenset[str]) -> str:
    """What keeps a channel from working for anybody; empty: nothing."""
    if channel == "mail":
        return "" if mail_is_set_up() else "本系统没有配置邮件服务"
    if channel == "sms":
        return "" if sms_is_set_up() else "本系统没有配置短信服务"
    return "" if channel in of_company else f"没有设置{CHANNELS.get(channel, channel)}"


def unreachable(channel: str, person: Reach, of_company: frozenset[str]) -> str:
    """Why this person is not reached by this channel; empty: they are."""
    if reason := missing(channel, of_company):
        return reason
    if channel == "mail":
        return "" if person.email and person.by_mail else _declined(person.email, "邮箱", "邮件")
    if channel == "sms":
        return "" if is_mobile(person.phone) and person.by_sms else _declined(person.phone, "手机号", "短信")
    return ""


def _declined(address: str, what: str, way: str) -> str:
    return f"本人不接收{way}" if address else f"没有填写{what}"


def is_mobile(phone: str) -> bool:
    return len(phone) == 11 and phone.startswith("1")


def ways(channels: Sequence[str], person: Reach, of_company: frozenset[str]) -> Mapping[str, str]:
    """Channel -> why not. Short messages step in where nothing else reaches the person."""
    found = {channel: unreachable(channel, person, of_company) for channel in channels}
    reached = not all(found.values())
    if not reached and FALLBACK not in found and not unreachable(FALLBACK, person, of_company):
        return {FALLBACK: ""}
    return found
