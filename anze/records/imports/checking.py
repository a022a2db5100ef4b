"""What a target answers about rows: which are wrong and where, and which are on file already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from anze.records.imports.roster import Unfound
from anze.rules.importing.reading import Row
from anze.rules.importing.sheets import Sheet


@dataclass(slots=True)
class Checked:
    """`errors`: row number -> column id -> sentence. `known`: row number -> id of what is on file already."""

    errors: dict[int, dict[str, str]] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)

    def wrong(self, row: Row, column: str, sentence: str) -> None:
        """The first error of a cell stays: the later ones follow from it."""
        self.errors.setdefault(row.number, {}).setdefault(column, sentence)


class Target(Protocol):
    @property
    def sheet(self) -> Sheet: ...

    def permit(self) -> None:
        """Raises NotPermitted."""

    def check(self, rows: Sequence[Row]) -> Checked:
        """Also what could be read of a row that has errors already is checked. Writes nothing."""

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Row number -> id of what was made. `rows` are those that `check` found good and new."""


__all__ = ["Checked", "Target", "Unfound"]
