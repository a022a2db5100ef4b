"""The stream that hides bodies: as its source's tests have it, both ways, and through a session."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.events import Connect, Link, LoggedIn, Refusal, Refused, Undecodable
from anze.wire.jt809.frame import FrameReader, wrap
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.messages import decode, encode
from anze.wire.jt809.messages.links import Login, LoginAnswer
from anze.wire.jt809.session import Session
from tests.wire.jt809.test_vectors import PATH
from tests.wire.jt809.upper import CODE, NOW, PLATFORM, V2011, V2019, account

# From the tests of 809lib (JT809EncryptTest, JT809_0x1001EncryptPackageTest).
NUMBERS = (30_000_000, 20_000_000, 20_000_000)
CIPHER = Cipher(*NUMBERS, key=256_178)
WORDS = st.integers(0, 0xFFFF_FFFF)


def test_the_bytes_of_its_source() -> None:
    assert CIPHER.over(bytes(range(1, 8)), 256_178).hex() == "d34c7078a73a41"


def test_the_worked_frame_of_its_source_is_read_and_written() -> None:
    (vector,) = [each for each in map(json.loads, PATH.read_text("utf-8").splitlines()) if "cipher" in each]
    (frame,) = FrameReader().feed(bytes.fromhex(vector["hex"]))
    assert isinstance(frame, bytes)
    header, hidden = parse(frame, V2011)
    cipher = Cipher(*vector["cipher"], header.key)
    body = cipher.over(hidden, header.key)
    login = decode(header.message_id, body, V2011).message
    assert isinstance(login, Login)
    expect = vector["expect"]
    assert (login.user, login.password) == (expect["user"], expect["password"])
    assert (login.address, login.port) == (expect["address"], expect["port"])
    again = cipher.over(encode(login, V2011)[1], header.key)
    assert wrap(build(header, again)).hex() == vector["hex"]


@given(st.builds(Cipher, WORDS, WORDS, WORDS, WORDS), WORDS, st.binary(max_size=40))
def test_what_hides_reveals(cipher: Cipher, key: int, body: bytes) -> None:
    assert cipher.over(cipher.over(body, key), key) == body


def test_nothing_divides_by_zero() -> None:
    assert Cipher(0, 5, 7 << 20, 0).over(b"\0", 0) == b"\x07"


def test_numbers_beyond_32_bits_are_refused_by_name() -> None:
    with pytest.raises(UnencodableError, match="IA1"):
        replace(account(), cipher=Cipher(1, 1 << 32, 1, 1))


@pytest.mark.parametrize("version", [V2011, V2019])
def test_a_session_with_a_cipher_hides_what_it_says_and_reads_both(version: Version) -> None:
    session = Session(replace(account(version), cipher=CIPHER))
    session.start(NOW)
    assert session.handle_timer(NOW) == [Connect()]
    session.opened(Link.MAIN, NOW)
    (sent,) = FrameReader().feed(session.bytes_to_send(Link.MAIN))
    assert isinstance(sent, bytes)
    header, hidden = parse(sent, version)
    assert (header.encrypted, header.key) == (1, 256_178)
    assert isinstance(decode(header.message_id, CIPHER.over(hidden, header.key), version).message, Login)

    message_id, body = encode(LoginAnswer(result=0, code=CODE), version)
    answer = Header(message_id, PLATFORM, 1, version, None, 1, 77)
    short, unknown = build(answer, b"\x01"), build(answer._replace(encrypted=2), body)
    events = session.receive_bytes(Link.MAIN, wrap(short) + wrap(unknown), NOW)
    assert [type(event) for event in events] == [Undecodable, Refused]
    assert isinstance(events[1], Refused)
    assert events[1].refusal is Refusal.ENCRYPTED
    (logged_in,) = session.receive_bytes(Link.MAIN, wrap(build(answer, CIPHER.over(body, 77))), NOW)
    assert isinstance(logged_in, LoggedIn)
    plain = Header(message_id, PLATFORM, 2, version)
    assert session.receive_bytes(Link.MAIN, wrap(build(plain, body)), NOW) != []
