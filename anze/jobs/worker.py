"""The worker process: takes jobs until it is told to stop, and outlives a restart of PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

from django.db import OperationalError
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import DeleteJobCondition

from anze.jobs.noting import note_all

log = logging.getLogger(__name__)

CONCURRENCY = 2
GRACE_SECONDS = 4.0
RETRY_SECONDS = 2.0


def work(*, wait: bool = True) -> int:
    """Returns when told to stop by a signal, or, without `wait`, when nothing is left to do."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    _tell_what_runs()
    asyncio.run(_work(wait))
    return 0


def _tell_what_runs() -> None:
    """For the health page. Without a database the worker starts all the same, and waits for it."""
    try:
        note_all(app.periodic_registry.periodic_tasks.values())
    except OperationalError as error:
        log.warning("database unreachable, jobs not announced: %s", error)


async def _work(wait: bool) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    while not told.is_set():
        await _until(told, _take_jobs(wait))
        if not wait:
            return
        await _until(told, asyncio.sleep(0 if told.is_set() else RETRY_SECONDS))


async def _until(told: asyncio.Event, act: Any) -> None:
    """Do it, but stop when told."""
    doing, telling = asyncio.ensure_future(act), asyncio.ensure_future(told.wait())
    await asyncio.wait({doing, telling}, return_when=asyncio.FIRST_COMPLETED)
    for task in (doing, telling):
        task.cancel()
    await asyncio.gather(doing, telling, return_exceptions=True)


async def _take_jobs(wait: bool) -> None:
    """One connection's life. The worker ends by itself when the connection that listens is lost."""
    assert isinstance(app.connector, DjangoConnector)
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            async with working.open_async():
                await working.run_worker_async(
                    wait=wait,
                    concurrency=CONCURRENCY,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    install_signal_handlers=False,
                )
    except (exceptions.ConnectorException, OSError) as error:
        log.warning("database unreachable, trying again: %s", error)
