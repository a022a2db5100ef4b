from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anze.wire.acks import acknowledgement, lead_of
from anze.wire.header import Header, Version, encode
from anze.wire.messages import encode as encode_body
from anze.wire.messages.general import PlatformAck

WORDS = st.integers(0, 0xFFFF)


@given(
    st.integers(0, 10**12 - 1).map(str), st.sampled_from(Version), WORDS, WORDS, WORDS, st.integers(0, 255)
)
def test_the_short_way_says_what_the_table_says(
    terminal: str, version: Version, own: int, serial: int, message_id: int, result: int
) -> None:
    message = PlatformAck(serial=serial, message_id=message_id, result=result)
    (whole,) = encode(Header(PlatformAck.ID, terminal, own, version), encode_body(message, version))
    assert acknowledgement(lead_of(terminal, version), own, serial, message_id, result) == whole
