"""A decoded message as paths and plain values, to be compared with what others say of the same bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from anze.wire.fields import OFFSET
from anze.wire.items import STANDARD
from anze.wire.position import HEAD, Position


def flat(value: Any, path: str = "") -> dict[str, Any]:
    return dict(_leaves(value, path))


def names_of(value: Any) -> tuple[str, ...]:
    if dataclasses.is_dataclass(value):
        return tuple(each.name for each in dataclasses.fields(value))
    return getattr(value, "_fields", ())


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Position):
        yield from _position(value, path)
    elif names := names_of(value):
        for name in names:
            yield from _leaves(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        yield f"{path}.#", len(value)
        for n, each in enumerate(value):
            yield from _leaves(each, f"{path}.{n}")
    elif value is not None:
        yield path, plain(value)


def _position(value: Position, path: str) -> Iterator[tuple[str, Any]]:
    for name in Position._fields[: len(HEAD.format.strip(">")) - 2]:
        yield f"{path}.{name}".lstrip("."), getattr(value, name)
    yield f"{path}.time".lstrip("."), plain(value.time) if value.time else value.bcd.hex()
    for extra in value.items(STANDARD):
        yield f"{path}.items.{extra.id:02x}".lstrip("."), extra.raw.hex()
        yield from _leaves(extra.value, f"{path}.items.{extra.id:02x}.{extra.name}".lstrip("."))


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(OFFSET):%Y-%m-%d %H:%M:%S}"
    return value.hex() if isinstance(value, bytes) else value
