"""The one place that writes obligations: what changed goes to the table, and the tallies move with it.

Decisions of a company are taken one at a time (an advisory lock until the end of the transaction): two
records sealed at once would otherwise each be judged without the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from anze.records.acting.instants import read_instants
from anze.records.duties.cases import decided_whole
from anze.records.lawbook import lawbook
from anze.rules.duties import Decision, Ruled
from anze.rules.periods import day_of, midnight
from anze.rules.posts import Span

OWN_KEY = r"^[^.]+\.[^.]+\.o[0-9]+\."  # a company's own demand: always periodic
DECIDING = 471_001  # advisory lock space
STEP = 10_000  # rows written at once: what they are written as takes more memory than they do

KEY = ("company_id", "requirement", "starts", "person", "subject_type", "subject", "event")
VERDICT = (
    "due", "month", "state", "since", "until", "reason", "cites", "facts", "layer", "done", "needed",
    "provisional",
)  # fmt: skip
TYPES = {
    "company_id": "int", "requirement": "text", "starts": "date", "person": "bigint", "subject_type": "text",
    "subject": "bigint", "event": "bigint", "due": "timestamptz", "month": "date", "state": "text",
    "since": "timestamptz", "until": "timestamptz", "reason": "text", "cites": "text", "facts": "text",
    "layer": "text", "done": "int", "needed": "int", "provisional": "bool", "position": "text",
    "edition": "text", "id": "bigint",
}  # fmt: skip
ARRAYS = {"cites": "string_to_array(given.cites, ' ')", "facts": "given.facts::bigint[]"}

Key = tuple[Any, ...]
TallyKey = tuple[int, str, date | None, str]


class Stored(NamedTuple):
    """What a run of `store` changed."""

    inserted: int
    updated: int
    deleted: int


def lock(company_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        for company_id in sorted(company_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DECIDING, company_id])


def store(
    ruled: Mapping[int, Ruled],
    *,
    at: datetime,
    only: frozenset[str] | None = None,
    touching: Span | None = None,
) -> Stored:
    """Make the stored obligations of these companies equal to what was ruled, within what was decided."""
    known = _known(list(ruled), only, touching)
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    tally: Counter[TallyKey] = Counter()
    for company_id, company in ruled.items():
        for decision in company.decisions:
            key, verdict = _row(company_id, decision)
            before = known.pop(key, None)
            position, edition = decision.obligation.position, company.edition_of(decision.obligation)
            if before is not None and before[14] == edition and before[1:13] == verdict:
                continue
            tally[company_id, position, verdict[1], verdict[2]] += 1
            if before is None:
                new.append((*key, *verdict, position, edition))
            else:
                tally[company_id, position, before[2], before[3]] -= 1
                changed.append((before[0], *verdict, edition))
    for key, gone in known.items():
        tally[key[0], gone[13], gone[2], gone[3]] -= 1
    for start in range(0, len(new), STEP):
        _insert(new[start : start + STEP], at)
    for start in range(0, len(changed), STEP):
        _update(changed[start : start + STEP], at)
    _delete([row[0] for row in known.values()])
    _count(tally)
    return Stored(len(new), len(changed), len(known))


def _row(company_id: int, decision: Decision) -> tuple[Key, tuple[Any, ...]]:
    obligation, verdict = decision
    key = (
        company_id, obligation.requirement, obligation.starts, obligation.person, obligation.subject_type,
        obligation.subject, obligation.event,
    )  # fmt: skip
    return key, (
        obligation.due, month_of(obligation.due), verdict.state.value, verdict.since, verdict.until,
        verdict.reason.value, list(verdict.cites), list(verdict.facts), verdict.layer, verdict.done,
        verdict.needed, verdict.provisional,
    )  # fmt: skip


def month_of(due: datetime | None) -> date | None:
    """First day of the month that holds the last instant in time."""
    return None if due is None else day_of(due - timedelta(microseconds=1)).replace(day=1)


def _known(
    company_ids: list[int], only: frozenset[str] | None, touching: Span | None
) -> dict[Key, tuple[Any, ...]]:
    """Stored rows of what was decided: key -> (id, *verdict, position, edition)."""
    where, values = ["company_id = ANY(%s)"], [company_ids]
    if only is not None:
        where.append("requirement = ANY(%s)")
        values.append(sorted(only))  # type: ignore[arg-type]  # a list of parameters of several types
    if touching is not None:
        periodic = f"(requirement = ANY(%s) OR requirement ~ '{OWN_KEY}')"
        where.append(f"(NOT {periodic} OR due IS NULL OR (due > %s AND starts < %s))")
        values += [_periodic(only), midnight(touching.since), touching.until or date.max]  # type: ignore[list-item]  # same
    columns = ", ".join((*KEY, "id", *VERDICT, "position", "edition"))
    with connection.cursor() as cursor:
        read_instants(cursor)
        cursor.execute(f"SELECT {columns} FROM duties_obligation WHERE {' AND '.join(where)}", values)  # noqa: S608 -- names are constants
        return {row[:7]: row[7:] for row in cursor}


def _periodic(only: frozenset[str] | None) -> list[str]:
    """Requirements whose decisions `touching` narrows; the others are always decided whole."""
    return [
        r.id
        for p in lawbook().positions.values()
        for r in p.requirements
        if not decided_whole(r) and (only is None or r.id in only)
    ]


def _insert(rows: list[tuple[Any, ...]], at: datetime) -> None:
    names = (*KEY, *VERDICT, "position", "edition")
    given, columns = _given(names, rows)
    picked = ", ".join(ARRAYS.get(name, name) for name in names)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*VERDICT, "edition", "decided_at"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO duties_obligation ({', '.join(names)}, decided_at) "  # noqa: S608 -- names are constants
            f"SELECT {picked}, %s FROM {given} "
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {updates}",
            [at, *columns],
        )


def _update(rows: list[tuple[Any, ...]], at: datetime) -> None:
    """By id: cheaper than meeting the same row by its key."""
    names = ("id", *VERDICT, "edition")
    given, columns = _given(names, rows)
    updates = ", ".join(f"{name} = {ARRAYS.get(name, f'given.{name}')}" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE duties_obligation AS kept SET {updates}, decided_at = %s FROM {given} "  # noqa: S608 -- names are constants
            "WHERE kept.id = given.id",
            [at, *columns],
        )


def _given(names: Sequence[str], rows: list[tuple[Any, ...]]) -> tuple[str, list[str]]:
    """A table named `given` of these rows, and its parameters: one array for each column."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns["cites"] = tuple(" ".join(cites) for cites in columns["cites"])
    columns["facts"] = tuple("{" + ",".join(map(str, facts)) + "}" for facts in columns["facts"])
    arrays = ", ".join(f"%s::{TYPES[name]}[]" for name in names)
    written = [_array(columns[name], WRITTEN[TYPES[name]]) for name in names]
    return f"unnest({arrays}) AS given({', '.join(names)})", written


def _array(values: Sequence[Any], write: Callable[[Any], str]) -> str:
    """As PostgreSQL writes one. The driver takes four times as long."""
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


@lru_cache(maxsize=65_536)
def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "int": str,
    "bigint": str,
    "bool": str,
    "text": _quoted,
    "date": date.isoformat,
    "timestamptz": lru_cache(maxsize=65_536)(datetime.isoformat),
}


def _delete(ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM duties_obligation WHERE id = ANY(%s)", [ids])


def _count(tally: Mapping[TallyKey, int]) -> None:
    moved = [(key, count) for key, count in tally.items() if count]
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO duties_tally (company_id, position, month, state, count) "
            "SELECT * FROM unnest(%s::int[], %s::text[], %s::date[], %s::text[], %s::int[]) "
            "ON CONFLICT (company_id, position, month, state) "
            "DO UPDATE SET count = duties_tally.count + EXCLUDED.count",
            [*map(list, zip(*(k for k, _ in moved), strict=True)), [n for _, n in moved]],
        )
