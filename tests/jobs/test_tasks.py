"""The sweep by company, jobs of killed workers, and a worker that outlives its connection."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from anze.jobs import tasks
from anze.jobs.tasks import SweepError, sweep_due
from anze.jobs.worker import work
from anze.records.acting.context import current
from tests.cast import NOW, Cast


def eventually(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "ANZE_HOME": str(settings.HOME.path)}
    process = subprocess.Popen([sys.executable, "-m", "anze.cli", "work"], env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def status(owner_rows: Any, job: int) -> str | None:
    """By number: at a full minute the periodic tasks queue jobs of their own. None: done and forgotten."""
    owner_rows.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job])
    row = owner_rows.fetchone()
    return None if row is None else str(row[0])


@pytest.mark.django_db
def test_the_sweep_decides_each_company_in_its_own_scope(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, tuple[int, ...], datetime]] = []
    monkeypatch.setattr(
        tasks.deciding, "sweep", lambda company_id: seen.append((company_id, current().writes, current().at))
    )
    assert sweep_due(NOW, [cast.a.id, cast.b.id]) == 2
    assert seen == [(cast.a.id, (cast.a.id,), NOW), (cast.b.id, (cast.b.id,), NOW)]


@pytest.mark.django_db
def test_one_company_that_fails_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def fail_for_the_first(company_id: int) -> None:
        if company_id == cast.a.id:
            raise ValueError("broken")
        done.append(company_id)

    monkeypatch.setattr(tasks.deciding, "sweep", fail_for_the_first)
    with pytest.raises(SweepError, match=str(cast.a.id)):
        sweep_due(NOW, [cast.a.id, cast.b.id])
    assert done == [cast.b.id]


@pytest.mark.django_db
def test_only_companies_with_an_expired_verdict_are_due(cast: Cast) -> None:
    later = datetime(2031, 1, 1, tzinfo=UTC)
    due = tasks.companies_due(later)
    assert set(due) <= {cast.a.id, cast.b.id}
    assert tasks.companies_due(datetime(2001, 1, 1, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_a_swept_company_is_not_due_again(cast: Cast) -> None:
    later = datetime(2027, 6, 1, tzinfo=UTC)
    sweep_due(later)
    assert tasks.companies_due(later) == []
    assert sweep_due(later) == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_is_queued_and_forgets_it(owner_rows: Any) -> None:
    job = app.configure_task("sweep").defer(timestamp=0)
    work(wait=False)
    assert status(owner_rows, job) is None


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_done_again(owner_rows: Any) -> None:
    """What `kill -9` leaves: a job `doing`, and a worker that no longer sends its heartbeat."""
    # A lock of its own: the periodic sweep of a full minute would be the same work, queued again.
    job = app.configure_task("sweep", queueing_lock="ours").defer(timestamp=0)
    owner_rows.execute(
        "INSERT INTO procrastinate_workers (last_heartbeat) "
        "VALUES (now() - interval '5 minutes') RETURNING id"
    )
    (dead,) = owner_rows.fetchone()
    owner_rows.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    retry = app.configure_task("retry_stalled").defer(timestamp=0)
    work(wait=False)
    assert status(owner_rows, retry) is None
    work(wait=False)  # the first may have looked for jobs for the last time before this one was put back
    assert status(owner_rows, job) is None


@pytest.mark.django_db(transaction=True)
def test_a_stalled_job_whose_work_is_queued_again_is_given_up(owner_rows: Any) -> None:
    stalled = app.configure_task("sweep").defer(timestamp=0)
    owner_rows.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    app.configure_task("retry_stalled", priority=10).defer(timestamp=0)
    queued = app.configure_task("sweep", schedule_in={"hours": 1}).defer(timestamp=60)
    work(wait=False)
    assert (status(owner_rows, stalled), status(owner_rows, queued)) == ("failed", "todo")


@pytest.mark.django_db(transaction=True)
def test_old_jobs_are_forgotten(owner_rows: Any) -> None:
    old = app.configure_task("sweep").defer(timestamp=0)
    owner_rows.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    owner_rows.execute("UPDATE procrastinate_events SET at = now() - interval '60 days'")
    app.configure_task("forget_old_jobs").defer(timestamp=0)
    work(wait=False)
    assert status(owner_rows, old) is None


@pytest.mark.django_db(transaction=True)
def test_the_worker_outlives_its_connections_and_a_signal_ends_it(owner_rows: Any) -> None:
    with worker_process() as process:
        assert eventually(lambda: workers(owner_rows) == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
        job = app.configure_task("sweep", queueing_lock="ours").defer(timestamp=0)
        assert eventually(lambda: status(owner_rows, job) is None)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def workers(owner_rows: Any) -> int:
    owner_rows.execute("SELECT count(*) FROM procrastinate_workers")
    return int(owner_rows.fetchone()[0])
