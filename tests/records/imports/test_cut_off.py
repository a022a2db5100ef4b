"""A process that is killed while it commits leaves everything as it stood; the import can be committed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

from django.conf import settings

from anze.records.evidence.models import Record
from anze.records.imports import actions, queries
from anze.records.imports.models import Row
from anze.records.journal import queries as journal
from tests.cast import NOW, Cast
from tests.emptying import as_owner
from tests.records.imports.books import HEAD, STUDY, study, xlsx

COMMIT = """
import sys
from datetime import datetime
import django
django.setup()
from anze.records.acting.context import Actor, acting
from anze.records.imports import actions
key, company, account, person = map(int, sys.argv[1:5])
actor = Actor(account, "李甬", person, company, roles=frozenset({"safety_manager"}))
with acting(actor, reads=(company,), at=datetime.fromisoformat(sys.argv[5])):
    actions.commit(import_id=key)
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
PATIENCE = 120  # seconds
ROWS = 40


def until_waiting(owner: Any, process: subprocess.Popen[bytes]) -> None:
    """For a lock: all is written but the journal, whose head is locked last."""
    give_up = time.monotonic() + PATIENCE
    while owner.execute(WAITING).fetchone() == (0,):
        assert process.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_killed_in_the_middle_it_has_imported_nothing(committed_cast: Cast) -> None:
    cast = committed_cast
    with cast.acts("safety_manager"):
        file = xlsx(HEAD, *(study(n, day=f"2026-{1 + n % 10:02d}-{1 + n % 28:02d}") for n in range(ROWS)))
        key = actions.upload(of=STUDY, name="学习台账.xlsx", file=file, size=len(file.getvalue()))
    arguments = [key, cast.a.id, cast.account("safety_manager").pk, cast.a.safety_manager, NOW.isoformat()]
    environment = {**os.environ, "ANZE_HOME": str(settings.HOME.path)}
    environment["DJANGO_SETTINGS_MODULE"] = "anze.config.settings"
    with as_owner() as owner:
        owner.autocommit = False
        owner.execute("SELECT 1 FROM journal_chain WHERE company_id = %s FOR UPDATE", [cast.a.id])
        process = subprocess.Popen([sys.executable, "-c", COMMIT, *map(str, arguments)], env=environment)
        with as_owner() as watching:
            watching.autocommit = True
            until_waiting(watching, process)
            process.kill()
            assert process.wait(PATIENCE) < 0
        owner.rollback()
    with cast.acts("safety_manager"):
        assert not Record.objects.exists()
        assert queries.an_import(key).status == "open"
        assert Row.objects.filter(standing="good").exclude(typed={}).count() == ROWS
        assert actions.commit(import_id=key).made == ROWS
        assert Record.objects.filter(status="sealed").count() == ROWS
    with cast.acts("safety_manager"):
        assert journal.verify(company_id=cast.a.id) == []
