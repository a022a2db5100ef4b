"""Terminal parameters: one table of ids, types and units, used to set them and to read them back.

Rule: a value is decoded only where its length fits its type; otherwise, and for unknown ids, it is bytes.

JT/T 808-2013 §8.9 table 12, with what 2019 adds; JT/T 1078-2016 §5.3 (0x0075–0x007C); T/JSATL 12-2017 §4.4
(0xF364–0xF367); types checked against public codecs, for one of them maps five ids wrong (traccar#5997).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from anze.wire.errors import MalformedError, UnencodableError
from anze.wire.fields import BYTE, DWORD, WORD, Kind, Listed, Raw, Seen, Text
from anze.wire.tables import Message, Nested, Table, column, message, table


class Parameter(NamedTuple):
    """What an id means: the name in code, the name on the page, how its value lies, its unit."""

    name: str
    title: str
    kind: Kind
    unit: str = ""


@table
class Hours(Table):
    """0x0032, since 2019: from and until, by the minute."""

    from_hour: int = column(BYTE, "起始时")
    from_minute: int = column(BYTE, "起始分")
    until_hour: int = column(BYTE, "结束时")
    until_minute: int = column(BYTE, "结束分")


STRING = Text()
PARAMETERS: dict[int, Parameter] = {
    0x0001: Parameter("heartbeat", "终端心跳发送间隔", DWORD, "s"),
    0x0002: Parameter("tcp_timeout", "TCP 消息应答超时时间", DWORD, "s"),
    0x0003: Parameter("tcp_retries", "TCP 消息重传次数", DWORD),
    0x0004: Parameter("udp_timeout", "UDP 消息应答超时时间", DWORD, "s"),
    0x0005: Parameter("udp_retries", "UDP 消息重传次数", DWORD),
    0x0006: Parameter("sms_timeout", "SMS 消息应答超时时间", DWORD, "s"),
    0x0007: Parameter("sms_retries", "SMS 消息重传次数", DWORD),
    0x0010: Parameter("apn", "主服务器 APN", STRING),
    0x0011: Parameter("apn_user", "主服务器无线通信拨号用户名", STRING),
    0x0012: Parameter("apn_password", "主服务器无线通信拨号密码", STRING),
    0x0013: Parameter("server", "主服务器地址", STRING),
    0x0014: Parameter("backup_apn", "备份服务器 APN", STRING),
    0x0015: Parameter("backup_apn_user", "备份服务器无线通信拨号用户名", STRING),
    0x0016: Parameter("backup_apn_password", "备份服务器无线通信拨号密码", STRING),
    0x0017: Parameter("backup_server", "备份服务器地址", STRING),
    0x0018: Parameter("tcp_port", "服务器 TCP 端口", DWORD),
    0x0019: Parameter("udp_port", "服务器 UDP 端口", DWORD),
    0x001A: Parameter("card_server", "道路运输证 IC 卡认证主服务器地址", STRING),
    0x001B: Parameter("card_tcp_port", "道路运输证 IC 卡认证主服务器 TCP 端口", DWORD),
    0x001C: Parameter("card_udp_port", "道路运输证 IC 卡认证主服务器 UDP 端口", DWORD),
    0x001D: Parameter("card_backup_server", "道路运输证 IC 卡认证备份服务器地址", STRING),
    0x0020: Parameter("report_strategy", "位置汇报策略", DWORD, "0 定时 1 定距 2 定时和定距"),
    0x0021: Parameter("report_scheme", "位置汇报方案", DWORD, "0 按 ACC 1 按登录状态和 ACC"),
    0x0022: Parameter("report_logged_out", "驾驶员未登录汇报时间间隔", DWORD, "s"),
    0x0023: Parameter("slave_apn", "从服务器 APN", STRING),
    0x0024: Parameter("slave_apn_user", "从服务器无线通信拨号用户名", STRING),
    0x0025: Parameter("slave_apn_password", "从服务器无线通信拨号密码", STRING),
    0x0026: Parameter("slave_server", "从服务器备份地址", STRING),
    0x0027: Parameter("report_asleep", "休眠时汇报时间间隔", DWORD, "s"),
    0x0028: Parameter("report_alarm", "紧急报警时汇报时间间隔", DWORD, "s"),
    0x0029: Parameter("report_default", "缺省时间汇报间隔", DWORD, "s"),
    0x002C: Parameter("distance_default", "缺省距离汇报间隔", DWORD, "m"),
    0x002D: Parameter("distance_logged_out", "驾驶员未登录汇报距离间隔", DWORD, "m"),
    0x002E: Parameter("distance_asleep", "休眠时汇报距离间隔", DWORD, "m"),
    0x002F: Parameter("distance_alarm", "紧急报警时汇报距离间隔", DWORD, "m"),
    0x0030: Parameter("corner_angle", "拐点补传角度", DWORD, "°"),
    0x0031: Parameter("fence_radius", "电子围栏半径（非法位移阈值）", WORD, "m"),
    0x0032: Parameter("forbidden_hours", "违规行驶时段范围", Nested(Hours)),
    0x0040: Parameter("platform_phone", "监控平台电话号码", STRING),
    0x0041: Parameter("reset_phone", "复位电话号码", STRING),
    0x0042: Parameter("factory_phone", "恢复出厂设置电话号码", STRING),
    0x0043: Parameter("platform_sms", "监控平台 SMS 电话号码", STRING),
    0x0044: Parameter("alarm_sms", "接收终端 SMS 文本报警号码", STRING),
    0x0045: Parameter("answering", "终端电话接听策略", DWORD, "0 自动 1 ACC ON 自动"),
    0x0046: Parameter("longest_call", "每次最长通话时间", DWORD, "s"),
    0x0047: Parameter("longest_calls", "当月最长通话时间", DWORD, "s"),
    0x0048: Parameter("listening_phone", "监听电话号码", STRING),
    0x0049: Parameter("privileged_sms", "监管平台特权短信号码", STRING),
    0x0050: Parameter("alarm_mask", "报警屏蔽字", DWORD),
    0x0051: Parameter("alarm_sms_switch", "报警发送文本 SMS 开关", DWORD),
    0x0052: Parameter("alarm_photo_switch", "报警拍摄开关", DWORD),
    0x0053: Parameter("alarm_photo_kept", "报警拍摄存储标志", DWORD),
    0x0054: Parameter("alarm_key", "关键标志", DWORD),
    0x0055: Parameter("top_speed", "最高速度", DWORD, "km/h"),
    0x0056: Parameter("speeding_seconds", "超速持续时间", DWORD, "s"),
    0x0057: Parameter("driving_limit", "连续驾驶时间门限", DWORD, "s"),
    0x0058: Parameter("daily_limit", "当天累计驾驶时间门限", DWORD, "s"),
    0x0059: Parameter("least_rest", "最小休息时间", DWORD, "s"),
    0x005A: Parameter("longest_stop", "最长停车时间", DWORD, "s"),
    0x005B: Parameter("speeding_warning", "超速预警差值", WORD, "0.1 km/h"),
    0x005C: Parameter("fatigue_warning", "疲劳驾驶预警差值", WORD, "s"),
    0x005D: Parameter("collision", "碰撞报警参数", WORD),
    0x005E: Parameter("rollover", "侧翻报警参数", WORD, "°"),
    0x0064: Parameter("timed_photo", "定时拍照控制", DWORD),
    0x0065: Parameter("distance_photo", "定距拍照控制", DWORD),
    0x0070: Parameter("image_quality", "图像/视频质量", DWORD, "1–10"),
    0x0071: Parameter("brightness", "亮度", DWORD),
    0x0072: Parameter("contrast", "对比度", DWORD),
    0x0073: Parameter("saturation", "饱和度", DWORD),
    0x0074: Parameter("chroma", "色度", DWORD),
    0x0075: Parameter("video", "音视频参数", Raw(21)),
    0x0076: Parameter("video_channels", "音视频通道列表", Raw()),
    0x0077: Parameter("video_channel", "单独视频通道参数", Raw()),
    0x0079: Parameter("alarm_recording", "特殊报警录像参数", Raw(3)),
    0x007A: Parameter("video_alarm_mask", "视频相关报警屏蔽字", DWORD),
    0x007B: Parameter("image_analysis", "图像分析报警参数", Raw(2)),
    0x007C: Parameter("sleep_wake", "终端休眠唤醒模式", Raw(20)),
    0x0080: Parameter("odometer", "车辆里程表读数", DWORD, "0.1 km"),
    0x0081: Parameter("province", "车辆所在的省域 ID", WORD),
    0x0082: Parameter("city", "车辆所在的市域 ID", WORD),
    0x0083: Parameter("plate", "机动车号牌", STRING),
    0x0084: Parameter("colour", "车牌颜色", BYTE),
    0x0090: Parameter("gnss_mode", "GNSS 定位模式：位 0 GPS 位 1 北斗 位 2 GLONASS 位 3 Galileo", BYTE),
    0x0091: Parameter("gnss_baud", "GNSS 波特率", BYTE),
    0x0092: Parameter("gnss_output", "GNSS 模块详细定位数据输出频率", BYTE),
    0x0093: Parameter("gnss_sampling", "GNSS 模块详细定位数据采集频率", DWORD, "s"),
    0x0094: Parameter("gnss_upload", "GNSS 模块详细定位数据上传方式", BYTE),
    0x0095: Parameter("gnss_upload_setting", "GNSS 模块详细定位数据上传设置", DWORD),
    0x0100: Parameter("can1_sampling", "CAN 总线通道 1 采集时间间隔", DWORD, "ms"),
    0x0101: Parameter("can1_upload", "CAN 总线通道 1 上传时间间隔", WORD, "s"),
    0x0102: Parameter("can2_sampling", "CAN 总线通道 2 采集时间间隔", DWORD, "ms"),
    0x0103: Parameter("can2_upload", "CAN 总线通道 2 上传时间间隔", WORD, "s"),
    0x0110: Parameter("can_id", "CAN 总线 ID 单独采集设置", Raw(8)),
    0xF364: Parameter("adas", "高级驾驶辅助系统参数", Raw()),
    0xF365: Parameter("dsm", "驾驶员状态监测系统参数", Raw()),
    0xF366: Parameter("tpms", "胎压监测系统参数", Raw()),
    0xF367: Parameter("bsd", "盲区监测系统参数", Raw()),
}


class Setting(NamedTuple):
    """A parameter and its value: as its type says, or bytes where it does not fit or is not known."""

    id: int
    value: Any

    @property
    def name(self) -> str:
        """The name of the parameter; empty for a vendor's."""
        known = PARAMETERS.get(self.id)
        return "" if known is None else known.name


