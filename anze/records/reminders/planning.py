"""Deciding what is sent now: the messages go into the outbox in the same transaction as the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.journal import queries as journal
from anze.records.journal.actions import append_each, digest_of
from anze.records.reminders.models import Ladder, Message
from anze.records.reminders.reach import Reach, ways
from anze.records.reminders.reading import Case, cases, days_ahead, ladder_of
from anze.records.reminders.wording import Line, written
from anze.rules.periods import ONE_DAY, day_of, midnight
from anze.rules.reminders import QUIET_FROM, Item, Notice, Plan, plan, quiet

NOBODY = Reach("", "", "", by_mail=False, by_sms=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message that would be sent. `ways`: channel -> why it would not arrive, or empty."""

    person_name: str
    title: str
    lines: tuple[Line, ...]
    ways: tuple[tuple[str, str], ...]


def companies_to_plan() -> list[int]:
    """In scope, those switched on where time has come, or where anything was done since they were planned."""
    require("set_reminders")
    at = current().at
    lengths = {head.company_id: head.length for head in journal.heads()}
    rows = Ladder.objects.filter(since__isnull=False).order_by("company_id")
    return [
        company
        for company, next_at, chain in rows.values_list("company_id", "next_at", "chain")
        if next_at is None or next_at <= at or chain != lengths.get(company, 0)
    ]


def queue_due(*, company_ids: Sequence[int]) -> int:
    """Decide for these companies and queue what is due. Answers how many messages.

    The ladders are locked first, so that two planners never decide for one company at once.
    """
    require("set_reminders")
    at = current().at
    locked = Ladder.objects.select_for_update().filter(company_id__in=company_ids, since__isnull=False)
    ladders = {row.company_id: row for row in locked.order_by("company_id")}
    lengths = {head.company_id: head.length for head in journal.heads()}
    unfolded = [] if quiet(at) else [key for key, row in ladders.items() if not row.folded]
    messages: list[Message] = []
    sent: list[tuple[Message, Item]] = []
    ahead = max((days_ahead(row) for row in ladders.values()), default=0)
    for key, case in cases(list(ladders), unfolded=unfolded, ahead=ahead).items():
        row = ladders[key]
        found = _planned(row, case, at)
        row.folded = row.folded or not quiet(at)
        row.next_at = min(found.until or at + ONE_DAY, _tomorrow(at, row.hour))
        row.chain = lengths.get(key, 0)
        for notice in found.notices:
            made = _messages(case, notice, at)
            messages += made
            sent += [(made[0], item) for item in notice.items]
    Message.objects.bulk_create(messages)
    _insert_sent(sent)
    _keep(list(ladders.values()))
    _note(messages)
    return len(messages)


def preview(*, company_id: int) -> list[Preview]:
    """What would go out until this evening if nothing else happened; also while switched off."""
    require("set_reminders")
    scope = current()
    row = Ladder.objects.filter(company_id=company_id).first()
    if row is None:
        return []
    evening = midnight(day_of(scope.at)) + timedelta(hours=QUIET_FROM, minutes=-1)
    at = max(scope.at, evening)
    fold = row.since is None or not row.folded
    case = cases([company_id], unfolded=[company_id] if fold else [], ahead=days_ahead(row))[company_id]
    found = plan(
        ladder_of(row, row.since or scope.at), case.duties.values(), sent=case.sent, told={}, at=at, fold=fold
    )
    return [_preview(case, notice, at) for notice in found.notices]


def _planned(row: Ladder, case: Case, at: datetime) -> Plan:
    assert row.since is not None
    ladder = ladder_of(row, row.since)
    return plan(ladder, case.duties.values(), sent=case.sent, told=case.told, at=at, fold=not row.folded)


def _tomorrow(at: datetime, hour: int) -> datetime:
    return midnight(day_of(at) + ONE_DAY) + timedelta(hours=hour)


def _messages(case: Case, notice: Notice, at: datetime) -> list[Message]:
    """One for each channel. What cannot reach the person is in the outbox too, with the reason."""
    text = written(notice, case.told_of, case.names, case.name, at)
    reach = case.reaches.get(notice.person, NOBODY)
    return [
        Message(
            company_id=case.company_id,
            person_id=notice.person,
            channel=channel,
            title=text.title,
            lines=[list(line) for line in text.lines],
            made_at=at,
            next_at=None if problem else at,
            given_up_at=at if problem else None,
            problem=problem,
        )
        for channel, problem in ways(notice.channels, reach, case.robots).items()
    ]


def _insert_sent(sent: Sequence[tuple[Message, Item]]) -> None:
    """Tens of thousands on a busy morning: as arrays. Row-level security checks them like any other row."""
    columns = [
        [getattr(message, name) for message, _ in sent]
        for name in ("company_id", "person_id", "id", "made_at")
    ]
    columns += [[getattr(item, name) for _, item in sent] for name in ("duty", "days")]
    columns.append([item.receiver.value for _, item in sent])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reminders_sent (company_id, person_id, message_id, at, obligation, days, receiver) "
            "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], "
            "%s::bigint[], %s::smallint[], %s::text[])",
            columns,
        )


def _keep(ladders: Sequence[Ladder]) -> None:
    names = ("pk", "folded", "next_at", "chain")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_ladder AS kept "
            "SET folded = given.folded, next_at = given.next_at, chain = given.chain "
            "FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[], %s::bigint[]) "
            "AS given(id, folded, next_at, chain) WHERE kept.id = given.id",
            [[getattr(row, name) for row in ladders] for name in names],
        )


def _preview(case: Case, notice: Notice, at: datetime) -> Preview:
    text = written(notice, case.told_of, case.names, case.name, at)
    reach = case.reaches.get(notice.person, NOBODY)
    found = ways(notice.channels, reach, case.robots)
    return Preview(reach.name, text.title, text.lines, tuple(found.items()))


def _note(messages: Sequence[Message]) -> None:
    rows: dict[int, list[tuple[str, int, str]]] = {}
    for message in messages:
        content = [str(message.mark), message.person_id, message.channel, message.lines]
        entry = ("reminders.message", message.pk, digest_of(content))
        rows.setdefault(message.company_id, []).append(entry)
    append_each(action="reminders.queue", rows=rows)
