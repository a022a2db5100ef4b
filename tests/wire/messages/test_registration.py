from __future__ import annotations

import pytest

from anze.wire.header import Version
from anze.wire.messages import encode
from anze.wire.messages.registration import Registration, registered_version


@pytest.mark.parametrize("plate", ["", "沪A12345", "LSVAA49J132047371"])
@pytest.mark.parametrize("version", [Version.V2011, Version.V2013])
@pytest.mark.parametrize("colour", [0, 1, 94])
def test_the_colour_of_the_plate_tells_2011_from_2013(plate: str, version: Version, colour: int) -> None:
    registration = Registration(
        province=31, city=115, maker="yzh", model="T-1", device="7654321", colour=colour, plate=plate
    )
    assert registered_version(encode(registration, version), Version.V2013) is version


def test_2019_says_so_itself() -> None:
    assert registered_version(b"", Version.V2019) is Version.V2019
