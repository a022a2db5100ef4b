"""Which version of each document (制度、操作规程、预案) is valid on a day.

Rule 1: versions with one number are versions of one document. In force is the newest that has begun; of two
that begin on one day, the one sealed later. Whatever began before it is superseded by its successor.
Rule 2: a version that abolishes ends the document from its day on.

Seed 001 四.3, 四.4: 现行有效的制度和操作规程清单.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest


class VersionState(StrEnum):
    UPCOMING = "upcoming"  # 待施行
    VALID = "valid"  # 现行有效
    SUPERSEDED = "superseded"  # 已被新版本取代
    ABOLISHED = "abolished"  # 已废止


@dataclass(frozen=True, slots=True)
class Version:
    """`abolishes`: it says that the document ends on its day."""

    record: int
    code: str
    effective: date
    received: datetime
    abolishes: bool = False


@dataclass(frozen=True, slots=True)
class VersionStanding:
    """`by`: the version that took its place, once that one has begun."""

    record: int
    state: VersionState
    by: int | None


def version_standings(versions: Iterable[Version], on: date) -> dict[int, VersionStanding]:
    """By record."""
    documents: dict[str, list[Version]] = {}
    for version in versions:
        documents.setdefault(version.code, []).append(version)
    found: dict[int, VersionStanding] = {}
    for known in documents.values():
        known.sort(key=lambda v: (v.effective, v.received, v.record))
        begun = [v for v in known if v.effective <= on]
        for version, successor in zip_longest(begun, begun[1:]):
            found[version.record] = _standing(version, successor)
        for version in known[len(begun) :]:
            found[version.record] = VersionStanding(version.record, VersionState.UPCOMING, None)
    return found


def _standing(version: Version, successor: Version | None) -> VersionStanding:
    if version.abolishes or (successor is not None and successor.abolishes):
        by = successor.record if successor else None
        return VersionStanding(version.record, VersionState.ABOLISHED, by)
    state = VersionState.VALID if successor is None else VersionState.SUPERSEDED
    return VersionStanding(version.record, state, successor.record if successor else None)
