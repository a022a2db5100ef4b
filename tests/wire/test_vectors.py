"""Frames, bodies and streams from the tests of public projects, and what those assert about them.

One line of vectors.jsonl each: `hex`, `source`; `checksum_ok`, `frame_ok` (an independent script's verdict);
`ref` (its fields and items of a 0x0200); `expect` (values that the project asserts, by their paths here);
`beyond` (what it asserts and this codec leaves raw or contradicts, counted by reason).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from anze.wire.errors import MalformedError, Reason
from anze.wire.frame import Bad, FrameReader, wrap
from anze.wire.header import Header, Version, parse
from anze.wire.messages import MESSAGES, decode
from anze.wire.messages.registration import registered_version
from anze.wire.position import read_position
from tests.wire.flat import flat

PATH = Path(__file__).with_name("vectors.jsonl")
VECTORS = [json.loads(line) for line in PATH.read_text("utf-8").splitlines()]
# Why a value that a project asserts is not among what is decoded here.
REASONS = frozenset(
    {
        "inside an item of a vendor, kept raw",
        "inside a block of GB/T 19056, kept raw",
        "inside a parameter of another document or a vendor, kept raw (base64 or parsed by the peer)",
        "inside content passed through, kept raw",
        "inside a compressed body, kept packed",
        "no frame",
        "a vendor's message",
        "the length in the header is wrong",
        "bad checksum",
        "encrypted",
        "a part of a message",
        "the arguments are one text here",
        "the modulus is one value of bytes here",
        "single bits of the flags",
        "a character in the peer, a number here",
        "a date without dashes here",
        "a time of day as ten digits here",
        "reserved bytes, hexadecimal here",
        "trailing field of a vendor",
        "the peer refuses it, too",
        "the peer writes UTF-8 into a GBK field, and digits of BCD as characters",
        "the peer writes UTF-8 into a GBK field, and reads a kind that 2013 does not have",
        "the code is UTF-8 in the peer; the standard says GBK",
        "bit 0 of the attributes is not set: no times are on the wire",
        "bits of the segment are not set: the values are not on the wire",
        "the peer's frame names another time than its object",
    }
)


def of(*keys: str) -> list[Any]:
    """The vectors that have all the keys, under names that say where they come from."""
    return [
        pytest.param(each, id=f"{n}-{each['source'][:40]}")
        for n, each in enumerate(VECTORS)
        if all(key in each for key in keys)
    ]


def frames_of(vector: dict[str, Any]) -> list[bytes | Bad]:
    return FrameReader().feed(bytes.fromhex(vector["hex"]))


def opened(vector: dict[str, Any]) -> tuple[Header | None, int, bytes, Version]:
    version = Version(vector["version"])
    if vector["kind"] == "body":
        return None, vector["id"], bytes.fromhex(vector["hex"]), version
    (frame,) = frames_of(vector)
    assert isinstance(frame, bytes)
    header, body = parse(frame)
    if header.version is Version.V2019:
        version = header.version
    elif header.message_id == 0x0100:
        version = registered_version(body, header.version)
    return header, header.message_id, body, version


@pytest.mark.parametrize("vector", of("expect"))
def test_decodes_to_what_the_project_asserts(vector: dict[str, Any]) -> None:
    header, message_id, body, version = opened(vector)
    found = decode(message_id, body, version)
    assert found is not None
    message, trailing = found
    values = flat(message) | {"trailing": trailing.hex()}
    if header is not None:
        values |= {f"header.{name}": value for name, value in header._asdict().items()}
    assert {path: values.get(path) for path in vector["expect"]} == vector["expect"]


@pytest.mark.parametrize("vector", of("ref"))
def test_positions_agree_with_an_independent_reading(vector: dict[str, Any]) -> None:
    reference = vector["ref"]
    if vector["kind"] == "frame" and not vector["frame_ok"]:
        pytest.skip("not a frame")
    _, message_id, body, version = opened(vector)
    position = read_position(body[2:] if message_id == 0x0201 else body, version)
    assert position[:8] == (
        *(reference[key] for key in ("alarm", "status", "lat_raw", "lon_raw", "alt", "speed_raw", "dir")),
        bytes.fromhex(reference["time_bcd"]),
    )
    whole = [[extra.id, extra.raw.hex()] for extra in position.items() if not extra.broken]
    assert whole == reference["items"][: len(whole)]
    assert len(whole) >= len(reference["items"]) - 1


@pytest.mark.parametrize("vector", [each for each in of("checksum_ok") if not each.values[0]["checksum_ok"]])
def test_a_bad_checksum_is_rejected(vector: dict[str, Any]) -> None:
    assert [each.reason for each in frames_of(vector) if isinstance(each, Bad)] == [Reason.CHECKSUM]


@pytest.mark.parametrize("vector", [each for each in of("frame_ok") if each.values[0]["frame_ok"]])
def test_a_good_frame_is_accepted_and_written_back(vector: dict[str, Any]) -> None:
    (frame,) = frames_of(vector)
    assert isinstance(frame, bytes)
    parse(frame)
    assert wrap(frame).hex() == vector["hex"]


@pytest.mark.parametrize("vector", [each for each in of("length_ok") if not each.values[0]["length_ok"]])
def test_a_wrong_length_is_malformed(vector: dict[str, Any]) -> None:
    for frame in frames_of(vector):
        if isinstance(frame, Bad):
            continue
        if "issue #26" in vector["source"]:
            header, body = parse(frame)
            assert (header.version, header.terminal, body) == (Version.V2019, "12345678910", b"")
            continue
        with pytest.raises(MalformedError, match=Reason.LENGTH.value):
            parse(frame)


@pytest.mark.parametrize("vector", of("frames"))
def test_streams_split_as_asserted(vector: dict[str, Any]) -> None:
    assert [wrap(frame).hex() for frame in frames_of(vector) if isinstance(frame, bytes)] == vector["frames"]


def test_every_asserted_message_is_decoded_or_explained() -> None:
    explained = {reason for each in VECTORS for reason in each.get("beyond", {})}
    assert explained == REASONS
    left = Counter(
        bytes.fromhex(each["hex"])[1:3].hex()
        for each in VECTORS
        if "a vendor's message" in each.get("beyond", {})
    )
    assert set(left) == {"0093", "0205", "1007", "1300", "2070", "6006"}
    assert not {int(message_id, 16) for message_id in left} & set(MESSAGES)


def test_there_are_enough() -> None:
    assert len(of("expect")) > 300
    assert len(of("ref")) > 50
