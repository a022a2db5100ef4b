"""Asking people by message to confirm a record: a link of one use to each, by mail or short message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.confirmations import queries as confirmations
from anze.records.evidence import queries as evidence
from anze.records.journal.actions import append, digest_of
from anze.records.reminders import links
from anze.records.reminders.models import Message
from anze.records.reminders.reach import Reach, reaches, unreachable
from anze.records.tenants import queries as tenants

PERSONAL = ("mail", "sms")  # what the person alone reads
AGAIN = timedelta(hours=12)


class NobodyToAsk(Refused):
    """All have confirmed, or nobody can be reached."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """`why`: in plain words."""

    person_id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    sent: tuple[str, ...]  # names
    unreached: tuple[Unreached, ...]


def reach_of(record_id: int) -> dict[int, str]:
    """Of those who have not confirmed: why no link can be sent to them; empty: one can."""
    people = confirmations.waiting_people(record_id)
    return {person: _why_not(*found) for person, found in _known(record_id, people).items()}


def ask_by_message(*, record_id: int) -> Asked:
    """A message to each who has not confirmed and was not written to lately. Raises NobodyToAsk."""
    require("set_reminders")
    scope = current()
    record = evidence.record(record_id)
    known = _known(record_id, confirmations.waiting_people(record_id))
    lately = Message.objects.filter(confirms=record_id, made_at__gt=scope.at - AGAIN)
    written = set(lately.values_list("person", flat=True))
    refused = {p: "12 小时内已发送过" if p in written else _why_not(*found) for p, found in known.items()}
    unreached = tuple(Unreached(person, known[person][0].name, why) for person, why in refused.items() if why)
    sent = [person for person, why in refused.items() if not why]
    if not sent:
        raise NobodyToAsk(_nobody(unreached))
    company = tenants.company(record.company_id).short_name
    rows = Message.objects.bulk_create(
        Message(
            company_id=record.company_id,
            person_id=person,
            channel=_channel(known[person][0]),
            title=f"【{company}】请确认“{record.title}”"[:120],
            lines=[[None, f"{record.kind_name}“{record.title}”（{record.number}）需要您阅读后确认。"]],
            confirms=record_id,
            made_at=scope.at,
            next_at=scope.at,
        )
        for person in sent
    )
    noted = [
        ("reminders.message", row.pk, digest_of([str(row.mark), row.person_id, row.channel])) for row in rows
    ]
    append(action="reminders.ask_to_confirm", rows=noted, company_id=record.company_id)
    return Asked(tuple(known[person][0].name for person in sent), unreached)


def _known(record_id: int, people: list[int]) -> dict[int, tuple[Reach, bool]]:
    """Person -> how to reach them, and whether a link has an account to act as."""
    company = evidence.record(record_id).company_id
    employed = reaches([company], current().today)
    accounts = links.accounts_of(people)
    return {p: (employed[p], p in accounts) for p in people if p in employed}


def _why_not(reach: Reach, account: bool) -> str:
    if not account:
        return "没有可用链接登录的账号"
    reasons = [unreachable(channel, reach, frozenset()) for channel in PERSONAL]
    return "" if not all(reasons) else "；".join(reasons)


def _channel(reach: Reach) -> str:
    return next(channel for channel in PERSONAL if not unreachable(channel, reach, frozenset()))


def _nobody(unreached: tuple[Unreached, ...]) -> str:
    if not unreached:
        return "没有等待确认的在职人员。"
    return "没有发送：" + "；".join(f"{row.name}{row.why}" for row in unreached[:5]) + "。"
