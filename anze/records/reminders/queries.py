"""A company's reminders as pages show them: settings, the outbox, what went out about one obligation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page, paged
from anze.records.acting.permissions import require
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.people.phones import masked
from anze.records.reminders.actions import USUAL_HOUR, USUAL_STEPS
from anze.records.reminders.models import Contact, Ladder, Message, Robot, Sent, SuperiorChoice
from anze.records.reminders.reach import GROUPS, missing
from anze.records.reminders.reading import conventional_superiors, ladder_of
from anze.records.reminders.wording import CHANNELS, RECEIVERS
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import Position
from anze.rules.reminders import Receiver, Step

STATES = ("waiting", "delivered", "given_up")


@dataclass(frozen=True, slots=True)
class LadderRow:
    """`since` None: switched off. `chosen`: somebody has set it up; otherwise it is the usual one."""

    since: datetime | None
    hour: int
    steps: tuple[Step, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """`missing`: what keeps it from working; `address`: masked, of a group's robot."""

    id: str
    name: str
    missing: str
    group: bool
    address: str = ""
    signed: bool = False
    mention: bool = False


@dataclass(frozen=True, slots=True)
class SuperiorRow:
    position: Position
    superior: str  # position id, or empty
    usual: str
    own: bool  # the company's choice


@dataclass(frozen=True, slots=True)
class ContactRow:
    email: str
    phone_masked: str
    by_mail: bool
    by_sms: bool


@dataclass(frozen=True, slots=True)
class MessageRow:
    """`state`: waiting (also between attempts), delivered, given_up."""

    id: int
    person_name: str
    channel: str
    title: str
    lines: tuple[str, ...]
    test: bool
    made_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    problem: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentRow:
    """A reminder of one obligation. `state`: of its message."""

    at: datetime
    person_name: str
    receiver: str
    channel: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class OutboxState:
    waiting: int
    oldest: datetime | None  # of those waiting
    given_up: int  # in the last days
    problem: str
    problem_at: datetime | None


def ladder(company_id: int) -> LadderRow:
    require("set_reminders")
    row = Ladder.objects.filter(company_id=company_id).first()
    if row is None:
        return LadderRow(None, USUAL_HOUR, USUAL_STEPS, chosen=False)
    steps = ladder_of(row, current().at).steps
    return LadderRow(row.since, row.hour, steps, chosen=True)


def channels(company_id: int) -> list[ChannelRow]:
    require("set_reminders")
    known = {row.channel: row for row in Robot.objects.filter(company_id=company_id)}
    return [_channel(channel, known) for channel in CHANNELS]


def superiors(company_id: int) -> list[SuperiorRow]:
    """Of every post of the company's trade, by printed order."""
    require("set_reminders")
    usual = conventional_superiors()
    chosen = SuperiorChoice.objects.filter(company_id=company_id)
    own = dict(chosen.values_list("position", "superior"))
    return [
        SuperiorRow(p, own.get(p.id, usual.get(p.id, "")), usual.get(p.id, ""), p.id in own)
        for p in lawbook().positions_of(tenants.company(company_id).trade)
    ]


def my_contact() -> ContactRow | None:
    """None for an account that is of no person."""
    require("see_own")
    person = Person.objects.filter(pk=current().actor.person or 0).first()
    if person is None:
        return None
    row = Contact.objects.filter(person=person).first() or Contact()
    return ContactRow(row.email, masked(person.phone), row.by_mail, row.by_sms)


def messages(company_id: int, *, state: str = "", page: int = 1, size: int = PAGE_SIZE) -> Page[MessageRow]:
    """The outbox, newest first."""
    require("set_reminders")
    rows = Message.objects.filter(company_id=company_id).select_related("person")
    if state in STATES:
        rows = rows.filter(_in_state(state))
    return paged(rows.order_by("-made_at", "-pk"), page, _message_rows, size)


def message_counts(company_id: int) -> dict[str, int]:
    require("set_reminders")
    counted = {state: Count("pk", filter=_in_state(state)) for state in STATES}
    return dict(Message.objects.filter(company_id=company_id).aggregate(**counted))


def sent_about(obligation_id: int) -> list[SentRow]:
    """Reminders of an obligation that the actor may see, oldest first."""
    rows = Sent.objects.filter(obligation=obligation_id).select_related("person", "message")
    return [
        SentRow(
            at=row.at,
            person_name=row.person.name,
            receiver=RECEIVERS[Receiver(row.receiver)],
            channel=CHANNELS[row.message.channel],
            state=_state(row.message),
            problem=row.message.problem,
        )
        for row in rows.order_by("at", "pk")
    ]


def outbox_state(company_id: int) -> OutboxState:
    require("see_health")
    rows = Message.objects.filter(company_id=company_id)
    waiting = rows.filter(_in_state("waiting"))
    oldest = waiting.order_by("made_at").values_list("made_at", flat=True).first()
    last = rows.exclude(problem="").order_by("-made_at", "-pk").first()
    return OutboxState(
        waiting=waiting.count(),
        oldest=oldest,
        given_up=rows.filter(_in_state("given_up")).count(),
        problem=last.problem if last else "",
        problem_at=last.made_at if last else None,
    )


def _channel(channel: str, known: dict[str, Robot]) -> ChannelRow:
    row = known.get(channel)
    return ChannelRow(
        id=channel,
        name=CHANNELS[channel],
        missing=missing(channel, frozenset(known)),
        group=channel in GROUPS,
        address=masked_address(row.address) if row else "",
        signed=bool(row and row.secret),
        mention=bool(row and row.mention),
    )


def masked_address(address: str) -> str:
    """https://oapi.dingtalk.com/…a1b2: whose it is and the last four characters."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/…{address[-4:]}"


def _in_state(state: str) -> Q:
    return {
        "waiting": Q(next_at__isnull=False),
        "delivered": Q(delivered_at__isnull=False),
        "given_up": Q(given_up_at__isnull=False),
    }[state]


def _state(row: Message) -> str:
    if row.delivered_at is not None:
        return "delivered"
    return "waiting" if row.next_at is not None else "given_up"


def _message_rows(found: Sequence[Message] | QuerySet[Message]) -> list[MessageRow]:
    return [
        MessageRow(
            id=row.pk,
            person_name=row.person.name,
            channel=CHANNELS[row.channel],
            title=row.title,
            lines=tuple(text for _, text in row.lines),
            test=row.test,
            made_at=row.made_at,
            state=_state(row),
            attempts=row.attempts,
            next_at=row.next_at,
            problem=row.problem,
            ended_at=row.delivered_at or row.given_up_at,
        )
        for row in found
    ]
