"""Chapters with which the index of a pack can begin: an order of its own, as whoever inspects will ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """`late`: those of the records that were back-filled. `gaps`: in words."""

    number: str
    text: str
    gaps: Sequence[str]
    records: Sequence[int]
    late: frozenset[int]


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    sections: Sequence[Section]
