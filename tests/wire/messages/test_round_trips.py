"""decode(encode(x)) = x for every message, in every version that has it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anze.wire.errors import MalformedError
from anze.wire.header import Version
from anze.wire.messages import MESSAGES, decode, encode
from anze.wire.position import Position
from anze.wire.tables import Message
from tests.wire.values import messages, tables

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def with_version(value: object, version: Version) -> object:
    """A position is told its version when it is read; here it is told beforehand."""
    if isinstance(value, Position):
        return value._replace(version=version)
    return value


def as_read(message: Message, version: Version) -> Message:
    values = {}
    for each in message.COLUMNS:
        value = getattr(message, each.name)
        if isinstance(value, tuple) and not isinstance(value, Position) and not hasattr(value, "_fields"):
            value = tuple(_inside(entry, version) for entry in value)
        values[each.name] = with_version(value, version)
    return type(message)(**values)


def _inside(entry: object, version: Version) -> object:
    if hasattr(entry, "COLUMNS"):
        return as_read(entry, version)  # type: ignore[arg-type]
    return with_version(entry, version)


@pytest.mark.parametrize("message_id", sorted(MESSAGES), ids=hex)
@QUICK
@given(version=st.sampled_from(Version), data=st.data())
def test_round_trip(message_id: int, version: Version, data: st.DataObject) -> None:
    message = data.draw(tables(MESSAGES[message_id], version))
    found = decode(message_id, encode(message, version), version)
    assert found is not None
    assert found == (as_read(message, version), b"")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages(), st.data())
def test_a_body_cut_short_is_at_worst_malformed(drawn: tuple[Message, Version], data: st.DataObject) -> None:
    message, version = drawn
    body = encode(message, version)
    cut = body[: data.draw(st.integers(0, len(body)))]
    with suppress(MalformedError):
        decode(message.ID, cut, version)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(MESSAGES)), st.sampled_from(Version), st.binary(max_size=300))
def test_any_bytes_decode_or_are_malformed(message_id: int, version: Version, body: bytes) -> None:
    with suppress(MalformedError):
        decode(message_id, body, version)


def test_an_unknown_id_is_none() -> None:
    assert decode(0x0F0F, b"", Version.V2013) is None
