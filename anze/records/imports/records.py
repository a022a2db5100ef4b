"""Records of one kind from a sheet: drafts checked as a form checks them, sealed by whoever commits.

Rule 1: a row with the number of a record on file, or with exactly its content, makes nothing a second time.
The number may be the one that the record had before it was imported.
Rule 2: what is sealed is never changed by a sheet; a row that says otherwise is an error.
Rule 3: where a kind needs a scan, or another post's hand, its records stay drafts until they have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.permissions import require
from anze.records.duties.actions import seal_records
from anze.records.duties.deciding import deciding_later, own_company, redecide
from anze.records.duties.footing import proving_with
from anze.records.evidence.access import may_seal_kind, visible
from anze.records.evidence.actions import checked_drafts, draft_records
from anze.records.evidence.models import Record
from anze.records.imports.checking import Checked
from anze.records.imports.drafting import drafts_of, instant_of
from anze.records.imports.numbers import events_called, given_elsewhere, numbered
from anze.records.imports.texts import texts_of
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import EvidenceKind
from anze.rules.importing.reading import Row, read_row
from anze.rules.importing.sheets import ABOUT, NUMBER, Sheet


@dataclass(frozen=True, slots=True)
class RecordTarget:
    sheet: Sheet

    def permit(self) -> None:
        require("draft_record")
        require("seal_record")

    def check(self, rows: Sequence[Row]) -> Checked:
        checked = Checked()
        self._note_known(rows, checked)
        drafts = drafts_of(self.sheet, [row for row in rows if row.number not in checked.known], checked)
        whole = [(r, d) for r, d in drafts if r.number not in checked.errors and "happened_at" in r.values]
        _, errors = checked_drafts([draft for _, draft in whole])
        for index, wrong in errors.items():
            for key, sentence in wrong.items():
                column = self.sheet.column(self.sheet.place(key))
                checked.wrong(whole[index][0], column.id, sentence.removeprefix(f"{column.name}："))
        return checked

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        drafts = drafts_of(self.sheet, rows, Checked())
        with deciding_later():
            ids = draft_records(drafts=[draft for _, draft in drafts])
            if not comes_as_draft(lawbook().kinds[self.sheet.of]):
                seal_records(record_ids=ids)
        company = own_company()
        redecide(company_id=company, requirements=proving_with(company, [self.sheet.of]))
        return {row.number: key for (row, _), key in zip(drafts, ids, strict=True)}

    def _note_known(self, rows: Sequence[Row], checked: Checked) -> None:
        numbers = [row.values[NUMBER] for row in rows if NUMBER in row.values]
        by_number = numbered(numbers, visible())
        given = self._given(number for number in numbers if number not in by_number)
        alike = self._alike(rows)
        candidates = [*by_number.values(), *given.values(), *(r for found in alike.values() for r in found)]
        texts = texts_of(self.sheet, candidates)
        kept = {key: read_row(self.sheet, 0, said).values for key, said in texts.items()}
        own = self._own_numbers(rows)
        for row in rows:
            said = dict(row.values) | (
                {ABOUT: own[row.values[ABOUT]]} if row.values.get(ABOUT) in own else {}
            )
            number = said.pop(NUMBER, "")
            record = by_number.get(number) or given.get(number)
            if record is not None:
                self._compare(row, said, record, kept[record.pk], checked)
            elif "happened_at" in said:
                then = alike.get(instant_of(said["happened_at"]), ())
                if same := [r.pk for r in then if said == _content(kept[r.pk])]:
                    checked.known[row.number] = same[0]

    def _given(self, numbers: Iterable[str]) -> dict[str, Record]:
        """Records of the kind by the numbers under which they were imported."""
        found = given_elsewhere(numbers)
        mine = {number: [r for r in records if r.kind == self.sheet.of] for number, records in found.items()}
        return {number: records[-1] for number, records in mine.items() if records}

    def _own_numbers(self, rows: Sequence[Row]) -> dict[str, str]:
        """What a row calls the event that it answers -> the event's number here."""
        called = events_called(row.values[ABOUT] for row in rows if ABOUT in row.values)
        return {number: events[0].number or "" for number, events in called.items() if len(events) == 1}

    def _compare(
        self, row: Row, said: Mapping[str, str], record: Record, kept: Mapping[str, str], checked: Checked
    ) -> None:
        content = _content(kept)
        if said == content:
            checked.known[row.number] = record.pk
            return
        if record.kind != self.sheet.of:
            checked.wrong(row, NUMBER, f"{record.number} 不是“{self.sheet.name}”的编号；新记录请留空。")
            return
        other = [c.name for c in self.sheet.columns if said.get(c.id) != content.get(c.id)]
        checked.wrong(
            row,
            NUMBER,
            f"{row.values[NUMBER]} 已在册，“{'”“'.join(other[:6])}”与表里不同。封存的记录不由导入改动："
            "要更正请在记录页修订；要另记一条请清空编号，或在原来的编号前加一个字（如“旧”）。",
        )

    def _alike(self, rows: Sequence[Row]) -> dict[datetime, list[Record]]:
        """Records of the kind, drafts too, that happened at the instants of the rows."""
        timed = [row.values for row in rows if "happened_at" in row.values]
        instants = {instant_of(values["happened_at"]) for values in timed}
        found: dict[datetime, list[Record]] = {}
        if instants:
            standing = [Record.Status.SEALED, Record.Status.DRAFT]
            rows_then = visible().filter(kind=self.sheet.of, status__in=standing)
            for record in rows_then.filter(happened_at__in=instants):
                found.setdefault(record.happened_at, []).append(record)
        return found


def comes_as_draft(kind: EvidenceKind) -> bool:
    return kind.attachment_required or not may_seal_kind(kind)


def _content(kept: Mapping[str, str]) -> dict[str, str]:
    """All but the number."""
    return {key: text for key, text in kept.items() if key != NUMBER}
