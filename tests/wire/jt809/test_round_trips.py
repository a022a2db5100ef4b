"""decode(encode(x)) = x for every message of both versions, inside its carrier."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anze.wire.errors import MalformedError, UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.messages import MESSAGES, Decoded, Vehicle, decode, encode, names_vehicle
from anze.wire.jt809.messages.alarms import SupervisionAnswer
from anze.wire.jt809.messages.platforms import RollCall
from anze.wire.jt809.messages.vehicles import DriverWanted, VehicleRegistrationAnswer, Watched
from anze.wire.jt809.tables import CARRIERS, VERSIONS, Message
from tests.wire.jt809.values import messages

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
VEHICLE = Vehicle(plate="沪A12345", colour=2)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("message_id", sorted(MESSAGES), ids=hex)
@QUICK
@given(data=st.data())
def test_round_trip(message_id: int, version: Version, data: st.DataObject) -> None:
    message, _, vehicle = data.draw(messages((message_id,), (version,)))
    assert decode(*encode(message, version, vehicle), version) == Decoded(message_id, vehicle, message)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages(), st.data())
def test_a_body_cut_short_is_at_worst_malformed(
    drawn: tuple[Message, Version, Vehicle | None], data: st.DataObject
) -> None:
    message, version, vehicle = drawn
    carrier, body = encode(message, version, vehicle)
    with suppress(MalformedError):
        decode(carrier, body[: data.draw(st.integers(0, len(body)))], version)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted({*MESSAGES, *CARRIERS})), st.sampled_from(VERSIONS), st.binary(max_size=300))
def test_any_bytes_decode_or_are_malformed(message_id: int, version: Version, body: bytes) -> None:
    with suppress(MalformedError):
        decode(message_id, body, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("vehicle", [None, VEHICLE])
def test_a_vehicle_that_the_other_version_names_is_read_as_well(
    version: Version, vehicle: Vehicle | None
) -> None:
    answer = SupervisionAnswer(supervision_id=7, result=1)
    other = Version.V2011 if vehicle else Version.V2019
    assert decode(*encode(answer, other, vehicle), version) == Decoded(0x1401, vehicle, answer)


def test_a_registration_is_answered_by_serial_in_2019_only() -> None:
    answer = VehicleRegistrationAnswer(source_id=0x1201, source_serial=9, result=0)
    assert len(encode(answer, Version.V2011, VEHICLE)[1]) == 22 + 6 + 7
    assert len(encode(answer, Version.V2019)[1]) == 6 + 7
    assert not names_vehicle(0x9201, Version.V2019)


def test_a_message_that_names_a_vehicle_is_not_written_without_one() -> None:
    with pytest.raises(UnencodableError, match="没有车辆"):
        encode(DriverWanted(), Version.V2019)


def test_an_unknown_message_keeps_its_bytes() -> None:
    assert decode(0x9500, b"abc", Version.V2011) == Decoded(0x9500, None, None, b"abc")
    inside = bytes.fromhex("1399 00000002 0102")
    assert decode(0x1300, inside, Version.V2011) == Decoded(0x1399, None, None, b"\1\2")


@pytest.mark.parametrize("body", ["", "9301", "9301 00000003 0102", "1301 00000002 0102"])
def test_a_carrier_whose_lengths_do_not_add_up_is_malformed(body: str) -> None:
    with pytest.raises(MalformedError, match="0x9300"):
        decode(0x9300, bytes.fromhex(body), Version.V2011)


def test_what_a_question_of_2019_is_put_to_cannot_be_left_out() -> None:
    with pytest.raises(UnencodableError, match="查岗对象的类型"):
        encode(RollCall(object_type=None, object_id=None, question_id=1, text=""), Version.V2019)


def test_a_location_that_is_none_costs_only_itself() -> None:
    names = {f"{who}_platform": "" for who in ("company", "city", "province")}
    alarms = {f"{who}_alarm": 0 for who in ("company", "city", "province")}
    assert Watched(encrypted=0, location=b"\1\2", **names, **alarms).position is None  # type: ignore[arg-type]
