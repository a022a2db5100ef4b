"""Every kind of record: its form filled in to the last field, sealed by the holder of a post, taken out as a
workbook, and taken in by another company, where it says the same.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from anze.records.acting.context import Actor
from anze.records.acting.permissions import may
from anze.records.duties.actions import seal_records
from anze.records.duties.deciding import deciding_later
from anze.records.evidence.actions import Draft, PartInput, attach_file, draft_record, draft_records
from anze.records.evidence.models import Record
from anze.records.imports import actions, queries
from anze.records.imports.lists import list_of_records
from anze.records.imports.targets import record_sheet
from anze.records.imports.texts import texts_of
from anze.records.lawbook import lawbook
from anze.records.people.leading import role_of
from anze.rules.catalogue.model import EvidenceKind, FieldSpec
from anze.rules.evidence import PERSON_SUBJECTS
from anze.rules.importing.sheets import ABOUT, ATTESTS, NUMBER, Sheet
from tests.cast import NOW, Cast, Company

EVENT, ANSWER, SCANNED = "accident.notice", "accident.report", "certificate.competence"
IDENTITY = "11010519491231002X"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# What the other company calls what is the same here.
THERE = str.maketrans("甬A", "海B")
KINDS = sorted(lawbook().kinds)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "files"


def typed(spec: FieldSpec) -> str:
    """In each field what belongs there."""
    match spec.type:
        case "choice":
            return list(spec.choices)[-1]
        case "choices":
            return ",".join(list(spec.choices)[:2])
        case "items":
            cells = {"what": "核对台账", "who": "钱甬", "due": "2026-12-31"}
            return "｜".join(cells.get(column, f"{label}另附") for column, label in spec.columns.items())
        case "date":
            return "2026-12-31"
        case "bool":
            return "false"
        case "text":
            return IDENTITY if "身份证号" in spec.name else "按清单要求办理 1 次"
        case "longtext":
            return "第一行：逐项核对\n第二行：=1+1 与“引号”、逗号,都照写"
    return "1.5"


def filled_in(kind: EvidenceKind, sheet: Sheet, company: Company, event: int | None) -> Draft:
    people = cycle([company.safety_manager, company.principal, company.drivers[0], company.clerk])
    roles = [*kind.roles, *(["subject"] if PERSON_SUBJECTS & set(kind.subjects) else [])]
    parts = [PartInput(next(people), str(role)) for role in dict.fromkeys(roles)]
    listed = {"vehicle": company.vehicles[0], "department": company.department}
    columns = {column.id: column for column in sheet.columns}
    return Draft(
        kind=kind.id,
        title=f"{kind.name}：年度样张",
        happened_at=NOW - timedelta(days=3, minutes=7),
        ended_at=NOW - timedelta(days=3),
        values={spec.id: typed(spec) for spec in kind.fields if spec.type != "settlements"},
        parts=parts,
        subjects=[(name, key) for name, key in listed.items() if name in kind.subjects],
        about=event if ABOUT in columns else None,
        attests=next(iter(columns[ATTESTS].choices)) if ATTESTS in columns else None,
    )


def entered(cast: Cast) -> list[int]:
    """By somebody who holds a post and no more, who writes, attaches and seals."""
    with cast.acts("monitor"), deciding_later():
        opening = lawbook().kinds[EVENT]
        event = draft_record(draft=filled_in(opening, record_sheet(opening), cast.a, None))
        seal_records(record_ids=[event])
        kinds = [lawbook().kinds[kind] for kind in KINDS if kind != EVENT]
        ids = draft_records(drafts=[filled_in(k, record_sheet(k), cast.a, event) for k in kinds])
        for kind, record in zip(kinds, ids, strict=True):
            if kind.attachment_required:
                attach_file(record_id=record, name="扫描件.pdf", chunks=[PDF])
        seal_records(record_ids=[r for r, k in zip(ids, kinds, strict=True) if not k.sealed_by])
    with cast.acts("principal"), deciding_later():
        seal_records(record_ids=[r for r, k in zip(ids, kinds, strict=True) if k.sealed_by])
    return [event, *ids]


def exported(kind_id: str) -> io.BytesIO:
    with list_of_records(kind_id, {"status": "sealed"}) as file:
        return io.BytesIO(file.read())


def carried_over(file: io.BytesIO, sheet: Sheet) -> io.BytesIO:
    """As somebody prepares it for another company: its own names, a mark before numbers from elsewhere."""
    book = load_workbook(file)
    page = book.worksheets[0]
    numbered = {sheet.column(key).name for key in (NUMBER, ABOUT) if key in {c.id for c in sheet.columns}}
    for column in page.iter_cols():
        head = column[0].value
        for cell in column[1:]:
            if cell.value is not None and isinstance(cell.value, str):
                cell.value = f"旧{cell.value}" if head in numbered else cell.value.translate(THERE)
    there = io.BytesIO()
    book.save(there)
    there.seek(0)
    return there


def brought_in(of: str, file: io.BytesIO) -> int:
    key = actions.upload(of=of, name="台账.xlsx", file=file, size=len(file.getvalue()))
    wrong = {
        cell.place: cell.error for row in queries.rows(key, standing="wrong").rows for cell in row.errors
    }
    assert wrong == {}, of
    return actions.commit(import_id=key).made


def said(kind: str) -> list[Mapping[str, str]]:
    """What the records of a kind say, their own numbers aside."""
    sheet = record_sheet(lawbook().kinds[kind])
    records = list(Record.objects.filter(kind=kind).order_by("happened_at", "pk"))
    texts = texts_of(sheet, records)
    return [{key: text for key, text in texts[r.pk].items() if key not in (NUMBER, ABOUT)} for r in records]


@pytest.mark.long
def test_every_kind_is_filled_in_sealed_taken_out_and_taken_in_again(cast: Cast) -> None:
    ids = entered(cast)
    with cast.acts("principal"):
        assert Record.objects.filter(pk__in=ids, status="sealed").count() == len(KINDS)
        here = {kind: said(kind) for kind in KINDS}
        # An event is answered by others, so it goes first.
        order = sorted(KINDS, key=lambda kind: kind != EVENT)
        books = {k: carried_over(exported(k), record_sheet(lawbook().kinds[k])) for k in order}
    with cast.acts("other_principal"), deciding_later():
        made = {kind: brought_in(kind, book) for kind, book in books.items()}
        assert made == {kind: len(rows) for kind, rows in here.items()}
        for kind in KINDS:
            there = [{k: text.translate(THERE) for k, text in row.items()} for row in here[kind]]
            assert said(kind) == there, kind
        drafts = Record.objects.filter(status="draft").values_list("kind", flat=True)
        assert set(drafts) == {k.id for k in lawbook().kinds.values() if k.attachment_required}
        event = Record.objects.get(kind=EVENT)
        answering = Record.objects.exclude(about=None)
        assert set(answering.values_list("about", flat=True)) == {event.pk}
        for kind in (EVENT, ANSWER, SCANNED):  # brought once, it is known
            assert brought_in(kind, books[kind]) == 0


def test_every_post_may_write_and_seal_what_its_duties_ask() -> None:
    for position in lawbook().positions_of("coach"):
        actor = Actor(None, "", roles=frozenset({role_of(position.id)}))
        assert may(actor, "draft_record"), position.id
        assert may(actor, "seal_record"), position.id
