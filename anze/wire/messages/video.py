"""Video: what is to be sent where. Signalling only; media go to a media server on their own connection.

JT/T 1078-2016: §5.4 attributes and passengers, §5.5 live, §5.6 recorded, §5.7 the camera's head.
"""

from __future__ import annotations

from datetime import datetime

from anze.wire.fields import BYTE, DWORD, QWORD, WORD, Listed, Moment, Prefixed, Text
from anze.wire.tables import Message, Nested, Table, column, message, table

ADDRESS = Prefixed(BYTE, Text())


@message(0x9003, "查询终端音视频属性", "1078 §5.4")
class MediaAttributesQuery(Message):
    pass


@message(0x1003, "终端上传音视频属性", "1078 §5.4", answers=(0x9003,))
class MediaAttributes(Message):
    audio_coding: int = column(BYTE, "输入音频编码方式")
    audio_tracks: int = column(BYTE, "输入音频声道数")
    audio_rate: int = column(BYTE, "输入音频采样率：0 8k 1 22.05k 2 44.1k 3 48k")
    audio_bits: int = column(BYTE, "输入音频采样位数：0 8 位 1 16 位 2 32 位")
    audio_frame: int = column(WORD, "音频帧长度")
    audio_output: int = column(BYTE, "是否支持音频输出")
    video_coding: int = column(BYTE, "视频编码方式")
    audio_channels: int = column(BYTE, "终端支持的最大音频物理通道数量")
    video_channels: int = column(BYTE, "终端支持的最大视频物理通道数量")


@message(0x1005, "终端上传乘客流量", "1078 §5.4")
class Passengers(Message):
    since: datetime | None = column(Moment(), "起始时间")
    until: datetime | None = column(Moment(), "结束时间")
    boarded: int = column(WORD, "上车人数")
    left: int = column(WORD, "下车人数")


@message(0x9101, "实时音视频传输请求", "1078 §5.5")
class LiveWanted(Message):
    host: str = column(ADDRESS, "服务器 IP 地址")
    tcp_port: int = column(WORD, "服务器视频通道监听端口号（TCP）")
    udp_port: int = column(WORD, "服务器视频通道监听端口号（UDP）")
    channel: int = column(BYTE, "逻辑通道号")
    media: int = column(BYTE, "数据类型：0 音视频 1 视频 2 双向对讲 3 监听 4 中心广播 5 透传")
    stream: int = column(BYTE, "码流类型：0 主码流 1 子码流")


@message(0x9102, "音视频实时传输控制", "1078 §5.5")
class LiveControl(Message):
    channel: int = column(BYTE, "逻辑通道号")
    order: int = column(BYTE, "控制指令：0 关闭 1 切换码流 2 暂停 3 恢复 4 关闭双向对讲")
    closing: int = column(BYTE, "关闭音视频类型：0 全部 1 音频 2 视频")
    stream: int = column(BYTE, "切换码流类型：0 主码流 1 子码流")


@message(0x9105, "实时音视频传输状态通知", "1078 §5.5")
class LiveState(Message):
    channel: int = column(BYTE, "逻辑通道号")
    lost: int = column(BYTE, "丢包率", "%")


@message(0x9205, "查询资源列表", "1078 §5.6")
class RecordingsQuery(Message):
    channel: int = column(BYTE, "逻辑通道号：0 所有通道")
    since: datetime | None = column(Moment(), "开始时间")
    until: datetime | None = column(Moment(), "结束时间")
    alarm_bits: int = column(QWORD, "报警标志：低 32 位同 0x0200，高 32 位视频报警")
    media: int = column(BYTE, "音视频资源类型：0 音视频 1 音频 2 视频 3 视频或音视频")
    stream: int = column(BYTE, "码流类型：0 所有 1 主码流 2 子码流")
    storage: int = column(BYTE, "存储器类型：0 所有 1 主 2 灾备")


@table
class Recording(Table):
    channel: int = column(BYTE, "逻辑通道号")
    since: datetime | None = column(Moment(), "开始时间")
    until: datetime | None = column(Moment(), "结束时间")
    alarm_bits: int = column(QWORD, "报警标志")
    media: int = column(BYTE, "音视频资源类型")
    stream: int = column(BYTE, "码流类型")
    storage: int = column(BYTE, "存储器类型")
    size: int = column(DWORD, "文件大小", "byte")