def settings(**values: Any) -> tuple[Setting, ...]:
    """Settings by name: `settings(top_speed=100, driving_limit=14400)`; an unknown name is a KeyError."""
    ids = {parameter.name: number for number, parameter in PARAMETERS.items()}
    return tuple(Setting(ids[name], value) for name, value in values.items())


class SettingKind:
    """Id, length, value."""

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Setting, int]:
        number, at = DWORD.read(data, at, seen)
        size, at = BYTE.read(data, at, seen)
        raw, end = Raw(size).read(data, at, seen)
        return Setting(number, _value(number, raw, seen)), end

    def write(self, value: Any, seen: Seen) -> bytes:
        known = PARAMETERS.get(value.id)
        if isinstance(value.value, bytes):
            raw = value.value
        elif known is None:
            raise UnencodableError(f"参数 0x{value.id:04X} 未知，只能以字节下发")
        else:
            raw = known.kind.write(value.value, seen)
        return DWORD.write(value.id, seen) + BYTE.write(len(raw), seen) + raw


def _value(number: int, raw: bytes, seen: Seen) -> Any:
    known = PARAMETERS.get(number)
    if known is None:
        return raw
    try:
        value, end = known.kind.read(raw, 0, seen)
    except MalformedError:
        return raw
    return value if end == len(raw) else raw


SETTINGS = Listed(SettingKind())


@message(0x8103, "设置终端参数", "8.9")
class ParametersSet(Message):
    settings: tuple[Setting, ...] = column(SETTINGS, "参数项列表")


@message(0x8104, "查询终端参数", "8.10")
class ParametersQuery(Message):
    pass


@message(0x8106, "查询指定终端参数", "8.11")
class SomeParametersQuery(Message):
    ids: tuple[int, ...] = column(Listed(DWORD), "参数 ID 列表")


@message(0x0104, "查询终端参数应答", "8.12", answers=(0x8104, 0x8106))
class Parameters(Message):
    serial: int = column(WORD, "应答流水号")
    settings: tuple[Setting, ...] = column(SETTINGS, "参数项列表")
