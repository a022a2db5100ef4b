"""Alarms of vehicles: reported, urged by the authority (督办) until a deadline, answered, warned of.

Sources: 1 车载终端 2 企业监控平台 3 政府监管平台 9 其他. Kinds: 1 超速 2 疲劳 3 紧急 4 进区域 5 出区域 8 越界
9 盗警 A 劫警 B 偏离路线 C 车辆移动 D 超时驾驶 E 其他; 2019 more.

809lib: layouts and the texts of the codes.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from anze.wire.fields import BYTE, DWORD, WORD, Text, since_2019
from anze.wire.jt809.kinds import CONTENT, PlatformId, UtcTime
from anze.wire.jt809.messages.vehicles import by_version
from anze.wire.jt809.tables import V2011, VERSIONS, Message, message
from anze.wire.tables import column


class Handling(IntEnum):
    """The result in 0x1401 and 0x1403."""

    IN_HAND = 0
    DONE = 1
    NOTHING = 2
    LATER = 3


@message(0x9401, "报警督办请求", "809lib", verified=(V2011,))
class Supervision(Message):
    source: int = column(BYTE, "报警信息来源")
    kind: int = column(WORD, "报警类型")
    time: datetime | None = column(UtcTime(), "报警时间")
    supervision_id: int = column(DWORD, "报警督办 ID")
    until: datetime | None = column(UtcTime(), "督办截止时间")
    level: int = column(BYTE, "督办级别：0 紧急 1 一般")
    supervisor: str = column(Text(16), "督办人")
    telephone: str = column(Text(20), "督办联系电话")
    mail: str = column(Text(32), "督办联系电子邮件")


@message(0x1401, "报警督办应答", "809lib", verified=(V2011,))
class SupervisionAnswer(Message):
    supervision_id: int = column(DWORD, "报警督办 ID")
    result: int = column(BYTE, "报警处理结果：0 处理中 1 已处理完毕 2 不作处理 3 将来处理")


@message(0x1402, "上报报警信息", "809lib", verified=VERSIONS)
class AlarmReport(Message):
    source: int | None = column(by_version(BYTE, None), "报警信息来源", default=None)
    platform: str | None = column(since_2019(PlatformId()), "发起报警平台唯一编码", default=None)
    kind: int = column(WORD, "报警类型")
    time: datetime | None = column(UtcTime(), "报警时间")
    since: datetime | None = column(since_2019(UtcTime()), "事件开始时间", default=None)
    until: datetime | None = column(since_2019(UtcTime()), "事件结束时间", default=None)
    plate: str | None = column(since_2019(Text(21)), "车牌号", default=None)
    colour: int | None = column(since_2019(BYTE), "车牌颜色", default=None)
    target: str | None = column(since_2019(PlatformId()), "被报警平台唯一编码", default=None)
    route: int | None = column(since_2019(DWORD), "线路 ID", default=None)
    alarm_id: int | None = column(by_version(DWORD, None), "信息 ID", default=None)
    text: str = column(CONTENT, "报警信息内容")


@message(0x1403, "主动上报报警处理结果", "809lib", verified=VERSIONS)
class AlarmHandled(Message):
    platform: str | None = column(since_2019(PlatformId()), "发起报警平台唯一编码", default=None)
    kind: int | None = column(since_2019(WORD), "报警类型", default=None)
    time: datetime | None = column(since_2019(UtcTime()), "报警时间", default=None)
    since: datetime | None = column(since_2019(UtcTime()), "事件开始时间", default=None)
    until: datetime | None = column(since_2019(UtcTime()), "事件结束时间", default=None)
    plate: str | None = column(since_2019(Text(21)), "车牌号", default=None)
    colour: int | None = column(since_2019(BYTE), "车牌颜色", default=None)
    target: str | None = column(since_2019(PlatformId()), "被报警平台唯一编码", default=None)
    route: int | None = column(since_2019(DWORD), "线路 ID", default=None)
    text: str | None = column(since_2019(CONTENT), "处理结果内容", default=None)
    alarm_id: int | None = column(by_version(DWORD, None), "信息 ID", default=None)
    result: int | None = column(by_version(BYTE, None), "报警处理结果", default=None)


@message(0x9402, "报警预警", "809lib", verified=VERSIONS)
class Warned(Message):
    source: int | None = column(by_version(BYTE, None), "报警信息来源", default=None)
    platform: str | None = column(since_2019(PlatformId()), "发起报警平台唯一编码", default=None)
    kind: int = column(WORD, "报警类型")
    time: datetime | None = column(UtcTime(), "报警时间")
    since: datetime | None = column(since_2019(UtcTime()), "事件开始时间", default=None)
    until: datetime | None = column(since_2019(UtcTime()), "事件结束时间", default=None)
    plate: str | None = column(since_2019(Text(21)), "车牌号", default=None)
    colour: int | None = column(since_2019(BYTE), "车牌颜色", default=None)
    target: str | None = column(since_2019(PlatformId()), "被报警平台唯一编码", default=None)
    route: int | None = column(since_2019(DWORD), "线路 ID", default=None)
    text: str = column(CONTENT, "报警描述")
