"""The worker process: takes jobs until it is told to stop, and outlives a restart of PostgreSQL."""

from __future__ import annotations

import logging
import time

from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import DeleteJobCondition

log = logging.getLogger(__name__)

CONCURRENCY = 2
GRACE_SECONDS = 4.0
RETRY_SECONDS = 2.0


def work(*, wait: bool = True) -> int:
    """Returns when told to stop by a signal (or, without `wait`, when nothing is left to do)."""
    assert isinstance(app.connector, DjangoConnector)
    while True:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as working:
                working.run_worker(
                    wait=wait,
                    concurrency=CONCURRENCY,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                )
        except (exceptions.ConnectorException, OSError) as error:
            log.warning("database unreachable, trying again: %s", error)
            time.sleep(RETRY_SECONDS)
        else:
            return 0
