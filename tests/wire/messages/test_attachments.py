from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anze.wire.errors import MalformedError
from anze.wire.header import Version
from anze.wire.messages import decode, encode
from anze.wire.messages.attachments import AttachmentFile, Attachments, ShortHead
from anze.wire.safety import AlarmNumber

NUMBER = AlarmNumber(terminal="1234567", time=datetime(2026, 1, 1, tzinfo=UTC), serial=1, files=1, reserved=0)
ATTACHMENTS = Attachments(
    head=ShortHead(device="1234567", number=NUMBER),
    alarm="a" * 32,
    kind=0,
    files=(AttachmentFile(name="00_64_6401_0.jpg", size=16_364),),
)


def test_files_of_an_alarm() -> None:
    assert decode(0x1210, encode(ATTACHMENTS, Version.V2013), Version.V2013) == (ATTACHMENTS, b"")


def test_bytes_behind_the_files_are_trailing_and_bytes_missing_are_malformed() -> None:
    body = encode(ATTACHMENTS, Version.V2013)
    assert decode(0x1210, body + b"x", Version.V2013) == (ATTACHMENTS, b"x")
    with pytest.raises(MalformedError):
        decode(0x1210, body[:-1], Version.V2013)
