"""People with their posts from a sheet.

Rule 1: who has a name and a first day on file is that person; a row may give them a further post.
Several rows of one sheet that agree in name, first day and phone are one person with several posts.
Rule 2: a sheet never changes what is on file of a person; a row that says otherwise is an error.
Rule 3: whoever is new may have left already, and a post may have ended: a company moves in with its past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.permissions import require
from anze.records.duties.actions import assign_post, dismiss, employ
from anze.records.duties.deciding import deciding_later, own_company, redecide
from anze.records.imports.checking import Checked
from anze.records.imports.roster import Roster, Unfound, roster
from anze.records.people.actions import NewPerson
from anze.records.people.leading import post_named
from anze.records.people.models import Holding, Person
from anze.records.people.phones import masked, tidy_phone
from anze.rules.importing.names import spelled
from anze.rules.importing.reading import Row
from anze.rules.importing.sheets import Sheet


@dataclass(frozen=True, slots=True)
class PeopleTarget:
    sheet: Sheet

    def permit(self) -> None:
        require("manage_people")

    def check(self, rows: Sequence[Row]) -> Checked:
        checked, file, posts = Checked(), _File(), _Posts()
        leaving: dict[tuple[str, str, str], date] = {}
        for row in rows:
            if not {"name", "joined_on"} <= row.values.keys():
                unit_named(row, file.who, checked)
                continue
            new = _new(row, file.who, checked)
            person = file.person(row, checked)
            if person is not None:
                _compare(row, new, person, checked)
            else:
                _check_new(row, new, leaving, checked)
            adds = posts.adds(row, person, checked)
            if person is not None and not adds and row.number not in checked.errors:
                checked.known[row.number] = person.pk
        return checked

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Whoever is new is employed once, then the posts are given in the order of the rows."""
        company, file, checked = own_company(), _File(), Checked()
        known = {row.number: person.pk for row in rows if (person := file.person(row, checked)) is not None}
        first: dict[tuple[str, str, str], Row] = {}
        for row in rows:
            if row.number not in known:
                first.setdefault(_agreeing(row), row)
        with deciding_later():
            new = [_new(row, file.who, checked) for row in first.values()]
            hired = dict(zip(first, employ(company_id=company, people=new), strict=True))
            made = {row.number: known.get(row.number) or hired[_agreeing(row)] for row in rows}
            for row in rows:
                if position := row.values.get("position"):
                    assign_post(
                        person_id=made[row.number], position=position, since=_since(row), until=_until(row)
                    )
            for left_on, left in by_end(rows, "left_on"):
                if gone := {made[row.number] for row in left if row.number not in known}:
                    dismiss(person_ids=sorted(gone), left_on=left_on)
        redecide(company_id=company)
        return made


class _File:
    """The people of the company, by what a row says of them."""

    def __init__(self) -> None:
        self.who = roster()
        self._people: dict[tuple[str, date], list[Person]] = {}
        for person in Person.objects.all():
            self._people.setdefault((spelled(person.name), person.joined_on), []).append(person)

    def person(self, row: Row, checked: Checked) -> Person | None:
        """Of several with one name and first day the phone tells which."""
        joined = date.fromisoformat(row.values["joined_on"])
        found = self._people.get((spelled(row.values["name"]), joined), [])
        phone = row.values.get("phone", "")
        if len(found) > 1:
            same = [person for person in found if phone in (person.phone, masked(person.phone))]
            if len(same) != 1:
                checked.wrong(
                    row, "phone", f"有 {len(found)} 个同日入职的“{row.values['name']}”，请填电话区分。"
                )
            return same[0] if len(same) == 1 else None
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Held:
    person: int | tuple[str, str, str]  # what the rows of somebody new agree in
    name: str
    since: date
    until: date | None

    def meets(self, since: date, until: date | None) -> bool:
        return (self.until is None or since < self.until) and (until is None or self.since < until)


class _Posts:
    """Which posts are held, on file and by the rows before."""

    def __init__(self) -> None:
        self._held: dict[str, list[_Held]] = {}
        for h in Holding.objects.select_related("person"):
            self._note(h.position, _Held(h.person_id, h.person.name, h.since, h.until))

    def adds(self, row: Row, person: Person | None, checked: Checked) -> bool:
        """The row gives a post that its person does not hold yet; what stands against it is told."""
        position = row.values.get("position")
        if position is None:
            if "since" in row.values:
                checked.wrong(row, "position", "填了任职日期，岗位却空着。")
            return False
        since, until = _since(row), _until(row)
        key = person.pk if person is not None else _agreeing(row)
        if since < date.fromisoformat(row.values["joined_on"]):
            checked.wrong(row, "since", "任职日期早于入职日期。")
        if until is not None and until <= since:
            checked.wrong(
                row, "until" if "until" in row.values else "left_on", f"离任日期应晚于任职日期 {since}。"
            )
            return False
        running = [h for h in self._held.get(position, ()) if h.meets(since, until)]
        mine = next((h for h in running if h.person == key), None)
        if mine is not None:
            _compare_post(row, mine, checked)
            return False
        if running and _alone(position):
            held = f"{running[0].name} 自 {running[0].since} 起任此岗位。"
            checked.wrong(row, "position", f"同一时间只能由一人担任：{held}")
        self._note(position, _Held(key, row.values["name"], since, until))
        return True

    def _note(self, position: str, held: _Held) -> None:
        self._held.setdefault(position, []).append(held)


