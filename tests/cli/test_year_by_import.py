"""A company moves in by workbooks: what another one exported, imported week by week, proves the same.

People, posts, vehicles and records go through the product's own export and import; what no workbook holds is
done by hand here as in the browser: units, what the company fixed, who is in charge of what, and the scans
that a few kinds need.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from anze.cli import demo
from anze.cli.demo.cast import Firm, diligent
from anze.cli.demo.days import Days, at
from anze.cli.demo.organising import organised
from anze.cli.demo.play import Stage, play, set_stage
from anze.cli.demo.turns import turns
from anze.records.acting.context import SYSTEM, Actor, acting
from anze.records.duties import actions as duties
from anze.records.duties.deciding import deciding_later, redecide
from anze.records.duties.models import Obligation
from anze.records.evidence.actions import attach_file
from anze.records.evidence.models import Record
from anze.records.fleet.models import Vehicle
from anze.records.imports import actions as imports
from anze.records.imports import queries
from anze.records.imports.lists import list_of_people, list_of_records, list_of_vehicles
from anze.records.lawbook import lawbook
from anze.records.people.models import Holding, Person
from anze.records.tenants import actions as tenants
from anze.records.tenants.models import Unit
from tests.cast import cheap_passwords

pytestmark = pytest.mark.long
NOW = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)  # January is told whole, with the plans of a year
MONTHS = 1
BY_SHEET = ("_come", "_go", "_take_post", "handover")  # what the people's workbook says already
USERNAMES = {
    key: key
    for key in ("boss-old", "boss", "manager", "manager2", "manager3", "deputy", "driver1", "vice", "vice2",
                "safety-head", "office", "operations", "technical", "monitoring", "monitor", "technician")
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
POSTS = 11
DAY = timedelta(days=1)
Line = tuple[Any, ...]


@dataclass(frozen=True)
class Move:
    """One company's story, told here and brought there. `there` has nobody and nothing yet."""

    firm: Firm
    days: Days
    here: Stage
    there: int

    @property
    def opening(self) -> datetime:
        return at(self.days.start, "07:30")

    def looks(self, when: datetime) -> Any:
        """As the principal of the first company."""
        return acting(self.here.actor("boss"), reads=(self.here.company,), at=when)

    def enters(self, when: datetime) -> Any:
        """As the principal of the second."""
        actor = Actor(1, "周海峰", None, self.there, roles=frozenset({"principal"}))
        return acting(actor, reads=(self.there,), at=when)


def busy(days: Days) -> Firm:
    """It leaves nothing out; in the month that is told its principal changes, and the old one goes."""
    firm, changes = diligent(days), days.start + timedelta(days=14)
    span = {"boss-old": {"until": changes}, "boss": {"since": changes}}
    return replace(
        firm,
        left_out=frozenset(),
        sealed_after={},
        holders=tuple(replace(h, **span.get(h.key, {})) for h in firm.holders),
        members=tuple(replace(m, left=changes + DAY) if m.key == "boss-old" else m for m in firm.members),
    )


def registered(name: str, firm: Firm, days: Days) -> int:
    with acting(SYSTEM, reads=(), at=at(days.start, "07:00")):
        return tenants.register_company(
            name=name, short_name=name, trade="coach", area=firm.area, employees=60, vehicles=firm.vehicles,
            started_on=date(2009, 1, 1), judged_from=days.start,
        )  # fmt: skip


def told(now: datetime, months: int, firm_of: Callable[[Days], Firm]) -> Move:
    days = Days(now, months)
    firm = firm_of(days)
    first, second = (registered(name, firm, days) for name in ("甲客运", "乙客运"))
    with deciding_later(), cheap_passwords():
        here = set_stage(firm, days, first, at(days.start, "07:30"), USERNAMES)
        play(here, demo.story(firm, days), [*turns(firm, days, USERNAMES), *organised(firm, days)])
    decide(first, now)
    return Move(firm, days, here, second)


def decide(company: int, now: datetime) -> None:
    with acting(SYSTEM, reads=(company,), at=now):
        redecide(company_id=company)


def lines(file: Any) -> list[Line]:
    with file:
        return list(load_workbook(file, read_only=True).worksheets[0].values)


def book(head: Line, rows: Sequence[Line]) -> io.BytesIO:
    workbook = Workbook()
    for row in (head, *rows):
        workbook.active.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def without(head: Line, rows: Sequence[Line], column: str) -> list[Line]:
    """Phones leave the product masked; whoever moves types them in again, or not."""
    place = head.index(column)
    return [(*row[:place], None, *row[place + 1 :]) for row in rows]


def marked(head: Line, rows: Sequence[Line]) -> list[Line]:
    """Numbers from elsewhere have a mark before them."""
    places = [index for index, name in enumerate(head) if name in ("编号", "针对事件的编号")]
    return [
        tuple(f"旧{text}" if index in places and text else text for index, text in enumerate(row))
        for row in rows
    ]


