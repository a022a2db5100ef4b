"""A pack of two thousand records with a gigabyte of files, streamed by a process of its own.

As a program: `python -m anze.cli.bench.packing COMPANY PERSON INSTANT SINCE`; it answers one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

from anze.cli.bench.city import SAFETY_MANAGER, grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.scales import Connection, Size
from anze.cli.bench.worker import peak_memory

KIND, NAMED = "other.record", "QT-L-%"
MEGABYTES = 300
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

_ATTACHED = """
INSERT INTO evidence_attachment (company_id, record_id, sha256, name, media_type, size, received_at)
VALUES (%s, %s, %s, '现场照片.jpg', 'image/jpeg', %s, now())
"""


def run(connection: Connection, size: Size, now: datetime, *, each: int) -> Outcome:
    """A file of `each` bytes for every loose record of one company."""
    from anze.cli.bench.sealing import holder

    (company,) = grow(connection, size, now.date())
    files = _attach(connection, company, each)
    words = [str(company), str(holder(connection, company, SAFETY_MANAGER)), now.isoformat()]
    since = str(now.date() - timedelta(days=31 * (size.months + 1)))
    command = [sys.executable, "-m", "anze.cli.bench.packing", *words, since]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1])
    return Outcome(
        "packs",
        "A pack for an inspection",
        f"{told['records']:,} records, {files:,} files, {told['bytes'] / 2**20:,.0f} MB sent.",
        (
            Figure("until the first byte", told["first"] * 1000, "ms"),
            Figure("until the last", told["seconds"], "s"),
            Figure("memory of the process, at its peak", told["peak"] / 2**20, "MB", MEGABYTES),
        ),
    )


def _attach(connection: Connection, company: int, each: int) -> int:
    from anze.records.evidence.files import store

    ids = connection.execute(
        "SELECT id FROM evidence_record WHERE company_id = %s AND number LIKE %s", [company, NAMED]
    ).fetchall()
    filling = bytes(each)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for (record_id,) in ids:
            kept = store([JPEG, str(record_id).encode(), filling], "现场照片.jpg")
            connection.execute(_ATTACHED, [company, record_id, kept.sha256, kept.size])
    return len(ids)


def stream(company_id: int, person: int, at: datetime, since: date) -> dict[str, Any]:
    """Takes the pack as its safety manager and reads it to the end."""
    from anze.records.acting.context import Actor, acting
    from anze.records.packs.actions import take_pack
    from anze.records.packs.choice import Choice
    from anze.records.tenants import queries as tenants
    from anze.web.packs.archive import archive

    actor = Actor(None, "安全员", person, company_id, roles=frozenset({"safety_manager"}))
    started = time.perf_counter()
    with acting(actor, reads=(company_id,), at=at) as scope:
        choice = Choice(since, at.date() + timedelta(days=1), kinds=(KIND,))
        taken = take_pack(choice=choice, company=tenants.company(company_id))
    sent, first = 0, 0.0
    for chunk in archive(taken, scope):
        first = first or time.perf_counter() - started
        sent += len(chunk)
    return {
        "records": len(taken.outline.records),
        "bytes": sent,
        "first": first,
        "seconds": time.perf_counter() - started,
        "peak": peak_memory(),
    }


def main(words: list[str]) -> int:
    from anze.cli.installation import set_up_django

    set_up_django()
    company, person, at, since = words
    told = stream(int(company), int(person), datetime.fromisoformat(at), date.fromisoformat(since))
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
