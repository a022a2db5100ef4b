"""The outbox: messages are claimed, sent outside any transaction, and noted; at least once each.

Rule 1: a claim counts the attempt and sets the next one before anything is sent, so that a process killed
between sending and noting leaves a message that is sent again.
Rule 2: what is no longer owed is not sent; nothing but tests is sent in the quiet hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min, Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.confirmations import queries as confirmations
from anze.records.duties.models import Obligation
from anze.records.journal.actions import append, digest_of
from anze.records.reminders import links
from anze.records.reminders.models import Message, Robot
from anze.records.reminders.reach import GROUPS, Reach, reaches, robots, unreachable
from anze.records.reminders.wording import body_of
from anze.rules.duties import State
from anze.rules.reminders import quiet

BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
MOST_ATTEMPTS = len(BACKOFF) + 1
MOST_AT_ONCE = 200
MOST_FOR_A_GROUP = 15  # in a minute; both platforms take twenty
MOST_LINKS = 5
LONGEST = {"wecom": 2048, "dingtalk": 15_000, "sms": 450}  # bytes of text
LARGEST_ID = 2**63 - 1
OWED = (State.OPEN, State.MISSED, State.UPCOMING)


class NotResent(Refused):
    """It is waiting already, or has arrived."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message with all that its channel needs. `to`: an e-mail address or a phone number."""

    id: int
    company_id: int
    channel: str
    mark: str
    title: str
    text: str
    to: str = ""
    robot: str = ""
    secret: str = ""


def waiting_companies() -> list[int]:
    """In scope, those with messages whose time has come; who has waited longest comes first."""
    rows = _waiting(current().at).order_by().values("company_id").annotate(first=Min("next_at"))
    return [row["company_id"] for row in rows.order_by("first", "company_id")]


def claim(*, company_id: int) -> list[Outgoing]:
    """What is to be sent now for a company, attempts counted; what cannot be sent ends with its reason."""
    require("set_reminders")
    at = current().at
    rows = list(_waiting(at).filter(company_id=company_id).select_for_update(skip_locked=True)[:MOST_AT_ONCE])
    if not rows:
        return []
    desk = _Desk(company_id, rows)
    outgoing = []
    for row in rows:
        if desk.crowded(row.channel):
            continue
        if problem := desk.obstacle(row):
            _end(row, problem, at)
            continue
        row.attempts += 1
        row.next_at = at + BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
        outgoing.append(desk.outgoing(row))
    Message.objects.bulk_update(rows, ["attempts", "next_at", "problem", "given_up_at"])
    return outgoing


def note_delivered(*, message_ids: Sequence[int]) -> None:
    require("set_reminders")
    rows = Message.objects.filter(pk__in=message_ids, delivered_at=None)
    rows.update(delivered_at=current().at, next_at=None, given_up_at=None, problem="")


def note_failed(*, message_id: int, problem: str, for_good: bool = False) -> None:
    """`problem`: in plain words, without addresses or secrets. After the last attempt it is given up."""
    require("set_reminders")
    row = Message.objects.select_for_update().filter(pk=message_id, delivered_at=None).first()
    if row is None:
        return
    row.problem = problem[:200]
    if for_good or row.attempts >= MOST_ATTEMPTS:
        row.next_at, row.given_up_at = None, current().at
    row.save(update_fields=["problem", "next_at", "given_up_at"])


def resend(*, message_id: int) -> None:
    """A message that was given up is tried anew, under the same mark. Raises NotResent."""
    require("set_reminders")
    scope = current()
    row = Message.objects.select_for_update().filter(pk=message_id if message_id <= LARGEST_ID else 0).first()
    if row is None:
        raise NotFound("没有这条消息。")
    if row.given_up_at is None:
        raise NotResent("这条消息已送达。" if row.delivered_at else "这条消息正在等待发送。")
    row.attempts, row.given_up_at, row.next_at = 0, None, scope.at
    row.save(update_fields=["attempts", "given_up_at", "next_at"])
    noted = ("reminders.message", row.pk, digest_of([str(row.mark), row.person_id, row.channel]))
    append(action="reminders.resend", rows=[noted], company_id=row.company_id)


