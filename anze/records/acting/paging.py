"""A page of rows: 50 by default, never more than 200."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    rows: Sequence[T]
    page: int
    pages: int
    total: int


def paged(
    rows: QuerySet[M], page: int, to_rows: Callable[[Sequence[M]], Sequence[T]], size: int = PAGE_SIZE
) -> Page[T]:
    """The asked page; a number beyond either end gives the nearest page there is."""
    shown = slice_of(rows.count(), page, size)
    return Page(to_rows(list(rows[shown.first : shown.stop])), shown.page, shown.pages, shown.total)


def paged_keys(
    keys: Sequence[int], rows: QuerySet[M], page: int, to_rows: Callable[[Sequence[M]], Sequence[T]]
) -> Page[T]:
    """The same of rows that were chosen and ordered by their keys: only those of the page are read."""
    shown = slice_of(len(keys), page, PAGE_SIZE)
    wanted = keys[shown.first : shown.stop]
    found = {row.pk: row for row in rows.filter(pk__in=wanted)}
    return Page(to_rows([found[key] for key in wanted]), shown.page, shown.pages, shown.total)


class Slice(NamedTuple):
    first: int
    stop: int
    page: int
    pages: int
    total: int


def slice_of(total: int, page: int, size: int) -> Slice:
    size = max(1, min(size, LARGEST_PAGE))
    pages = max(1, -(-total // size))
    page = max(1, min(page, pages))
    return Slice((page - 1) * size, page * size, page, pages, total)
