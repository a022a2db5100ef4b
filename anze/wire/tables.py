"""A message is a table of fields: a frozen class; annotations give the types, specifiers the layout.

    @message(0x8202, "临时位置跟踪控制", "8.21")
    class Follow(Message):
        interval: int = column(WORD, "时间间隔", "s")
        validity: int | None = column(Tail(DWORD), "位置跟踪有效期", "s", default=None)

Clause numbers are those of JT/T 808-2013; "2019" marks what that edition adds, other documents are named.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from anze.wire.errors import UnencodableError
from anze.wire.fields import Kind, Seen
from anze.wire.header import Version


class Column(NamedTuple):
    name: str
    kind: Kind
    title: str
    unit: str


class Table:
    """A group of fields that stand together."""

    __slots__ = ()
    COLUMNS: ClassVar[tuple[Column, ...]] = ()


class Message(Table):
    """A table with a message id; `ANSWERS` are the commands that it replies to."""

    __slots__ = ()
    ID: ClassVar[int] = -1
    TITLE: ClassVar[str] = ""
    CLAUSE: ClassVar[str] = ""
    ANSWERS: ClassVar[frozenset[int]] = frozenset()


TableClass = TypeVar("TableClass", bound=type[Table])
MessageClass = TypeVar("MessageClass", bound=type[Message])
MESSAGES: dict[int, type[Message]] = {}


def column(kind: Kind, title: str, unit: str = "", *, default: Any = dataclasses.MISSING) -> Any:
    """One field: how it lies on the wire, what the standard calls it, and its unit (0.1 km/h, s, 1e-6°)."""
    return dataclasses.field(default=default, metadata={"kind": kind, "title": title, "unit": unit})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def table(cls: TableClass) -> TableClass:
    """A group of fields used inside messages."""
    made: Any = dataclass(frozen=True, kw_only=True, slots=True)(cls)
    made.COLUMNS = tuple(
        Column(each.name, each.metadata["kind"], each.metadata["title"], each.metadata["unit"])
        for each in dataclasses.fields(made)
    )
    return made  # type: ignore[no-any-return]  # dataclass(slots=True) makes a new class of the same kind


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def message(
    message_id: int, title: str, clause: str, answers: tuple[int, ...] = ()
) -> Callable[[MessageClass], MessageClass]:
    """A message: registered under its id, so that `decode` finds it."""

    def declare(cls: MessageClass) -> MessageClass:
        made = table(cls)
        made.ID, made.TITLE, made.CLAUSE, made.ANSWERS = message_id, title, clause, frozenset(answers)
        assert message_id not in MESSAGES, f"0x{message_id:04X}"
        MESSAGES[message_id] = made
        return made

    return declare


T = TypeVar("T", bound=Table)


def read_table(cls: type[T], data: bytes, at: int, version: Version) -> tuple[T, int]:
    """The table that lies at `at`, and where it ends; raises MalformedError."""
    values: dict[str, Any] = {}
    seen = Seen(version, values)
    for name, kind, _, _ in cls.COLUMNS:
        values[name], at = kind.read(data, at, seen)
    return cls(**values), at


def write_table(value: Table, version: Version) -> bytes:
    """The bytes of the table; raises UnencodableError, naming the field."""
    values = {each.name: getattr(value, each.name) for each in value.COLUMNS}
    seen = Seen(version, values)
    pieces = []
    for name, kind, title, _ in value.COLUMNS:
        try:
            pieces.append(kind.write(values[name], seen))
        except UnencodableError as error:
            raise UnencodableError(f"{title}：{error}") from None
        except (TypeError, AttributeError):
            raise UnencodableError(f"{title}：{values[name]!r}") from None
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Nested:
    """A table as a field of another."""

    table: type[Table]

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Table, int]:
        return read_table(self.table, data, at, seen.version)

    def write(self, value: Any, seen: Seen) -> bytes:
        return write_table(value, seen.version)
