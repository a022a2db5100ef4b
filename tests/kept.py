"""What many tests begin with is built once; its rows are written again for each, by one statement.

The rows wait in a schema that only tests have; a function of the owner writes them, past the policies that
the building itself went through.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any, Generic, TypeVar

from django.db import connection

from tests.emptying import KEPT_TABLES, as_owner, empty

T = TypeVar("T")

FILLED = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind = 'r' AND NOT c.relname = ANY(%s)"""
SEQUENCES = """SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
    WHERE s.relkind = 'S' AND d.refobjid = %s::regclass"""
REFERENCES = """SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid"""


class Kept(Generic[T]):
    """`again()`: the rows are there, as committed as the test is, and a fresh copy of what was made."""

    def __init__(self, name: str, made: T) -> None:
        self._name, self._made = name, made

    def again(self) -> T:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT kept.{self._name}()")
        return copy.deepcopy(self._made)


def keep(name: str, build: Callable[[], T]) -> Kept[T]:
    """Builds into an empty database, committed; keeps the rows, and leaves it empty again."""
    made = build()
    with as_owner() as owner:
        owner.execute("CREATE SCHEMA IF NOT EXISTS kept")
        owner.execute("GRANT USAGE ON SCHEMA kept TO anze_app")
        writes = [line for table in _in_order(owner) for line in _keep(owner, name, table)]
        owner.execute(
            f"CREATE FUNCTION kept.{name}() RETURNS void LANGUAGE sql SECURITY DEFINER "
            f"AS $${'; '.join(writes)}$$"
        )
    empty()
    return Kept(name, made)


def _keep(owner: Any, name: str, table: str) -> list[str]:
    """What writes the rows again. Where a test has set the sequence back, it goes on after them."""
    owner.execute(f'CREATE TABLE kept."{name}_{table}" AS TABLE public."{table}"')
    writes = [f'INSERT INTO public."{table}" TABLE kept."{name}_{table}"']
    for (sequence,) in owner.execute(SEQUENCES, [f"public.{table}"]):
        (last,) = owner.execute(f"SELECT last_value FROM {sequence}").fetchone()
        writes.append(f"SELECT setval('{sequence}', greatest(last_value, {last})) FROM {sequence}")
    return writes


def _in_order(owner: Any) -> list[str]:
    """Tables with rows, each after those it refers to."""
    found = {name for (name,) in owner.execute(FILLED, [list(KEPT_TABLES)])}
    filled = {name for name in found if owner.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()}
    before: dict[str, set[str]] = {name: set() for name in filled}
    for table, other in owner.execute(REFERENCES):
        if {table, other} <= filled:
            before[table].add(other)
    return list(TopologicalSorter(before).static_order())