def brought(of: str, head: Line, rows: Sequence[Line]) -> list[int]:
    """Ids of what was made."""
    file = book(head, rows)
    key = imports.upload(of=of, name="台账.xlsx", file=file, size=len(file.getvalue()))
    wrong = {
        cell.place: cell.error for row in queries.rows(key, standing="wrong").rows for cell in row.errors
    }
    assert wrong == {}, of
    assert imports.commit(import_id=key).made == len(rows), of
    return [row.made for row in queries.rows(key).rows if row.made is not None]


def move_people_and_vehicles(move: Move) -> None:
    with move.looks(move.days.now):
        people = lines(list_of_people(text="", unit_id=None, position=None, service="all"))
        vehicles = lines(list_of_vehicles(text="", unit_id=None, service="all"))
    with move.enters(move.opening), deciding_later():
        for kind, name in move.firm.units:
            tenants_unit(move.there, kind, name)
        brought("people", people[0], without(people[0], people[1:], "电话"))
        brought("vehicles", vehicles[0], vehicles[1:])


def tenants_unit(company: int, kind: str, name: str) -> None:
    duties.open_unit(company_id=company, kind=kind, name=name, since=date(2012, 1, 1))


def decide_by_hand(move: Move) -> None:
    """What the company fixed, who is in charge of what, who is away and stood in for."""
    there = Stage(move.firm, move.days, move.there)
    with move.enters(move.days.now):
        ids = {name: key for key, name in Person.objects.values_list("pk", "name")}
        there.people = {m.key: ids[m.name] for m in move.firm.members if m.name in ids}
        there.units = {name: key for key, name in Unit.objects.values_list("pk", "name")}
        held = dict(Holding.objects.order_by("since").values_list("person_id", "pk"))
        there.holdings = {key: held[person] for key, person in there.people.items() if person in held}
        there.accounts = dict.fromkeys(there.people, 1)
    acts = [*turns(move.firm, move.days, USERNAMES), *organised(move.firm, move.days)]
    with deciding_later():
        play(there, [], [act for act in acts if act.run.__qualname__.split(".")[0] not in BY_SHEET])


def workbooks(move: Move) -> dict[date, dict[str, list[Line]]]:
    """Day of sealing -> kind -> the rows sealed on it; the headings first."""
    days: dict[date, dict[str, list[Line]]] = defaultdict(dict)
    with move.looks(move.days.now):
        sealed = Record.objects.filter(status="sealed")
        received = dict(sealed.values_list("number", "received_at"))
        for kind in sorted(set(sealed.values_list("kind", flat=True))):
            head, *rows = lines(list_of_records(kind, {"status": "sealed"}))
            for row in rows:
                day = received[row[head.index("编号")]].astimezone(UTC).date()
                days[day].setdefault(kind, [head]).append(row)
    return days


def move_records(move: Move) -> int:
    """In the evening of each day on which something was sealed; events before what answers them."""
    count = 0
    for day, books in sorted(workbooks(move).items()):
        when = min(at(day, "23:50"), move.days.now)
        for kind in sorted(books, key=lambda kind: not lawbook().kinds[kind].event):
            head, *rows = books[kind]
            with move.enters(when), deciding_later():
                made = brought(kind, head, marked(head, rows))
                count += len(made)
                if lawbook().kinds[kind].attachment_required:
                    for record in made:
                        attach_file(record_id=record, name="扫描件.pdf", chunks=[PDF])
                    duties.seal_records(record_ids=made)
    return count


def standings(scope: Any) -> dict[tuple[Any, ...], tuple[str, str]]:
    """What is asked of whom, by names instead of ids -> how it stands and why."""
    with scope:
        people = dict(Person.objects.values_list("pk", "name"))
        named = {"vehicle": dict(Vehicle.objects.values_list("pk", "plate")),
                 "department": dict(Unit.objects.values_list("pk", "name"))}  # fmt: skip
        events = {r.pk: (r.kind, r.title, r.happened_at) for r in Record.objects.all()}
        return {
            (o.requirement, people.get(o.person or 0), o.subject_type,
             named.get(o.subject_type or "", people).get(o.subject or 0), events.get(o.event or 0, o.event),
             o.starts): (o.state, o.reason)
            for o in Obligation.objects.all()
        }  # fmt: skip


@pytest.fixture
def move(db: None, settings: Any, tmp_path: Path) -> Move:
    settings.ATTACHMENTS_DIR = tmp_path / "files"
    return told(NOW, MONTHS, busy)


def test_a_month_brought_by_workbooks_proves_the_same(move: Move) -> None:
    move_people_and_vehicles(move)
    decide_by_hand(move)
    count = move_records(move)
    decide(move.there, move.days.now)
    here, there = standings(move.looks(move.days.now)), standings(move.enters(move.days.now))
    assert {
        key: (here.get(key), there.get(key)) for key in here | there if here.get(key) != there.get(key)
    } == {}
    assert len({key[0].rsplit(".", 2)[0] for key in here}) == POSTS
    assert {state for state, _ in here.values()} >= {"met", "missed", "open"}
    assert count > 200
