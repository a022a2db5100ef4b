"""Every periodic task notes how it ended, so that the health page knows; no task has to remember it.

A run that is not noted, because the database is away, has failed anyway; the next one notes itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from inspect import iscoroutinefunction
from itertools import pairwise
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate.periodic import PeriodicTask

from anze.records.health import actions


def note_all(tasks: Iterable[PeriodicTask[Any, Any, Any]]) -> None:
    """Wrap the tasks that this process runs, and tell which they are."""
    now, tasks = datetime.now(UTC), list(tasks)
    for task in tasks:
        task.task.func = noted(task.task.name, task.task.func)
    actions.expect_jobs(periods={task.task.name: period_of(task, now) for task in tasks}, at=now)


def period_of(task: PeriodicTask[Any, Any, Any], now: datetime) -> int:
    """The longest wait in the task's rhythm within the coming month, in seconds."""
    rhythm = task.croniter
    runs = [rhythm.get_next(float, start_time=now.timestamp())]
    until = (now + timedelta(days=31)).timestamp()
    while len(runs) < 100 and runs[-1] < until:
        runs.append(rhythm.get_next(float))
    return int(max(later - earlier for earlier, later in pairwise(runs)))


def noted(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
    """Done once for each function, however often a worker starts in this process."""
    if hasattr(act, "noted_as"):
        return act
    note = partial(_note, name)
    note_outside_loop = sync_to_async(note)

    @wraps(act)
    def plain(*arguments: Any, **named: Any) -> Any:
        began = time.monotonic()
        try:
            answer = act(*arguments, **named)
        except Exception as error:
            note(began, error)
            raise
        note(began)
        return answer

    @wraps(act)
    async def awaited(*arguments: Any, **named: Any) -> Any:
        began = time.monotonic()
        try:
            answer = await act(*arguments, **named)
        except Exception as error:
            await note_outside_loop(began, error)
            raise
        await note_outside_loop(began)
        return answer

    wrapped = awaited if iscoroutinefunction(act) else plain
    setattr(wrapped, "noted_as", name)  # noqa: B010 -- a mark on a function
    return wrapped


def _note(name: str, began: float, error: Exception | None = None) -> None:
    """Of an error its kind alone: the text may hold content that a reader of the health page may not see."""
    actions.note_run(
        name=name,
        at=datetime.now(UTC),
        seconds=time.monotonic() - began,
        problem=type(error).__name__ if error else "",
    )
