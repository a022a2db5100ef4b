"""Files of what was seen on the spot, stored like those of records."""

from __future__ import annotations

from collections.abc import Iterable

from anze.records.acting.context import current
from anze.records.assessments.access import STATUS, known_item, locked, note, require_answering, scheme
from anze.records.assessments.models import Photo
from anze.records.evidence.drafts import InvalidAttachment
from anze.records.evidence.files import store, tidy_name

MOST = 20  # of an item


def add_photo(*, assessment_id: int, item: str, name: str, chunks: Iterable[bytes]) -> int:
    """Raises InvalidAttachment, and keeps nothing of the file."""
    row = locked(assessment_id, STATUS.RUNNING)
    person = require_answering(row, known_item(scheme(row), item).id)
    known = Photo.objects.filter(assessment=row, item=item)
    if known.count() >= MOST:
        raise InvalidAttachment(f"一个要点最多附 {MOST} 个文件。")
    file = store(chunks, name)
    clean = tidy_name(name, file.extension)
    if known.filter(sha256=file.sha256).exists():
        raise InvalidAttachment(f"“{clean}”已经附在这个要点上，不必重复上传。")
    photo = Photo.objects.create(
        company_id=row.company_id,
        assessment=row,
        item=item,
        sha256=file.sha256,
        name=clean,
        media_type=file.media_type,
        size=file.size,
        person_id=person,
        at=current().at,
    )
    note("photo", row, [item, file.sha256, clean])
    return photo.pk
