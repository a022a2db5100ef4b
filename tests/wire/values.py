"""Values for every kind of field, drawn from the declaration alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from anze.wire import fields, safety
from anze.wire.fields import Seen
from anze.wire.header import Version
from anze.wire.messages import areas, attachments, drivers, location, parameters
from anze.wire.position import HEAD, Position, PositionKind
from anze.wire.tables import MESSAGES, Message, Nested, Table, write_table

VERSIONS = st.sampled_from(Version)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
MOMENTS = st.none() | st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
# What GBK holds, in one byte and in two, and no zeros: they pad.
CHARACTERS = st.sampled_from("aZ09 .:;京A测试车道…—！")


def texts(size: int | None) -> st.SearchStrategy[str]:
    most = 12 if size is None else size // 2
    return st.text(CHARACTERS, max_size=most)


def positions(size: int | None) -> st.SearchStrategy[Position]:
    tail = st.just(b"") if size == 28 else st.binary(max_size=40)
    head = st.binary(min_size=28, max_size=28).map(HEAD.unpack)
    return st.builds(lambda head, tail: Position(*head, tail), head, tail)


ENTRIES = positions(None) | st.binary(max_size=27)
SETTINGS = st.sampled_from(sorted(parameters.PARAMETERS)).flatmap(
    lambda number: of_kind(parameters.PARAMETERS[number].kind, Seen(Version.V2019)).map(
        lambda value: parameters.Setting(number, value)
    )
)


def of_kind(kind: Any, seen: Seen) -> st.SearchStrategy[Any]:
    for known, make in KINDS.items():
        if type(kind) is known:
            return make(kind, seen)
    raise AssertionError(kind)


def _when(kind: Any, seen: Seen) -> st.SearchStrategy[Any]:
    return of_kind(kind.kind, seen) if kind.condition(seen) else st.none()


def _by_version(kind: fields.ByVersion, seen: Seen) -> st.SearchStrategy[Any]:
    chosen = kind.kind(seen)
    return st.none() if chosen is None else of_kind(chosen, seen)


def _listed(kind: fields.Listed, seen: Seen) -> st.SearchStrategy[Any]:
    return st.lists(of_kind(kind.kind, seen), max_size=4).map(tuple)


def _raw(kind: fields.Raw, seen: Seen) -> st.SearchStrategy[bytes]:
    return st.binary(max_size=20) if kind.size is None else st.binary(min_size=kind.size, max_size=kind.size)


def _shapes(kind: Any, seen: Seen) -> st.SearchStrategy[Any]:
    shape = areas.SHAPES.get(seen.values["kind"])
    if shape is None:
        return st.binary(max_size=20)
    return st.lists(tables(shape, seen.version), min_size=1, max_size=2).map(tuple)


def _heads(kind: Any, seen: Seen) -> st.SearchStrategy[Table]:
    return st.one_of([tables(head, seen.version) for head in attachments.HEADS.values()])


def _numbers(kind: Any, seen: Seen) -> st.SearchStrategy[Table]:
    return tables(safety.AlarmNumber, seen.version) | tables(safety.LongAlarmNumber, seen.version)


KINDS: dict[type, Callable[[Any, Seen], st.SearchStrategy[Any]]] = {
    fields.Number: lambda kind, _: (
        st.integers(-(2**15), 2**15 - 1) if kind.signed else st.integers(0, 2 ** (8 * kind.size) - 1)
    ),
    fields.Raw: _raw,
    fields.Text: lambda kind, _: texts(kind.size),
    fields.Prefixed: lambda kind, seen: of_kind(kind.kind, seen),
    fields.Digits: lambda kind, _: st.text("0123456789", min_size=2 * kind.size, max_size=2 * kind.size),
    fields.Moment: lambda kind, _: MOMENTS,
    fields.Listed: _listed,
    fields.Tail: lambda kind, seen: of_kind(kind.kind, seen),
    fields.When: _when,
    fields.ByVersion: _by_version,
    drivers.Card: _when,
    Nested: lambda kind, seen: tables(kind.table, seen.version),
    PositionKind: lambda kind, _: positions(kind.size),
    location.Entries: lambda kind, _: st.lists(positions(None) | st.binary(max_size=27), max_size=4).map(
        tuple
    ),
    parameters.SettingKind: lambda kind, _: SETTINGS,
    areas.Shapes: _shapes,
    attachments.HeadKind: _heads,
    safety.AlarmNumberKind: _numbers,
    safety.TyrePressureNumber: _numbers,
}


@st.composite
def tables(draw: st.DrawFn, cls: type[Table], version: Version) -> Any:
    values: dict[str, Any] = {}
    for name, kind, _, _ in cls.COLUMNS:
        values[name] = draw(of_kind(kind, Seen(version, values)))
    return cls(**values)


@st.composite
def messages(draw: st.DrawFn) -> tuple[Message, Version]:
    """Any message of any version, with a body that fits a frame."""
    version = draw(VERSIONS)
    cls = draw(st.sampled_from(list(MESSAGES.values())))
    message = draw(tables(cls, version).filter(lambda each: len(write_table(each, version)) < 1024))
    return message, version