def _alone(position: str) -> bool:
    post = post_named(position)
    return post is not None and post.single_holder


def _compare_post(row: Row, mine: _Held, checked: Checked) -> None:
    """On file, or in a row above; an empty cell says nothing of what is on file."""
    if isinstance(mine.person, tuple):
        checked.wrong(row, "position", f"前面的行已写明 {mine.name} 自 {mine.since} 起任此岗位，期间重叠。")
    elif mine.since != _since(row):
        checked.wrong(row, "since", f"自 {mine.since} 起已任此岗位，表里不同。")
    elif _until(row) not in (None, mine.until):
        checked.wrong(row, "until", f"{mine.name} 已任此岗位，此处与表里不同；办理离任请在人员页面。")


def _check_new(row: Row, new: NewPerson, leaving: dict[tuple[str, str, str], date], checked: Checked) -> None:
    """`leaving`: what the rows above say of when somebody new left."""
    if "*" in new.phone:
        checked.wrong(row, "phone", "电话中间几位是隐去的：请填完整的号码，或清空这一格。")
    elif tidy_phone(new.phone) is None:
        checked.wrong(row, "phone", f"“{new.phone}”不是电话号码。")
    if len(new.name) > 40:
        checked.wrong(row, "name", "姓名不超过 40 字。")
    left = end_of(row, "left_on")
    if left is not None and left < new.joined_on:
        checked.wrong(row, "left_on", f"离职日期早于入职日期 {new.joined_on}。")
    elif left is not None and (before := leaving.setdefault(_agreeing(row), left)) != left:
        checked.wrong(row, "left_on", f"前面的行写明 {before} 离职，与此处不同。")


def _compare(row: Row, new: NewPerson, person: Person, checked: Checked) -> None:
    """A phone that a list masked says the same; an empty cell says nothing."""
    phones = {person.phone, masked(person.phone)}
    other = {
        "phone": bool(new.phone) and not phones & {new.phone, tidy_phone(new.phone)},
        "driver": "driver" in row.values and new.driver != person.driver,
        "unit": new.unit_id is not None and new.unit_id != person.unit_id,
        "left_on": end_of(row, "left_on") not in (None, person.left_on),
    }
    for column, differs in other.items():
        if differs:
            checked.wrong(row, column, f"{person.name} 已在册，此处与表里不同；修改请在人员页面。")


def _new(row: Row, who: Roster, checked: Checked) -> NewPerson:
    joined = date.fromisoformat(row.values["joined_on"])
    return NewPerson(
        name=row.values["name"],
        joined_on=joined,
        phone=row.values.get("phone", ""),
        driver=row.values.get("driver") == "true",
        unit_id=unit_named(row, who, checked),
    )


def unit_named(row: Row, who: Roster, checked: Checked) -> int | None:
    """Any unit of the company that exists today: people and vehicles may be older than it."""
    name = row.values.get("unit")
    if name is None:
        return None
    try:
        return who.unit(name, day=None)
    except Unfound as problem:
        checked.wrong(row, "unit", str(problem))
        return None


def _agreeing(row: Row) -> tuple[str, str, str]:
    return spelled(row.values["name"]), row.values["joined_on"], row.values.get("phone", "")


def _since(row: Row) -> date:
    return date.fromisoformat(row.values.get("since", row.values["joined_on"]))


def _until(row: Row) -> date | None:
    """Whoever has left holds no post any more."""
    return end_of(row, "until") or end_of(row, "left_on")


def end_of(row: Row, column: str) -> date | None:
    """The day from which on something is over; None: the row does not say."""
    return date.fromisoformat(row.values[column]) if column in row.values else None


def by_end(rows: Sequence[Row], column: str) -> list[tuple[date, list[Row]]]:
    """The rows that say an end, by its day."""
    found: dict[date, list[Row]] = {}
    for row in rows:
        if (end := end_of(row, column)) is not None:
            found.setdefault(end, []).append(row)
    return sorted(found.items())
