"""What an authority's platform asks (查岗, 督办), and what a person answered: rows before anything is said.

Rule 1: a question is stored once, however often its platform repeats it while it is open.
Rule 2: it is answered at most once, by a named person, before its deadline; silence stays silence.
Rule 3: an answer waits until the platform is known to have read it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

from anze.telemetry.schema import Connection

AsyncConnection = psycopg.AsyncConnection[Any]
ROLL_CALL, SUPERVISION = "roll_call", "supervision"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    uplink_id: int
    company_id: int
    kind: str
    asked_at: datetime
    due_at: datetime | None
    serial: int
    carrier: int
    body: bytes
    facts: dict[str, Any]


class Question(NamedTuple):
    """As pages show it."""

    id: int
    uplink_id: int
    uplink: str
    company_id: int
    kind: str
    asked_at: datetime
    due_at: datetime | None
    facts: dict[str, Any]
    answered_at: datetime | None
    answered_by: int | None
    responder: str
    telephone: str
    answer: str | None
    result: int | None
    delivered_at: datetime | None
    problem: str


class Answered(NamedTuple):
    """An answer that the platform is not known to have."""

    id: int
    kind: str
    asked_at: datetime
    due_at: datetime | None
    serial: int
    carrier: int
    body: bytes
    responder: str
    telephone: str
    answer: str | None
    result: int | None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """`answer`: of a roll-call. `result`: of a supervision."""

    question_id: int
    company_id: int
    at: datetime
    person_id: int
    account_id: int
    responder: str
    telephone: str
    answer: str | None = None
    result: int | None = None


KEEP: LiteralString = """
INSERT INTO telemetry.question
    (uplink_id, company_id, kind, asked_at, due_at, serial, carrier, body, facts)
SELECT %(uplink)s, %(company)s, %(kind)s, %(at)s::timestamptz, %(due)s, %(serial)s, %(carrier)s, %(body)s,
    %(facts)s
WHERE NOT EXISTS (SELECT FROM telemetry.question
    WHERE uplink_id = %(uplink)s AND carrier = %(carrier)s AND serial = %(serial)s AND body = %(body)s
        AND asked_at > %(at)s::timestamptz - INTERVAL '1 day'
        AND delivered_at IS NULL AND (due_at IS NULL OR due_at > %(at)s))
"""
COLUMNS: LiteralString = """
SELECT q.id, q.uplink_id, u.name, q.company_id, q.kind, q.asked_at, q.due_at, q.facts::text, q.answered_at,
    q.answered_by, q.responder, q.telephone, q.answer, q.result, q.delivered_at, q.problem
FROM telemetry.question q JOIN telemetry.uplink u ON u.id = q.uplink_id
WHERE q.company_id = ANY(%(companies)s)
"""
IS_OPEN: LiteralString = "answered_at IS NULL AND (due_at IS NULL OR due_at > %(at)s)"
IS_SILENT: LiteralString = "answered_at IS NULL AND due_at <= %(at)s"
OPEN: LiteralString = COLUMNS + " AND " + IS_OPEN + " ORDER BY q.due_at NULLS LAST, q.id"
CLOSED: LiteralString = (
    COLUMNS + " AND NOT (" + IS_OPEN + ") ORDER BY q.asked_at DESC, q.id DESC LIMIT %(most)s OFFSET %(skip)s"
)
ONE: LiteralString = COLUMNS + " AND q.id = %(id)s"
COUNTS: LiteralString = (
    "SELECT count(*) FILTER (WHERE " + IS_OPEN + "), count(*) FILTER (WHERE " + IS_SILENT + "), count(*) "
    "FROM telemetry.question WHERE company_id = ANY(%(companies)s)"
)
ANSWER: LiteralString = """
UPDATE telemetry.question SET answered_at = %(at)s, answered_by = %(person)s, account_id = %(account)s,
    responder = %(responder)s, telephone = %(telephone)s, answer = %(answer)s, result = %(result)s
WHERE id = %(id)s AND company_id = %(company)s AND answered_at IS NULL
    AND (due_at IS NULL OR due_at > %(at)s)
