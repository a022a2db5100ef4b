"""The files that a snapshot of the database names: attachments, photos of assessments, days of positions."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anze.telemetry.files import NAME as POSITIONS_NAME

ATTACHMENT = re.compile(r"attachments/([0-9a-f]{2})/(\1[0-9a-f]{62})")
POSITIONS = re.compile(f"positions/({POSITIONS_NAME.pattern})")
# Tables whose rows name a file among the attachments; an older database may lack one.
NAMING = {
    "evidence_attachment": "SELECT sha256 FROM evidence_attachment",
    "evidence_stamped_copy": "SELECT sha256 FROM evidence_stamped_copy",
    "assessments_photo": "SELECT sha256 FROM assessments_photo",
}
PRESENT = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
NO_POSITIONS = "SELECT to_regclass('telemetry.manifest') IS NULL"
# Before the snapshot: while it is held, no day of positions moves and no file goes.
HOLD = "LOCK TABLE telemetry.position, telemetry.manifest IN ACCESS SHARE MODE"

Named = dict[str, str]  # name in the archive -> SHA-256


def is_ours(name: str) -> bool:
    return ATTACHMENT.fullmatch(name) is not None or POSITIONS.fullmatch(name) is not None


def place_of(name: str) -> Path:
    """Where a file of the archive lives in this installation."""
    from django.conf import settings

    kind, _, rest = name.partition("/")
    return Path({"attachments": settings.ATTACHMENTS_DIR, "positions": settings.POSITIONS_DIR}[kind]) / rest


def named_files(cursor: Any) -> Named:
    """Asked inside the snapshot."""
    cursor.execute(PRESENT, [list(NAMING)])
    present = [NAMING[table] for (table,) in cursor.fetchall()]
    cursor.execute(" UNION ".join([*present, "SELECT NULL WHERE false ORDER BY 1"]))
    found = {f"attachments/{sha256[:2]}/{sha256}": sha256 for (sha256,) in cursor.fetchall()}
    cursor.execute(NO_POSITIONS)
    if cursor.fetchone() == (False,):
        cursor.execute("SELECT name, sha256 FROM telemetry.manifest WHERE expired_at IS NULL ORDER BY 1")
        found.update({f"positions/{name}": sha256 for name, sha256 in cursor.fetchall()})
    return found


def held(named: Named, work: Path) -> Iterator[tuple[str, Path]]:
    """Each file where it stays until the archive is written: days of positions may expire meanwhile."""
    for name in named:
        place = place_of(name)
        if POSITIONS.fullmatch(name) and place.is_file():
            kept = work / place.name
            try:
                os.link(place, kept)
            except OSError:  # another file system
                shutil.copyfile(place, kept)
            yield name, kept
        else:
            yield name, place
