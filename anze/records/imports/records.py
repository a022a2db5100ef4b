"""Records of one kind from a sheet: drafts checked as a form checks them, sealed by whoever commits.

Rule 1: a row with the number of a record on file, or with exactly its content, makes nothing a second time.
Rule 2: what is sealed is never changed by a sheet; a row that says otherwise is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.permissions import require
from anze.records.duties.actions import seal_records
from anze.records.duties.deciding import deciding_later, own_company, redecide
from anze.records.duties.footing import proving_with
from anze.records.evidence.access import visible
from anze.records.evidence.actions import checked_drafts, draft_records
from anze.records.evidence.models import Record
from anze.records.imports.checking import Checked
from anze.records.imports.drafting import drafts_of, instant_of
from anze.records.imports.roster import numbered
from anze.records.imports.texts import texts_of
from anze.rules.importing.reading import Row, read_row
from anze.rules.importing.sheets import NUMBER, Sheet


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
            seal_records(record_ids=ids)
        company = own_company()
        redecide(company_id=company, requirements=proving_with(company, [self.sheet.of]))
        return {row.number: key for (row, _), key in zip(drafts, ids, strict=True)}

    def _note_known(self, rows: Sequence[Row], checked: Checked) -> None:
        by_number = numbered((r.values[NUMBER] for r in rows if NUMBER in r.values), visible())
        alike = self._alike(rows)
        texts = texts_of(self.sheet, [*by_number.values(), *(r for found in alike.values() for r in found)])
        kept = {key: read_row(self.sheet, 0, said).values for key, said in texts.items()}
        for row in rows:
            record = by_number.get(row.values.get(NUMBER, ""))
            if record is not None:
                self._compare(row, record, kept[record.pk], checked)
            elif NUMBER not in row.values and "happened_at" in row.values:
                candidates = alike.get(instant_of(row.values["happened_at"]), ())
                if same := [r.pk for r in candidates if _same(row, kept[r.pk])]:
                    checked.known[row.number] = same[0]

    def _compare(self, row: Row, record: Record, kept: Mapping[str, str], checked: Checked) -> None:
        if dict(row.values) == dict(kept):
            checked.known[row.number] = record.pk
            return
        if record.kind != self.sheet.of:
            checked.wrong(row, NUMBER, f"{record.number} 不是“{self.sheet.name}”的编号；新记录请留空。")
            return
        other = [c.name for c in self.sheet.columns if row.values.get(c.id) != kept.get(c.id)]
        checked.wrong(
            row,
            NUMBER,
            f"{record.number} 已在册，“{'”“'.join(other[:6])}”与表里不同。封存的记录不由导入改动："
            "要更正请在记录页修订，要另记一条请清空编号。",
        )

    def _alike(self, rows: Sequence[Row]) -> dict[datetime, list[Record]]:
        """Records of the kind, drafts too, that happened at the instants of the rows."""
        timed = [row.values for row in rows if NUMBER not in row.values and "happened_at" in row.values]
        instants = {instant_of(values["happened_at"]) for values in timed}
        found: dict[datetime, list[Record]] = {}
        if instants:
            standing = [Record.Status.SEALED, Record.Status.DRAFT]
            rows_then = visible().filter(kind=self.sheet.of, status__in=standing)
            for record in rows_then.filter(happened_at__in=instants):
                found.setdefault(record.happened_at, []).append(record)
        return found


def _same(row: Row, kept: Mapping[str, str]) -> bool:
    return dict(row.values) == {key: text for key, text in kept.items() if key != NUMBER}