def _waiting(at: datetime) -> Any:
    rows = Message.objects.filter(next_at__lte=at).order_by("next_at", "pk")
    return rows.filter(test=True) if quiet(at) else rows


def _end(row: Message, problem: str, at: datetime) -> None:
    row.problem, row.next_at, row.given_up_at = problem, None, at


class _Desk:
    """What all messages of one company are addressed with."""

    def __init__(self, company_id: int, rows: Sequence[Message]) -> None:
        self.reaches = reaches([company_id], current().today)
        self.known = robots([company_id]).get(company_id, frozenset())
        self.robots = {robot.channel: robot for robot in Robot.objects.filter(company_id=company_id)}
        asked = [key for row in rows for key, _ in row.lines if key is not None]
        owed = Obligation.objects.filter(Q(state__in=OWED), company_id=company_id, pk__in=asked)
        self.owed = set(owed.values_list("pk", flat=True))
        self.accounts = links.accounts_of({row.person_id for row in rows})
        self.posted: dict[str, int] = {}
        self.waiting: dict[int, frozenset[int]] = {}  # record -> whose confirmation it lacks

    def crowded(self, channel: str) -> bool:
        """A group takes only so many messages a minute: the rest waits for the next one."""
        self.posted[channel] = self.posted.get(channel, 0) + 1
        return channel in GROUPS and self.posted[channel] > MOST_FOR_A_GROUP

    def obstacle(self, row: Message) -> str:
        person = self.reaches.get(row.person_id)
        if person is None:
            return "收件人已离职"
        asked = [key for key, _ in row.lines if key is not None]
        if asked and not self.owed.intersection(asked):
            return "所提醒的任务已办结，不再发送"
        if row.confirms is not None and row.person_id not in self._waiting(row.confirms):
            return "已确认，或记录已修订、作废，不再发送"
        return unreachable(row.channel, person, self.known)

    def _waiting(self, record_id: int) -> frozenset[int]:
        if record_id not in self.waiting:
            self.waiting[record_id] = frozenset(confirmations.waiting_people(record_id))
        return self.waiting[record_id]

    def outgoing(self, row: Message) -> Outgoing:
        person, robot = self.reaches[row.person_id], self.robots.get(row.channel)
        text = body_of(
            name=person.name,
            lines=list(zip((text for _, text in row.lines), self._addresses(row), strict=True)),
            mark=row.mark.hex[:8],
            site=settings.SITE,
            most_bytes=LONGEST.get(row.channel),
        )
        return Outgoing(
            id=row.pk,
            company_id=row.company_id,
            channel=row.channel,
            mark=str(row.mark),
            title=row.title,
            text=f"{row.title}\n{text}" if row.channel != "mail" else text,
            to=self._to(row.channel, person, robot),
            robot=robot.address if robot else "",
            secret=robot.secret if robot else "",
        )

    def _to(self, channel: str, person: Reach, robot: Robot | None) -> str:
        if robot is not None:
            return person.phone if robot.mention else ""
        return person.email if channel == "mail" else person.phone

    def _addresses(self, row: Message) -> list[str]:
        """A link of one use goes only where the person alone reads it, never into a group."""
        account = self.accounts.get(row.person_id)
        personal = bool(settings.SITE) and row.channel not in GROUPS and account is not None
        if row.confirms is not None:
            first = (
                links.issue_to_confirm(account=account, record_id=row.confirms)
                if personal and account
                else ""
            )
            return [first, *[""] * (len(row.lines) - 1)]
        left = (1 if row.channel == "sms" else MOST_LINKS) if personal else 0
        addresses = []
        for key, _ in row.lines:
            address = ""
            if left and account is not None and key in self.owed:
                address = links.issue(account=account, obligation_id=key)
            left -= bool(address)
            addresses.append(address)
        return addresses
