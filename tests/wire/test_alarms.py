from __future__ import annotations

import pytest

from anze.wire.alarms import (
    ALARMS_2013,
    ALARMS_2019,
    STATES_2019,
    UNTIL_ANSWERED_2013,
    UNTIL_ANSWERED_2019,
    VIDEO_ALARMS,
    alarms,
    load,
    meanings,
    states,
)
from anze.wire.header import Version


@pytest.mark.parametrize(
    ("bit", "in_2013", "in_2019"),
    [
        (2, ["疲劳驾驶"], ["疲劳驾驶"]),
        (3, ["危险预警"], ["危险驾驶行为报警"]),
        (15, [], ["违规行驶报警"]),
        (16, [], ["胎压预警"]),
        (17, [], ["右转盲区异常报警"]),
        (29, ["碰撞预警"], ["碰撞侧翻报警"]),
        (31, ["非法开门报警"], []),
    ],
)
def test_alarm_bits_mean_what_the_version_says(bit: int, in_2013: list[str], in_2019: list[str]) -> None:
    assert [each.title for each in alarms(1 << bit, Version.V2013)] == in_2013
    assert [each.title for each in alarms(1 << bit, Version.V2011)] == in_2013
    assert [each.title for each in alarms(1 << bit, Version.V2019)] == in_2019


def test_states_by_version() -> None:
    assert [each.name for each in states(1 << 22 | 1, Version.V2019)] == ["acc", "moving"]
    assert [each.name for each in states(1 << 22 | 1, Version.V2013)] == ["acc"]
    assert load(0b11 << 8 | 1) == 3


def test_names_stand_once_and_bits_fit() -> None:
    for known in (ALARMS_2013, ALARMS_2019, STATES_2019, VIDEO_ALARMS):
        assert len({meaning.name for meaning in known.values()}) == len(known)
        assert set(known) <= set(range(32))
    assert set(ALARMS_2013) >= UNTIL_ANSWERED_2013 > UNTIL_ANSWERED_2019
    assert meanings(1 << 4, VIDEO_ALARMS)[0].title == "客车超员报警"
