"""The responsibility letters of a year and the appraisals beside them, from sealed records alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.permissions import require
from anze.records.confirmations.models import Confirmation
from anze.records.evidence.models import Participation, Record
from anze.records.evidence.tables import items_in
from anze.records.people import queries as people
from anze.rules.letters import Letter, LetterTree, letter_tree
from anze.rules.periods import midnight

LETTER, APPRAISAL, PLAN = "target.letter", "target.appraisal", "target.plan"


@dataclass(frozen=True, slots=True)
class Target:
    """One row of a table of targets. `unit`, `limit` and `stage` as written, maybe empty."""

    what: str
    unit: str
    limit: str
    stage: str
    who: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    id: int
    number: str
    title: str
    day: date
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """`half`: 1 or 2. `rewards`: reward or penalty, as written."""

    id: int
    number: str
    half: int
    result: str
    rewards: str


@dataclass(frozen=True, slots=True)
class Letters:
    """All of a year. `posts`: person -> names of the posts held today."""

    year: int
    tree: LetterTree
    letters: dict[int, LetterRow]
    names: dict[int, str]
    posts: dict[int, str]
    appraisals: dict[int, tuple[Appraisal, ...]]
    plan: LetterRow | None  # the yearly target plan
    expected: int  # people who should have a letter


def letters_of(company_id: int, year: int) -> Letters:
    """For those who see the whole company."""
    require("see_company")
    records = _sealed(company_id, LETTER, year)
    parts = _parts(records)
    today = current().today
    employed = people.people(on=today, company_id=company_id)
    ever = people.holdings(company_id=company_id)
    held = [row for row in ever if row.since <= today and (row.until is None or row.until > today)]
    principals = [row.person_id for row in held if _leads(row)]
    letters = [_signed_by_the_post(letter, ever, principals) for letter in _letters(records, parts)]
    ids = {person for part in parts.values() for people_ in part.values() for person in people_}
    return Letters(
        year=year,
        tree=letter_tree(letters, [row.id for row in employed], frozenset(principals)),
        letters={record.pk: _row(record, "targets") for record in records},
        names={row.id: row.name for row in employed} | _gone(ids - {row.id for row in employed}),
        posts=_posts(held),
        appraisals=_appraisals(company_id, year),
        plan=next((_row(record, "breakdown") for record in _sealed(company_id, PLAN, year)), None),
        expected=sum(row.id not in principals for row in employed),
    )


def _leads(row: people.HoldingRow) -> bool:
    return row.position.endswith(".principal")


def _signed_by_the_post(letter: Letter, ever: Iterable[people.HoldingRow], principals: list[int]) -> Letter:
    """What a principal of that day signed binds the post: today's principal stands in their place."""
    day = _day(letter.happened)
    then = {
        row.person_id
        for row in ever
        if _leads(row) and row.since <= day and (row.until is None or row.until > day)
    }
    if not principals or not then.intersection(letter.signers):
        return letter
    return replace(letter, signers=tuple(principals[0] if s in then else s for s in letter.signers))


def years_of(company_id: int) -> list[int]:
    """With a letter, and this one; the newest first."""
    require("see_company")
    rows = Record.objects.filter(company=company_id, kind=LETTER, status=Record.Status.SEALED)
    said = {values.get("year", "") for values in rows.values_list("values", flat=True)}
    found = {int(year) for year in said if year.isdecimal() and 1990 <= int(year) <= 2100}
    return sorted(found | {current().today.year}, reverse=True)


def _sealed(company_id: int, kind: str, year: int) -> list[Record]:
    rows = Record.objects.filter(company=company_id, kind=kind, status=Record.Status.SEALED)
    return list(rows.filter(values__year=str(year)).order_by("-happened_at", "-pk"))


def _parts(records: Sequence[Record]) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = Participation.objects.filter(record__in=records, role__in=("signer", "subject")).order_by("pk")
    for record, role, person in rows.values_list("record", "role", "person"):
        found[record][role].append(person)
    return found


def _letters(records: Sequence[Record], parts: dict[int, dict[str, list[int]]]) -> list[Letter]:
    asked: dict[int, set[int]] = defaultdict(set)
    confirmed: dict[int, set[int]] = defaultdict(set)
    for record, person, at in Confirmation.objects.filter(record__in=records).values_list(
        "record", "person", "confirmed_at"
    ):
        asked[record].add(person)
        if at is not None:
            confirmed[record].add(person)
    return [
        Letter(
            record.pk,
            record.happened_at,
            tuple(parts[record.pk]["signer"]),
            tuple(parts[record.pk]["subject"]),
            frozenset(asked[record.pk]),
            frozenset(confirmed[record.pk]),
        )
        for record in records
    ]


def _row(record: Record, field: str) -> LetterRow:
    rows = items_in(record.values.get(field, ""))
    targets = tuple(
        Target(
            row.what, row.more.get("unit", ""), row.more.get("limit", ""), row.more.get("stage", ""), row.name
        )
        for row in rows
    )
    return LetterRow(record.pk, record.number or "", record.title, _day(record.happened_at), targets)


def _appraisals(company_id: int, year: int) -> dict[int, tuple[Appraisal, ...]]:
    """By person, in the order in which they were held."""
    since, until = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    rows = Record.objects.filter(company=company_id, kind=APPRAISAL, status=Record.Status.SEALED)
    records = list(rows.filter(happened_at__gte=since, happened_at__lt=until).order_by("happened_at", "pk"))
    found: dict[int, list[Appraisal]] = defaultdict(list)
    parts = _parts(records)
    for record in records:
        for person in parts[record.pk]["subject"]:
            found[person].append(_appraisal(record))
    return {person: tuple(rows) for person, rows in found.items()}


def _appraisal(record: Record) -> Appraisal:
    half = 1 if _day(record.happened_at).month <= 6 else 2
    said = record.values.get("result", ""), record.values.get("rewards", "")
    return Appraisal(record.pk, record.number or "", half, *said)


def _posts(held: Iterable[people.HoldingRow]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in held:
        found[row.person_id].append(row.position_name)
    return {person: "、".join(names) for person, names in found.items()}


def _gone(ids: set[int]) -> dict[int, str]:
    """Who signed or was named and is not employed today."""
    return {row.id: f"{row.name}（已离职）" for row in people.people() if row.id in ids} if ids else {}


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
