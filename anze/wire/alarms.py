"""What the bits of a position mean: alarms and states, which differ between 2013 and 2019.

JT/T 808-2013 §8.18 (alarm and status bits); 2019 changes 3, 15–17, 29 and 31 of the alarms,
and adds 6, 7 and 22 of the states. JT/T 1078-2016: alarms of the video equipment (additional item 0x14).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from anze.wire.header import Version


class Meaning(NamedTuple):
    """A bit: the name in code, the name on the page."""

    name: str
    title: str


Meanings = Mapping[int, Meaning]

ALARMS_2013: Meanings = {
    0: Meaning("emergency", "紧急报警"),
    1: Meaning("speeding", "超速报警"),
    2: Meaning("fatigue", "疲劳驾驶"),
    3: Meaning("danger_warning", "危险预警"),
    4: Meaning("gnss_fault", "GNSS 模块发生故障"),
    5: Meaning("antenna_cut", "GNSS 天线未接或被剪断"),
    6: Meaning("antenna_short", "GNSS 天线短路"),
    7: Meaning("undervoltage", "终端主电源欠压"),
    8: Meaning("power_lost", "终端主电源掉电"),
    9: Meaning("display_fault", "终端 LCD 或显示器故障"),
    10: Meaning("speech_fault", "TTS 模块故障"),
    11: Meaning("camera_fault", "摄像头故障"),
    12: Meaning("card_fault", "道路运输证 IC 卡模块故障"),
    13: Meaning("speeding_warning", "超速预警"),
    14: Meaning("fatigue_warning", "疲劳驾驶预警"),
    18: Meaning("daily_overtime", "当天累计驾驶超时"),
    19: Meaning("stop_overtime", "超时停车"),
    20: Meaning("area_crossing", "进出区域"),
    21: Meaning("route_crossing", "进出路线"),
    22: Meaning("segment_time", "路段行驶时间不足/过长"),
    23: Meaning("off_route", "路线偏离报警"),
    24: Meaning("vss_fault", "车辆 VSS 故障"),
    25: Meaning("fuel", "车辆油量异常"),
    26: Meaning("stolen", "车辆被盗"),
    27: Meaning("illegal_ignition", "车辆非法点火"),
    28: Meaning("illegal_move", "车辆非法位移"),
    29: Meaning("collision_warning", "碰撞预警"),
    30: Meaning("rollover_warning", "侧翻预警"),
    31: Meaning("illegal_door", "非法开门报警"),
}
ALARMS_2019: Meanings = {
    **{bit: meaning for bit, meaning in ALARMS_2013.items() if bit != 31},
    3: Meaning("dangerous_driving", "危险驾驶行为报警"),
    15: Meaning("forbidden_driving", "违规行驶报警"),
    16: Meaning("tyre_warning", "胎压预警"),
    17: Meaning("right_blind_spot", "右转盲区异常报警"),
    29: Meaning("collision_rollover", "碰撞侧翻报警"),
}
STATES_2013: Meanings = {
    0: Meaning("acc", "ACC 开"),
    1: Meaning("fixed", "定位"),
    2: Meaning("south", "南纬"),
    3: Meaning("west", "西经"),
    4: Meaning("out_of_service", "停运"),
    5: Meaning("shifted", "经纬度经保密插件加密"),
    10: Meaning("fuel_cut", "车辆油路断开"),
    11: Meaning("circuit_cut", "车辆电路断开"),
    12: Meaning("locked", "车门加锁"),
    13: Meaning("front_door", "门 1 开（前门）"),
    14: Meaning("middle_door", "门 2 开（中门）"),
    15: Meaning("rear_door", "门 3 开（后门）"),
    16: Meaning("driver_door", "门 4 开（驾驶席门）"),
    17: Meaning("other_door", "门 5 开（自定义）"),
    18: Meaning("gps", "使用 GPS 卫星定位"),
    19: Meaning("beidou", "使用北斗卫星定位"),
    20: Meaning("glonass", "使用 GLONASS 卫星定位"),
    21: Meaning("galileo", "使用 Galileo 卫星定位"),
}
STATES_2019: Meanings = {
    **STATES_2013,
    6: Meaning("forward_collision", "紧急刹车系统采集的前撞预警"),
    7: Meaning("lane_departure", "车道偏移预警"),
    22: Meaning("moving", "车辆处于行驶状态"),
}
VIDEO_ALARMS: Meanings = {
    0: Meaning("signal_lost", "视频信号丢失报警"),
    1: Meaning("blocked", "视频信号遮挡报警"),
    2: Meaning("storage_fault", "存储单元故障报警"),
    3: Meaning("equipment_fault", "其他视频设备故障报警"),
    4: Meaning("overcrowded", "客车超员报警"),
    5: Meaning("behaviour", "异常驾驶行为报警"),
    6: Meaning("recording_full", "特殊报警录像达到存储阈值报警"),
}
# Cleared by the terminal once the platform has answered; all others last as long as their condition.
UNTIL_ANSWERED_2013 = frozenset((0, 3, 20, 21, 22, 27, 28))
UNTIL_ANSWERED_2019 = UNTIL_ANSWERED_2013 - {3}
LOAD_SHIFT = 8


def alarms(bits: int, version: Version) -> tuple[Meaning, ...]:
    """The alarms that are set; bits that the version reserves mean nothing."""
    return meanings(bits, ALARMS_2019 if version is Version.V2019 else ALARMS_2013)


def states(bits: int, version: Version) -> tuple[Meaning, ...]:
    """The states that are set."""
    return meanings(bits, STATES_2019 if version is Version.V2019 else STATES_2013)


def load(bits: int) -> int:
    """How loaded the vehicle is: 0 empty, 1 half, 3 full (2 is reserved)."""
    return bits >> LOAD_SHIFT & 3


def meanings(bits: int, known: Meanings) -> tuple[Meaning, ...]:
    return tuple(meaning for bit, meaning in known.items() if bits >> bit & 1)
