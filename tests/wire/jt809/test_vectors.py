"""Frames and bodies from the tests of a public project, and what those assert about them.

One line of vectors.jsonl each: `kind` (a frame, a body, a body with its carrier, a message inside one),
`hex`, `version`, `id`, `source`; `expect` (asserted values by their paths here); `bad` (the reason why it is
no frame); `encrypted`, with `cipher` (M1, IA1, IC1) where the source gives it: test_cipher.py; `written`
(why it is not written back byte for byte).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anze.wire.errors import Reason
from anze.wire.frame import Bad
from anze.wire.header import Version
from anze.wire.jt809.account import Account
from anze.wire.jt809.events import Link, Refusal, Refused
from anze.wire.jt809.frame import FrameReader, wrap
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.messages import Decoded, decode, encode, vehicles
from anze.wire.jt809.session import Session
from anze.wire.jt809.tables import MESSAGES, carrier_of
from anze.wire.tables import read_table, write_table
from tests.wire.flat import flat

PATH = Path(__file__).with_name("vectors.jsonl")
VECTORS = [json.loads(line) for line in PATH.read_text("utf-8").splitlines()]


def chosen(*, frame: bool | None = None, bad: bool = False, encrypted: bool = False) -> list[Any]:
    return [
        pytest.param(each, id=f"{n}-{each['id']:04x}")
        for n, each in enumerate(VECTORS)
        if frame in (None, each["kind"] == "frame")
        and ("bad" in each) == bad
        and each.get("encrypted", False) == encrypted
    ]


def parsed(vector: dict[str, Any]) -> tuple[Header, bytes]:
    (frame,) = FrameReader().feed(bytes.fromhex(vector["hex"]))
    assert isinstance(frame, bytes)
    return parse(frame, Version(vector["version"]))


def read(vector: dict[str, Any]) -> tuple[Header | None, Decoded]:
    version, data = Version(vector["version"]), bytes.fromhex(vector["hex"])
    if vector["kind"] == "frame":
        header, body = parsed(vector)
        return header, decode(header.message_id, body, version)
    if vector["kind"] == "inside":
        message, end = read_table(MESSAGES[vector["id"]], data, 0, version)
        return None, Decoded(message.ID, None, message, data[end:])
    return None, decode(carrier_of(vector["id"]), data, version)


def values_of(header: Header | None, decoded: Decoded) -> dict[str, Any]:
    values = flat(decoded.message)
    if decoded.vehicle is not None:
        values |= flat(decoded.vehicle, "vehicle")
    if header is not None:
        values |= flat(header, "header")
    place = getattr(decoded.message, "place", None)
    if isinstance(place, vehicles.Watched) and place.position is not None:
        values |= flat(place.position, "position")
    return values


@pytest.mark.parametrize("vector", chosen())
def test_decodes_to_what_the_project_asserts(vector: dict[str, Any]) -> None:
    header, decoded = read(vector)
    assert (decoded.message_id, decoded.rest) == (vector["id"], b"")
    values = values_of(header, decoded)
    assert {path: values.get(path) for path in vector["expect"]} == vector["expect"]


@pytest.mark.parametrize("vector", chosen())
def test_is_written_back_byte_for_byte(vector: dict[str, Any]) -> None:
    header, decoded = read(vector)
    version = Version(vector["version"])
    assert decoded.message is not None
    if header is not None:
        message_id, body = encode(decoded.message, version, decoded.vehicle)
        data = wrap(build(header._replace(message_id=message_id), body))
    elif vector["kind"] == "inside":
        data = write_table(decoded.message, version)
    else:
        data = encode(decoded.message, version, decoded.vehicle)[1]
    assert (data.hex() == vector["hex"]) is ("written" not in vector)


@pytest.mark.parametrize("vector", chosen(frame=True, bad=True))
def test_a_bad_check_code_is_rejected(vector: dict[str, Any]) -> None:
    (bad,) = FrameReader().feed(bytes.fromhex(vector["hex"]))
    assert isinstance(bad, Bad)
    assert bad.reason is Reason[vector["bad"]]


@pytest.mark.parametrize("vector", chosen(frame=True, encrypted=True))
def test_an_encrypted_message_is_refused_as_such(vector: dict[str, Any]) -> None:
    header, body = parsed(vector)
    values = flat(header, "header")
    expect = {path: value for path, value in vector["expect"].items() if path.startswith("header.")}
    assert {path: values[path] for path in expect} == expect
    session = Session(Account(1, 2, "3", "127.0.0.1", 809, Version(vector["version"])))
    session.start(0.0)
    session.opened(Link.MAIN, 0.0)
    events = session.receive_bytes(Link.MAIN, bytes.fromhex(vector["hex"]), 1.0)
    assert events == [Refused(Link.MAIN, header, body, Refusal.ENCRYPTED)]


def test_the_marks_say_what_the_vectors_hold() -> None:
    confirmed: dict[int, set[Version]] = {}
    for each in VECTORS:
        if "bad" not in each and not each.get("encrypted"):
            confirmed.setdefault(each["id"], set()).add(Version(each["version"]))
    assert {message_id: set(known.VERIFIED) for message_id, known in MESSAGES.items() if known.VERIFIED} == (
        confirmed
    )


def test_every_message_has_a_title_and_a_source() -> None:
    assert len(MESSAGES) == 38
    assert all(known.TITLE and known.SOURCE for known in MESSAGES.values())
    assert len({known.TITLE for known in MESSAGES.values()}) == len(MESSAGES)
