"""Who acts, what may be seen and written, and the one instant at which it happens.

No scope: nothing can be read or written. The scope is told to PostgreSQL too, for row-level security.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from django.db import connection, transaction

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class NoScope(RuntimeError):
    """Tenant data was touched outside `acting()`."""


class OutOfScope(RuntimeError):
    """A row of another company was about to be written."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Names stand as text too, so that the journal reads without a join."""

    account: int | None  # None: the system
    name: str
    person: int | None = None
    company: int | None = None
    authority: int | None = None
    roles: frozenset[str] = frozenset()


SYSTEM = Actor(account=None, name="系统", roles=frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class Acting:
    actor: Actor
    reads: tuple[int, ...]  # company ids
    writes: tuple[int, ...]
    at: datetime  # aware, UTC
    reason: str | None = None

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()


_current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting:
    """Raises NoScope outside `acting()`."""
    acting_now = _current.get()
    if acting_now is None:
        raise NoScope("没有操作范围：请在 acting() 内访问企业数据。")
    return acting_now


@contextmanager
def acting(
    actor: Actor,
    *,
    reads: tuple[int, ...],
    at: datetime,
    writes: tuple[int, ...] | None = None,
    reason: str | None = None,
) -> Iterator[Acting]:
    """One transaction in one scope at one instant. `writes` defaults to `reads`."""
    if at.tzinfo is None:
        raise ValueError("acting() needs an aware instant")
    scope = Acting(actor, reads, reads if writes is None else writes, at.astimezone(UTC), reason)
    with transaction.atomic():
        outer = _current.get()
        _tell_database(scope)
        token = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(token)
            if outer is not None and not connection.needs_rollback:
                _tell_database(outer)


def _tell_database(scope: Acting) -> None:
    """Id 0 is no company's: it tells an empty scope from a forgotten one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('anze.reads', %s, true), set_config('anze.writes', %s, true)",
            [",".join(map(str, (0, *scope.reads))), ",".join(map(str, (0, *scope.writes)))],
        )