"""
SILENT: LiteralString = """
UPDATE telemetry.question SET noted_at = %(at)s
WHERE company_id = %(company)s AND answered_at IS NULL AND due_at <= %(at)s AND noted_at IS NULL
RETURNING id, kind, due_at
"""
SILENT_COMPANIES: LiteralString = """
SELECT DISTINCT company_id FROM telemetry.question
WHERE company_id = ANY(%s) AND answered_at IS NULL AND due_at <= %s AND noted_at IS NULL ORDER BY 1
"""
ANSWERED: LiteralString = """
SELECT id, kind, asked_at, due_at, serial, carrier, body, responder, telephone, answer, result
FROM telemetry.question
WHERE uplink_id = %s AND answered_at IS NOT NULL AND delivered_at IS NULL AND problem = ''
ORDER BY answered_at, id LIMIT 100
"""
DELIVERED: LiteralString = """
UPDATE telemetry.question SET delivered_at = %s WHERE id = ANY(%s) AND delivered_at IS NULL
"""
IMPOSSIBLE: LiteralString = "UPDATE telemetry.question SET problem = %s WHERE id = %s"


async def keep(connection: AsyncConnection, new: NewQuestion) -> None:
    values = {
        "uplink": new.uplink_id,
        "company": new.company_id,
        "kind": new.kind,
        "at": new.asked_at,
        "due": new.due_at,
        "serial": new.serial,
        "carrier": new.carrier,
        "body": new.body,
        "facts": Jsonb(new.facts),
    }
    await connection.execute(KEEP, values)


async def answered(connection: AsyncConnection, uplink_id: int) -> list[Answered]:
    cursor = await connection.execute(ANSWERED, [uplink_id])
    return [Answered(*row) for row in await cursor.fetchall()]


async def delivered(connection: AsyncConnection, ids: Sequence[int], at: datetime) -> None:
    await connection.execute(DELIVERED, [at, list(ids)])


async def impossible(connection: AsyncConnection, question_id: int, problem: str) -> None:
    await connection.execute(IMPOSSIBLE, [problem, question_id])


def open_ones(connection: Connection, company_ids: Sequence[int], at: datetime) -> list[Question]:
    """The most urgent first."""
    values = {"companies": list(company_ids), "at": at}
    return [_question(row) for row in connection.execute(OPEN, values)]


def closed(
    connection: Connection, company_ids: Sequence[int], at: datetime, *, most: int, skip: int
) -> list[Question]:
    """Answered, or past their deadline; the newest first."""
    values = {"companies": list(company_ids), "at": at, "most": most, "skip": skip}
    return [_question(row) for row in connection.execute(CLOSED, values)]


def counts(connection: Connection, company_ids: Sequence[int], at: datetime) -> tuple[int, int, int]:
    """(open, never answered, all)."""
    row = connection.execute(COUNTS, {"companies": list(company_ids), "at": at}).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def one(connection: Connection, company_ids: Sequence[int], question_id: int) -> Question | None:
    row = connection.execute(ONE, {"companies": list(company_ids), "id": question_id}).fetchone()
    return None if row is None else _question(row)


def _question(row: tuple[Any, ...]) -> Question:
    """Django's connections give JSON as text and others as objects: it is asked for as text."""
    found = Question(*row)
    return found._replace(facts=json.loads(row[Question._fields.index("facts")]))


def answer(connection: Connection, new: NewAnswer) -> bool:
    """False: answered already, past its deadline, not there, or not in scope."""
    values = {
        "at": new.at,
        "person": new.person_id,
        "account": new.account_id,
        "responder": new.responder,
        "telephone": new.telephone,
        "answer": new.answer,
        "result": new.result,
        "id": new.question_id,
        "company": new.company_id,
    }
    return connection.execute(ANSWER, values).rowcount == 1


def silent_companies(connection: Connection, company_ids: Sequence[int], at: datetime) -> list[int]:
    """Whose silence is not marked yet."""
    return [company for (company,) in connection.execute(SILENT_COMPANIES, [list(company_ids), at])]


def note_silence(connection: Connection, company_id: int, at: datetime) -> list[tuple[int, str, datetime]]:
    """Mark what nobody answered in time, once: id, kind, deadline."""
    return list(connection.execute(SILENT, {"company": company_id, "at": at}).fetchall())
