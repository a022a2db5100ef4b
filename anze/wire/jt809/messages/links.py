"""The two links: log-in, log-out, keep-alive, notices that a link broke; and the counts of what they carried.

The lower platform opens the main link and logs in; the upper platform then opens the other link, the slave,
to the address in the log-in, and proves itself there with the verification code that its answer gave.

809lib: layouts and the texts of the codes.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from anze.wire.fields import BYTE, DWORD, WORD, Listed, Text, since_2019
from anze.wire.jt809.kinds import UtcTime, block
from anze.wire.jt809.tables import V2011, V2019, VERSIONS, Message, message
from anze.wire.tables import Nested, Table, column, table


class LoginResult(IntEnum):
    """The result in 0x1002."""

    OK = 0
    WRONG_ADDRESS = 1
    WRONG_PLATFORM = 2
    UNKNOWN_USER = 3
    WRONG_PASSWORD = 4
    BUSY = 5
    OTHER = 6


LOGIN_TEXTS: dict[int, str] = {
    LoginResult.OK: "成功",
    LoginResult.WRONG_ADDRESS: "IP 地址不正确",
    LoginResult.WRONG_PLATFORM: "接入码不正确",
    LoginResult.UNKNOWN_USER: "用户没有注册",
    LoginResult.WRONG_PASSWORD: "密码错误",
    LoginResult.BUSY: "资源紧张，稍后再连接（已经占用）",
    LoginResult.OTHER: "其他",
}


@message(0x1001, "主链路登录请求", "809lib", verified=VERSIONS)
class Login(Message):
    user: int = column(DWORD, "用户名")
    password: str = column(Text(8), "密码")
    platform: int | None = column(since_2019(DWORD), "下级平台接入码", default=None)
    address: str = column(Text(32), "从链路服务端 IP 地址")
    port: int = column(WORD, "从链路服务端口")


@message(0x1002, "主链路登录应答", "809lib", verified=(V2011,))
class LoginAnswer(Message):
    result: int = column(BYTE, "验证结果")
    code: int = column(DWORD, "校验码")


@message(0x1003, "主链路注销请求", "809lib", verified=(V2011,))
class Logout(Message):
    user: int = column(DWORD, "用户名")
    password: str = column(Text(8), "密码")


@message(0x1004, "主链路注销应答", "809lib")
class LogoutAnswer(Message):
    pass


@message(0x1005, "主链路连接保持请求", "809lib")
class KeepAlive(Message):
    pass


@message(0x1006, "主链路连接保持应答", "809lib")
class KeepAliveAnswer(Message):
    pass


@message(0x1007, "主链路断开通知", "809lib", verified=(V2011,))
class MainLost(Message):
    """Said over the slave link."""

    reason: int = column(BYTE, "错误代码：0 主链路断开 1 其他原因")


@message(0x1008, "下级平台主动关闭主从链路通知", "809lib", verified=(V2011,))
class Closing(Message):
    reason: int = column(BYTE, "错误代码：0 网关重启 1 其他原因")


class SlaveResult(IntEnum):
    """The result in 0x9002."""

    OK = 0
    WRONG_CODE = 1
    BUSY = 2
    OTHER = 3


@message(0x9001, "从链路连接请求", "809lib", verified=(V2011,))
class SlaveLogin(Message):
    code: int = column(DWORD, "校验码")


@message(0x9002, "从链路连接应答", "809lib", verified=(V2011,))
class SlaveLoginAnswer(Message):
    result: int = column(BYTE, "验证结果")


@message(0x9003, "从链路注销请求", "809lib", verified=(V2011,))
class SlaveLogout(Message):
    code: int = column(DWORD, "校验码")


@message(0x9004, "从链路注销应答", "809lib")
class SlaveLogoutAnswer(Message):
    pass


@message(0x9005, "从链路连接保持请求", "809lib")
class SlaveKeepAlive(Message):
    pass


@message(0x9006, "从链路连接保持应答", "809lib")
class SlaveKeepAliveAnswer(Message):
    pass


@message(0x9007, "从链路断开通知", "809lib", verified=(V2011,))
class SlaveLost(Message):
    """Said over the main link."""

    reason: int = column(BYTE, "错误代码：0 无法连接指定的地址 1 从链路断开 2 其他原因")


@message(0x9008, "上级平台主动关闭主从链路通知", "809lib", verified=(V2011,))
class UpperClosing(Message):
    reason: int = column(BYTE, "错误代码：0 网关重启 1 其他原因")


@message(0x9101, "接收定位信息数量通知", "809lib", verified=(V2011,))
class PositionsCounted(Message):
    total: int = column(DWORD, "定位信息数量")
    since: datetime | None = column(UtcTime(), "开始时间")
    until: datetime | None = column(UtcTime(), "结束时间")


@table
class Span(Table):
    platform: str = column(Text(11), "平台唯一编码")
    since: datetime | None = column(UtcTime(), "开始时间")
    until: datetime | None = column(UtcTime(), "结束时间")


@table
class LinkCounts(Table):
    platform: str = column(Text(11), "平台唯一编码")
    since: datetime | None = column(UtcTime(), "开始时间")
    until: datetime | None = column(UtcTime(), "结束时间")
    lost: int = column(DWORD, "丢失动态信息总数")
    breaks: int = column(BYTE, "链路断开次数")
    broken_for: int = column(DWORD, "链路断开总时长", "s")


@message(0x9102, "平台链路连接情况与定位消息传输情况上报请求", "809lib", verified=(V2019,))
class LinkReportWanted(Message):
    kind: int = column(WORD, "子业务类型标识", default=0x9102)
    span: Span = column(block(Span), "时段")


@message(0x1102, "平台链路连接情况与定位消息传输情况上报应答", "809lib", verified=(V2019,))
class LinkReport(Message):
    kind: int = column(WORD, "子业务类型标识", default=0x1102)
    counts: LinkCounts = column(block(LinkCounts), "数量")


@table
class LastSerial(Table):
    message_id: int = column(WORD, "子业务类型标识")
    serial: int = column(DWORD, "报文序列号")
    time: datetime | None = column(UtcTime(), "时间")


@table
class LastSerials(Table):
    serials: tuple[LastSerial, ...] = column(Listed(Nested(LastSerial)), "序列号")


@message(0x9103, "下发平台间消息序列号通知", "809lib", verified=(V2019,))
class SerialsTold(Message):
    kind: int = column(WORD, "子业务类型标识", default=0x9103)
    last: LastSerials = column(block(LastSerials), "序列号")
