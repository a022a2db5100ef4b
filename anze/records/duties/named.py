"""Records that a duty names, as what opened it or as its proof: whoever may see the duty may read them.

Who answers a hazard must be able to read of it, and who took over a post what the predecessor did.
"""

from __future__ import annotations

from pathlib import Path

from django.db.models import Q

from anze.records.acting.errors import NotFound
from anze.records.duties.queries import visible
from anze.records.evidence import queries as evidence
from anze.records.evidence.access import LARGEST_ID
from anze.records.evidence.queries import AttachmentRow, RecordDetail


def record(record_id: int) -> RecordDetail:
    """Raises NotFound for a record out of scope, or one that is neither the actor's nor named to them."""
    try:
        return evidence.record(record_id)
    except NotFound:
        if not _named(record_id):
            raise
        return evidence.record(record_id, named=True)


def open_attachment(record_id: int, attachment_id: int) -> tuple[AttachmentRow, Path]:
    """Of a record that may be read. Raises NotFound."""
    record(record_id)
    row, path = evidence.open_attachment(attachment_id, named=True)
    if row.record_id != record_id:
        raise NotFound("没有这个附件。")
    return row, path


def _named(record_id: int) -> bool:
    if not 0 < record_id <= LARGEST_ID:
        return False
    rows = visible(None)
    return rows.filter(Q(event=record_id) | Q(facts__contains=[record_id])).exists()
