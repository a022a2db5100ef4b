"""Records of sessions from a roll: a row for each person, sealed as one record for each session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.imports.checking import Checked
from anze.records.imports.records import RecordTarget
from anze.records.imports.roster import Unfound, roster
from anze.rules.importing.reading import Row
from anze.rules.importing.rolls import ATTENDED, PERSON, Session, named_in, sessions_of
from anze.rules.importing.sheets import Sheet


@dataclass(frozen=True, slots=True)
class RollTarget:
    sheet: Sheet
    records: RecordTarget

    def permit(self) -> None:
        self.records.permit()

    def check(self, rows: Sequence[Row]) -> Checked:
        """What is wrong with a session stands at its first row, what is wrong with a person at theirs."""
        checked, sessions = Checked(), self._sessions(rows)
        self._check_people(sessions, checked)
        broken = {
            r.number for s in sessions if any(w.number in checked.errors for w in s.rows) for r in s.rows
        }
        sound = self._sessions([row for row in rows if row.number not in checked.errors])
        found = self.records.check([session.whole for session in sound])
        for session in sound:
            for column, sentence in found.errors.get(session.whole.number, {}).items():
                place = PERSON if column == ATTENDED else self.sheet.place(column)
                checked.wrong(session.rows[0], place, sentence)
            record = found.known.get(session.whole.number)
            if record is not None and session.whole.number not in broken:
                checked.known |= dict.fromkeys((row.number for row in session.rows), record)
        return checked

    def _sessions(self, rows: Sequence[Row]) -> list[Session]:
        return sessions_of(self.records.sheet, self.sheet, rows)

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        sessions = self._sessions(rows)
        made = self.records.store([session.whole for session in sessions])
        return {row.number: made[session.whole.number] for session in sessions for row in session.rows}

    def _check_people(self, sessions: Sequence[Session], checked: Checked) -> None:
        who = roster()
        for session in sessions:
            day = session.whole.values.get("happened_at", "")[:10]
            seen: dict[int, int] = {}
            for row in session.rows:
                if PERSON not in row.values:
                    continue
                named = named_in(row)
                if named is None:
                    checked.wrong(row, PERSON, "一行只写一个人。")
                    continue
                try:
                    person = who.person(named, date.fromisoformat(day) if day else None)
                except Unfound as problem:
                    checked.wrong(row, PERSON, str(problem))
                    continue
                if (before := seen.setdefault(person, row.number)) != row.number:
                    checked.wrong(row, PERSON, f"同一场里与第 {before} 行是同一人。")
