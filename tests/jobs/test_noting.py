"""Every periodic task is announced by its worker and notes how it ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app

from anze.jobs import noting, worker
from anze.jobs.noting import noted, period_of
from anze.jobs.worker import work
from anze.records.health.models import Job
from anze.web.health.words import JOBS


@pytest.mark.django_db(transaction=True)
def test_a_worker_announces_its_tasks_and_notes_their_runs() -> None:
    app.configure_task("sweep").defer(timestamp=0)
    app.configure_task("forget_old_jobs").defer(timestamp=0)
    work(wait=False)
    known = {job.name: job for job in Job.objects.all()}
    assert {"sweep", "retry_stalled", "forget_old_jobs", "verify_journals"} <= set(known)
    assert known["sweep"].period_seconds == 60
    assert known["forget_old_jobs"].period_seconds == 86400
    assert known["sweep"].succeeded_at is not None
    assert known["forget_old_jobs"].succeeded_at is not None


def test_every_periodic_task_has_a_chinese_name() -> None:
    app.perform_import_paths()
    tasks = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert tasks <= set(JOBS)


def test_the_period_is_the_longest_wait() -> None:
    app.perform_import_paths()
    tasks = {task.task.name: task for task in app.periodic_registry.periodic_tasks.values()}
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert period_of(tasks["verify_journals"], now) == 3600


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_failure_is_noted_by_its_kind_and_raised(
    monkeypatch: pytest.MonkeyPatch, asynchronous: bool
) -> None:
    notes: list[Any] = []
    monkeypatch.setattr(noting.actions, "note_run", lambda **note: notes.append(note["problem"]))

    def fail(wrong: bool) -> int:
        if wrong:
            raise ValueError("张三 13800000000")
        return 7

    async def fail_later(wrong: bool) -> int:
        return fail(wrong)

    act = noted("x", fail_later if asynchronous else fail)
    assert noted("x", act) is act
    run = (lambda wrong: asyncio.run(act(wrong))) if asynchronous else act
    assert run(False) == 7
    with pytest.raises(ValueError, match="张三"):
        run(True)
    assert notes == ["", "ValueError"]


def test_a_worker_starts_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(worker, "note_all", away)
    worker._tell_what_runs()
