"""Who acts, what may be seen and written, and the one instant at which it happens.

No scope: nothing can be read or written. The scope is told to PostgreSQL too, for row-level security.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class NoScope(RuntimeError):  # noqa: N818 -- a state, named as the design names it
    """Tenant data was touched outside `acting()`."""


class OutOfScope(RuntimeError):  # noqa: N818 -- likewise
    """A row of another company was about to be written."""


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is for pages; the journal names the actor by `label`, which holds no personal value."""

    account: int | None  # None: the system
    name: str
    person: int | None = None
    company: int | None = None
    authority: int | None = None
    roles: frozenset[str] = frozenset()
    positions: tuple[str, ...] = ()  # held or stood in for on the day
    only: frozenset[str] | None = None  # the verbs left to whoever came by a one-use link
    covered: tuple[tuple[int, str], ...] = ()  # (holder, position) stood in for on the day

    @property
    def label(self) -> str:
        if self.person is not None:
            return f"person:{self.person}"
        return "system" if self.account is None else f"account:{self.account}"


SYSTEM = Actor(account=None, name="系统", roles=frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class Acting:
    actor: Actor
    reads: tuple[int, ...]  # company ids
    writes: tuple[int, ...]
    at: datetime  # aware, UTC
    reason: str | None = None
    authority: int | None = None  # whose own rows may be read and written
    closing: list[tuple[tuple[str, int], Callable[[], None]]] = field(default_factory=list, compare=False)
    # What was read and will be asked again; every act empties it.
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def close(self) -> None:
        """Run what waits for the transaction's end, in one order for all: the journal's appends."""
        waiting = sorted(self.closing, key=itemgetter(0))
        self.closing.clear()
        for _, act in waiting:
            act()


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
    authority: int | None = None,
) -> Iterator[Acting]:
    """One transaction, scope and instant. `writes` defaults to `reads`, `authority` to the actor's own."""
    if at.tzinfo is None:
        raise ValueError("acting() needs an aware instant")
    scope = Acting(
        actor,
        reads,
        reads if writes is None else writes,
        at.astimezone(UTC),
        reason,
        actor.authority if authority is None else authority,
    )
    outer = _current.get()
    inside_transaction = connection.in_atomic_block
    with transaction.atomic():
        _tell_database(scope)
        with _standing(scope):
            yield scope
        # After a failure the rollback, of the savepoint or of the whole, restores the settings by itself.
        if connection.needs_rollback:
            return
        if outer is not None:
            _tell_database(outer)
        elif inside_transaction:
            _close_database()


@contextmanager
def acted_by(actor: Actor) -> Iterator[Acting]:
    """The rest of the scope is this actor's, who was found out inside it."""
    with _standing(replace(current(), actor=actor)) as scope:
        yield scope


@contextmanager
def _standing(scope: Acting) -> Iterator[Acting]:
    """What was put off to its end is done unless all is rolled back."""
    token = _current.set(scope)
    try:
        yield scope
        if not connection.needs_rollback:
            scope.close()
    finally:
        _current.reset(token)


def _tell_database(scope: Acting) -> None:
    """Id 0 is no company's and no authority's: it tells an empty scope from a forgotten one."""
    _set(
        ",".join(map(str, (0, *scope.reads))),
        ",".join(map(str, (0, *scope.writes))),
        str(scope.authority or 0),
    )


def _close_database() -> None:
    _set("", "", "")


def _set(reads: str, writes: str, authority: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('anze.reads', %s, true), set_config('anze.writes', %s, true), "
            "set_config('anze.authority', %s, true)",
            [reads, writes, authority],
        )
