"""The worked cases of catalogue/cases/duties as data: strict like the catalogue itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from anze.rules.catalogue.load import load
from anze.rules.catalogue.model import Catalogue, Citation, Every, Layer, Role, Term
from anze.rules.catalogue.nodes import Entry, Node, Table, choice_of, count_of, pairs_of, text_of
from anze.rules.catalogue.problems import Problems
from anze.rules.catalogue.source import files, read
from anze.rules.catalogue.term_entries import limit_of
from anze.rules.evidence import Attendance, Fact, Part
from anze.rules.posts import Commitment, Company, Cover, Holding, Leave, Remit, Span

ROOT = Path(__file__).parents[3] / "catalogue"
PEOPLE = {"me": 1, "deputy": 2, "other": 3, "driver": 11}
SUBJECT = PEOPLE["driver"]  # the department or vehicle asked about has the driver's number
REMITS = {"department": SUBJECT, "another": SUBJECT + 1}  # units in my remit
START = date(2025, 1, 1)
ELSEWHERE = "330106"
_KEYS = ("duty", "name", "on", "starts", "expect")
_OPTIONAL = ("committed", "subject", "records", "area", "cover", "remit", "leave")
_RECORD = ("kind", "at", "parts")


@cache
def catalogue() -> Catalogue:
    return load(ROOT)


@dataclass(frozen=True)
class Case:
    file: str
    line: int
    requirement: str
    name: str
    company: Company
    facts: tuple[Fact, ...]
    on: datetime
    starts: date
    subject: bool
    state: str
    reason: str
    until: datetime | None
    because: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.requirement}-{self.line}"


@dataclass(frozen=True)
class CaseFile:
    position: str
    cannot: dict[str, dict[str, str]]  # kind -> state -> why it cannot be
    cases: tuple[Case, ...]


@cache
def case_files() -> tuple[CaseFile, ...]:
    problems = Problems()
    found = []
    for name in files(ROOT, "cases/duties"):
        node = read(ROOT, name, problems)
        assert node is not None, problems.items
        found.append(_case_file(node, problems))
    problems.settle()
    return tuple(found)


def _case_file(node: Node, problems: Problems) -> CaseFile:
    entry = Entry(node, problems, ("position", "cannot", "cases"))
    position = entry.text("position")
    cannot = {
        kind.value: {state.value: text_of(why) for state, why in pairs_of(states)}
        for kind, states in pairs_of(entry["cannot"])
    }
    return CaseFile(position, cannot, tuple(_case(item, position, problems) for item in entry.items("cases")))


def _case(node: Node, position: str, problems: Problems) -> Case:
    entry = Entry(node, problems, _KEYS, _OPTIONAL)
    expect = Entry(entry["expect"], problems, ("state", "reason", "until"), ("because",))
    requirement = f"{position}.{entry.text('duty')}"
    names: dict[str, int] = {}
    facts = tuple(_fact(item, position, names, problems) for item in entry.items("records"))
    return Case(
        node.file, node.line, requirement, entry.text("name"), _company(entry, position, requirement), facts,
        instant(entry.text("on")), date.fromisoformat(entry.text("starts")), "subject" in entry,
        expect.text("state"), expect.text("reason"),
        None if expect.text("until") == "never" else instant(expect.text("until")),
        tuple(text_of(item) for item in expect.items("because")),
    )  # fmt: skip


def _company(entry: Entry, position: str, requirement: str) -> Company:
    cover = entry.day_if("cover")
    covers = (Cover(1, PEOPLE["deputy"], Span(cover)),) if cover else ()
    committed = (_commitment(entry, requirement),) if "committed" in entry else ()
    remits = tuple(Remit(1, REMITS[text_of(item)], Span(START)) for item in entry.items("remit"))
    leave = entry.day_if("leave")
    leaves = (Leave(PEOPLE["deputy"], Span(leave)),) if leave else ()
    subjects = {entry.text("subject"): {SUBJECT: Span(START)}} if "subject" in entry else {}
    return Company(
        id=1,
        trade=position.split(".", maxsplit=1)[0],
        area=entry.text_or("area", ELSEWHERE),
        judged_from=START,
        holdings=(Holding(1, PEOPLE["me"], position, Span(START)),),
        covers=covers,
        leaves=leaves,
        remits=remits,
        subjects=subjects,
        commitments=committed,
    )


def _commitment(entry: Entry, requirement: str) -> Commitment:
    numbers = Entry(entry["committed"], entry.problems, ("since",), ("every", "times", "within"))
    term = Term(
        since=date.fromisoformat(numbers.text("since")),
        cite=(Citation("commitment", "1"),),
        layer=Layer.COMPANY,
        every=choice_of(numbers["every"], Every, "周期") if "every" in numbers else None,
        times=count_of(numbers["times"]) if "times" in numbers else 1,
        within=limit_of(numbers["within"]) if "within" in numbers else None,
        overlay="commitment",
    )
    return Commitment(requirement, term)


def _fact(node: Node, position: str, names: dict[str, int], problems: Problems) -> Fact:
    """A record; whatever is no key of its own is a field of its kind."""
    assert isinstance(node, Table)
    kind = catalogue().kinds[text_of(node.entries["kind"])]
    fields = {spec.id: spec for spec in kind.fields}
    entry = Entry(
        node, problems, _RECORD, ("id", "sealed", "about", "makes_up", "attests", "subjects", *fields)
    )
    values = {name: entry.text(name) for name in fields if name in entry}
    happened = instant(entry.text("at"))
    number = len(names) + 100
    names[entry.text_or("id", str(number))] = number
    return Fact(
        id=number,
        kind=kind.id,
        day=date.fromisoformat(entry.text("at")[:10]),
        happened=happened,
        received=instant(entry.text("sealed")) if "sealed" in entry else happened + timedelta(hours=1),
        parts=tuple(_part(text_of(item)) for item in entry.items("parts")),
        subjects=frozenset((text_of(item), SUBJECT) for item in entry.items("subjects")),
        numbers={k: Fraction(v) for k, v in values.items() if fields[k].type in {"number", "money", "hours"}},
        choices={k: v for k, v in values.items() if fields[k].type == "choice" and v in fields[k].choices},
        valid_until=_day_after(values[kind.expires_field]) if kind.expires_field else None,
        starts=date.fromisoformat(values[kind.starts_field]) if kind.starts_field else None,
        about=names[entry.text("about")] if "about" in entry else None,
        makes_up=date.fromisoformat(entry.text("makes_up")) if "makes_up" in entry else None,
        attests=f"{position}.{entry.text('attests')}" if "attests" in entry else None,
    )


def _day_after(text: str) -> date:
    """The printed last day is still valid."""
    return date.fromisoformat(text) + timedelta(days=1)


def _part(text: str) -> Part:
    """`me chair`, `driver participant absent`, `driver participant attended 1`."""
    who, role, *more = text.split()
    attendance = Attendance(more[0]) if more else Attendance.ATTENDED
    return Part(PEOPLE[who], Role(role), attendance, Fraction(more[1]) if len(more) > 1 else None)


def instant(text: str) -> datetime:
    """Shanghai wall time."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)
