"""A roll (签到表): one row for each person who attended, or should have; rows of one session make one record.

Rule 1: rows belong together that say the same of the session. What a row leaves empty of it as a whole it
takes from the row above, as a list on paper does.
Rule 2: who came, for how long and with which result stands in the person's row. A score, 合格 and 不合格 are
the person's own; other words are kept in the session's field for results, a line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.importing.names import SAID, Named, named_people
from anze.rules.importing.reading import Row
from anze.rules.importing.sheets import ABOUT, ATTESTS, MAKES_UP, NUMBER, PARTS, VALUES, Column, Sheet
from anze.rules.results import Result, result_in

ROLL = "roll:"  # before the id of the kind
PERSON, ATTENDANCE, OWN_HOURS, RESULT = "person", "person.attendance", "person.hours", "person.result"
ATTENDED = PARTS + Role.PARTICIPANT.value
RESULTS = (VALUES + "exam", VALUES + "scores")
_UNNAMED = frozenset({NUMBER, ABOUT, ATTESTS, MAKES_UP, ATTENDED})


@dataclass(frozen=True, slots=True)
class Session:
    """`whole`: the rows as the one row of a record, under the number of the first."""

    rows: tuple[Row, ...]
    whole: Row


def takes_roll(kind: EvidenceKind) -> bool:
    return kind.attendance and Role.PARTICIPANT in kind.roles and not kind.attachment_required


def roll_sheet(kind: EvidenceKind, record: Sheet) -> Sheet:
    """`record`: the sheet of the kind's records. What a paper list has at its head comes first."""
    session = [column for column in record.columns if column.id not in _UNNAMED]
    personal = [
        Column(PERSON, "姓名", "people", required=True, hint="一行一人；重名时加手机后四位，如 张伟5678"),
        Column(ATTENDANCE, "到场情况", "choice", choices=SAID, hint="空着为到场"),
        Column(OWN_HOURS, "本人时长（小时）", "decimal", hint="与全场不同时填写"),
    ]
    if _results(record) is not None:
        personal.append(Column(RESULT, "成绩", "text", hint="如 92、合格 或 92（合格）"))
    columns = (*session[:2], *personal, *session[2:])
    repeated = frozenset(column.id for column in session)
    return Sheet(ROLL + kind.id, f"{kind.name}签到表", columns, repeated)


def sessions_of(record: Sheet, roll: Sheet, rows: Sequence[Row]) -> list[Session]:
    """In the order of their first rows. A person whose cell cannot be read is left out of the whole."""
    grouped: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for row in rows:
        said = tuple(sorted((key, text) for key, text in row.values.items() if key in roll.repeated))
        grouped.setdefault(said, []).append(row)
    return [Session(tuple(found), _whole(record, roll, found)) for found in grouped.values()]


def named_in(row: Row) -> Named | None:
    """Whom the row is about; None: nobody that could be read, or several."""
    people = named_people(row.values.get(PERSON, ""))
    if len(people) != 1:
        return None
    said = row.values.get(ATTENDANCE)
    hours = row.values.get(OWN_HOURS, people[0].hours)
    result = result_in(row.values.get(RESULT, "")) or Result(people[0].score, people[0].outcome)
    return replace(
        people[0],
        attendance=said or people[0].attendance,
        hours=hours,
        score=result.score,
        outcome=result.outcome,
    )


def result_of(text: str, name: str) -> str:
    """What the lines of a session's results say of one person; a text of another sort is everybody's."""
    lines = [line.partition("：") for line in text.splitlines()]
    if not any(mark for _, mark, _ in lines):
        return text
    return "；".join(said for who, _, said in lines if who.rstrip("0123456789") == name)


def _whole(record: Sheet, roll: Sheet, rows: Sequence[Row]) -> Row:
    first = rows[0]
    values = {key: text for key, text in first.values.items() if key in roll.repeated}
    people = [(row, named) for row in rows if (named := named_in(row)) is not None]
    if people:
        values[ATTENDED] = "、".join(sorted(str(named) for _, named in people))
    if (column := _results(record)) is not None and (lines := list(_lines(people))):
        values[column] = "\n".join([*filter(None, [values.get(column)]), *lines])
    return Row(first.number, first.typed, values, {})


def _lines(people: Iterable[tuple[Row, Named]]) -> Iterable[str]:
    for row, named in people:
        if (result := row.values.get(RESULT)) and result_in(result) is None:
            yield f"{named.name}{named.tail}：{result}"


def _results(record: Sheet) -> str | None:
    """The column for results, where its text is long enough for them."""
    known = {column.id for column in record.columns if column.type == "longtext"}
    return next((name for name in RESULTS if name in known), None)
