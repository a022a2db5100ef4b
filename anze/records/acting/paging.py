"""A page of rows: 50 by default, never more than 200."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    size = max(1, min(size, LARGEST_PAGE))
    total = rows.count()
    pages = max(1, -(-total // size))
    page = max(1, min(page, pages))
    return Page(to_rows(list(rows[(page - 1) * size : page * size])), page, pages, total)