@message(0x1205, "终端上传音视频资源列表", "1078 §5.6", answers=(0x9205,))
class Recordings(Message):
    serial: int = column(WORD, "流水号")
    recordings: tuple[Recording, ...] = column(Listed(Nested(Recording), DWORD), "音视频资源列表")


@message(0x9201, "远程录像回放请求", "1078 §5.6")
class PlaybackWanted(Message):
    host: str = column(ADDRESS, "服务器 IP 地址")
    tcp_port: int = column(WORD, "服务器端口号（TCP）")
    udp_port: int = column(WORD, "服务器端口号（UDP）")
    channel: int = column(BYTE, "逻辑通道号")
    media: int = column(BYTE, "音视频类型")
    stream: int = column(BYTE, "码流类型")
    storage: int = column(BYTE, "存储器类型")
    mode: int = column(BYTE, "回放方式：0 正常 1 快进 2 关键帧快退 3 关键帧 4 单帧上传")
    speed: int = column(BYTE, "快进或快退倍数：1 1 倍 2 2 倍 3 4 倍 4 8 倍 5 16 倍")
    since: datetime | None = column(Moment(), "开始时间")
    until: datetime | None = column(Moment(), "结束时间：无则一直回放")


@message(0x9202, "远程录像回放控制", "1078 §5.6")
class PlaybackControl(Message):
    channel: int = column(BYTE, "音视频通道号")
    order: int = column(BYTE, "回放控制：0 开始 1 暂停 2 结束 3 快进 4 关键帧快退 5 拖动 6 关键帧")
    speed: int = column(BYTE, "快进或快退倍数")
    at: datetime | None = column(Moment(), "拖动回放位置")


@message(0x9206, "文件上传指令", "1078 §5.6")
class RecordingWanted(Message):
    host: str = column(ADDRESS, "FTP 服务器地址")
    port: int = column(WORD, "端口")
    user: str = column(ADDRESS, "用户名")
    password: str = column(ADDRESS, "密码")
    path: str = column(ADDRESS, "文件上传路径")
    channel: int = column(BYTE, "逻辑通道号")
    since: datetime | None = column(Moment(), "开始时间")
    until: datetime | None = column(Moment(), "结束时间")
    alarm_bits: int = column(QWORD, "报警标志")
    media: int = column(BYTE, "音视频资源类型")
    stream: int = column(BYTE, "码流类型")
    storage: int = column(BYTE, "存储位置")
    conditions: int = column(BYTE, "任务执行条件：位 0 WIFI 位 1 LAN 位 2 3G/4G")


@message(0x1206, "文件上传完成通知", "1078 §5.6", answers=(0x9206,))
class RecordingUploaded(Message):
    serial: int = column(WORD, "应答流水号")
    result: int = column(BYTE, "结果：0 成功 1 失败")


@message(0x9207, "文件上传控制", "1078 §5.6")
class UploadControl(Message):
    serial: int = column(WORD, "应答流水号：0x9206 的流水号")
    order: int = column(BYTE, "上传控制：0 暂停 1 继续 2 取消")


@message(0x9301, "云台旋转", "1078 §5.7")
class HeadTurn(Message):
    channel: int = column(BYTE, "逻辑通道号")
    direction: int = column(BYTE, "方向：0 停止 1 上 2 下 3 左 4 右")
    speed: int = column(BYTE, "速度", "0–255")


@message(0x9302, "云台调整焦距控制", "1078 §5.7")
class HeadFocus(Message):
    channel: int = column(BYTE, "逻辑通道号")
    direction: int = column(BYTE, "焦距调整方向：0 大 1 小")


@message(0x9303, "云台调整光圈控制", "1078 §5.7")
class HeadAperture(Message):
    channel: int = column(BYTE, "逻辑通道号")
    direction: int = column(BYTE, "光圈调整方式：0 大 1 小")


@message(0x9304, "云台雨刷控制", "1078 §5.7")
class HeadWiper(Message):
    channel: int = column(BYTE, "逻辑通道号")
    on: int = column(BYTE, "启停标识：0 停止 1 启动")


@message(0x9305, "红外补光控制", "1078 §5.7")
class HeadLight(Message):
    channel: int = column(BYTE, "逻辑通道号")
    on: int = column(BYTE, "启停标识：0 停止 1 启动")


@message(0x9306, "云台变倍控制", "1078 §5.7")
class HeadZoom(Message):
    channel: int = column(BYTE, "逻辑通道号")
    direction: int = column(BYTE, "变倍控制：0 大 1 小")
