from __future__ import annotations

import pytest

from anze.wire.header import Version
from anze.wire.messages import decode, encode
from anze.wire.messages.areas import AreasAnswer, Circle, Circles

CIRCLE = Circle(area_id=1, attributes=0, latitude=31, longitude=121, radius=200, name="库")


def test_areas_are_read_as_they_were_set() -> None:
    answer = AreasAnswer(kind=1, count=1, areas=(Circles(order=1, areas=(CIRCLE,)),))
    body = encode(answer, Version.V2019)
    assert decode(0x0608, body, Version.V2019) == (answer, b"")


@pytest.mark.parametrize(("kind", "data"), [(1, b"\x01\x01\x00"), (9, b"abc")])
def test_what_does_not_add_up_stays_bytes(kind: int, data: bytes) -> None:
    answer = AreasAnswer(kind=kind, count=1, areas=data)
    assert decode(0x0608, encode(answer, Version.V2019), Version.V2019) == (answer, b"")
