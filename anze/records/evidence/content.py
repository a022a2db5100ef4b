"""The content of records as one canonical value: what a seal covers, participants and files included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from anze.records.evidence.models import Attachment, Participation, Record, RecordSubject
from anze.records.evidence.values import plain
from anze.records.journal.actions import Row, digest_of, instant
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import FieldSpec
from anze.rules.results import plain as score_text

LABEL = "evidence.record"


def digests(records: Sequence[Record]) -> dict[int, str]:
    """Record id -> SHA-256 of its content as the objects hold it now."""
    return {record_id: digest_of(content) for record_id, content in contents(records).items()}


def contents(records: Sequence[Record]) -> dict[int, dict[str, Any]]:
    """Record id -> what its digest covers. Three queries, however many records."""
    ids = [record.pk for record in records]
    parts: dict[int, list[Any]] = defaultdict(list)
    for row in Participation.objects.filter(record__in=ids).order_by("person_id", "role"):
        own = [row.person_id, row.role, row.attendance, _number(row.hours), *_own_facts(row)]
        parts[row.record_id].append(own)
    subjects: dict[int, list[Any]] = defaultdict(list)
    for subject in RecordSubject.objects.filter(record__in=ids).order_by("subject_type", "subject"):
        subjects[subject.record_id].append([subject.subject_type, subject.subject])
    files: dict[int, list[Any]] = defaultdict(list)
    for file in Attachment.objects.filter(record__in=ids).order_by("sha256"):
        purpose = [file.purpose] if file.purpose else []  # older digests know of none
        files[file.record_id].append([file.sha256, file.name, file.media_type, file.size, *purpose])
    return {
        r.pk: {**_own(r), "parts": parts[r.pk], "subjects": subjects[r.pk], "attachments": files[r.pk]}
        for r in records
    }


def journal_rows(records: Sequence[Record]) -> list[Row]:
    found = digests(records)
    return [(LABEL, record.pk, found[record.pk]) for record in records]


@lru_cache(maxsize=512)
def edition_of(kind_id: str) -> str:
    """Of the kind's declaration: tells under which form a record was filled in."""
    kind = lawbook().kinds[kind_id]
    fields = [_declaration(spec) for spec in kind.fields]
    return digest_of([kind.id, kind.name, fields, [[str(r), n] for r, n in kind.roles.items()]])[:12]


def _declaration(spec: FieldSpec) -> dict[str, Any]:
    """Choices and columns in printed order; no columns are not mentioned."""
    declared = {**asdict(spec), "choices": list(spec.choices.items()), "columns": list(spec.columns.items())}
    return declared if spec.columns else {k: v for k, v in declared.items() if k != "columns"}


def _own_facts(part: Participation) -> list[dict[str, str]]:
    """Result and signature; nothing where there is neither: older digests know of none."""
    found = {"score": score_text(part.score), "result": part.result, "signature": part.signature}
    if part.signed_at is not None:
        found |= {"signed_at": instant(part.signed_at), "by": part.signed_by}
    said = {name: text for name, text in found.items() if text}
    return [said] if said else []


def _own(record: Record) -> dict[str, Any]:
    catches_up = {"catches_up": record.catches_up_id} if record.catches_up_id is not None else {}
    return catches_up | {
        "id": record.pk,
        "company": record.company_id,
        "kind": record.kind,
        "edition": record.edition,
        "number": record.number,
        "title": record.title,
        "happened_at": instant(record.happened_at),
        "ended_at": _instant(record.ended_at),
        "captured_at": instant(record.captured_at),
        "received_at": _instant(record.received_at),
        "hours": _number(record.hours),
        "values": record.values,
        "valid_until": str(record.valid_until) if record.valid_until else None,
        "about": record.about_id,
        "makes_up": str(record.makes_up) if record.makes_up else None,
        "attests": record.attests,
        "revises": record.revises_id,
        "author": record.author,
        "sealed_by": record.sealed_by,
        "salt": record.salt,
    }


def _number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
