"""Pictures, sound and video that the terminal took: announced, sent, searched for, ordered."""

from __future__ import annotations

from datetime import datetime

from anze.wire.fields import BYTE, DWORD, WORD, ByVersion, Listed, Moment, Raw, Tail
from anze.wire.position import Position, PositionKind
from anze.wire.tables import Message, Nested, Table, column, message, table


@message(0x0800, "多媒体事件信息上传", "8.51")
class MediaEvent(Message):
    media_id: int = column(DWORD, "多媒体数据 ID")
    kind: int = column(BYTE, "多媒体类型：0 图像 1 音频 2 视频")
    format: int = column(BYTE, "编码：0 JPEG 1 TIF 2 MP3 3 WAV 4 WMV")
    event: int = column(BYTE, "事件项编码")
    channel: int = column(BYTE, "通道 ID")


@message(0x0801, "多媒体数据上传", "8.52")
class MediaData(Message):
    """2011 has no position before the data."""

    media_id: int = column(DWORD, "多媒体数据 ID")
    kind: int = column(BYTE, "多媒体类型：0 图像 1 音频 2 视频")
    format: int = column(BYTE, "编码：0 JPEG 1 TIF 2 MP3 3 WAV 4 WMV")
    event: int = column(BYTE, "事件项编码")
    channel: int = column(BYTE, "通道 ID")
    position: Position | None = column(
        ByVersion(None, PositionKind(28), PositionKind(28)), "位置信息汇报", default=None
    )
    data: bytes = column(Raw(), "多媒体数据包")


@message(0x8800, "多媒体数据上传应答", "8.53")
class MediaAnswer(Message):
    """Without a list when everything arrived."""

    media_id: int = column(DWORD, "多媒体数据 ID")
    missing: tuple[int, ...] | None = column(Tail(Listed(WORD)), "重传包 ID 列表", default=None)


@message(0x8801, "摄像头立即拍摄命令", "8.54")
class Shoot(Message):
    channel: int = column(BYTE, "通道 ID")
    order: int = column(WORD, "拍摄命令：0 停止 0xFFFF 录像 其他为张数")
    interval: int = column(WORD, "拍照间隔/录像时间：0 最小间隔或一直录像", "s")
    keep: int = column(BYTE, "保存标志：1 保存 0 实时上传")
    resolution: int = column(BYTE, "分辨率")
    quality: int = column(BYTE, "图像/视频质量", "1–10")
    brightness: int = column(BYTE, "亮度")
    contrast: int = column(BYTE, "对比度", "0–127")
    saturation: int = column(BYTE, "饱和度", "0–127")
    chroma: int = column(BYTE, "色度")


@message(0x0805, "摄像头立即拍摄命令应答", "8.55", answers=(0x8801,))
class ShootAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    result: int = column(BYTE, "结果：0 成功 1 失败 2 通道不支持")
    media_ids: tuple[int, ...] | None = column(Tail(Listed(DWORD, WORD)), "多媒体 ID 列表", default=None)


@message(0x8802, "存储多媒体数据检索", "8.56")
class MediaSearch(Message):
    kind: int = column(BYTE, "多媒体类型")
    channel: int = column(BYTE, "通道 ID：0 所有通道")
    event: int = column(BYTE, "事件项编码")
    since: datetime | None = column(Moment(), "起始时间")
    until: datetime | None = column(Moment(), "结束时间")


@table
class MediaFound(Table):
    media_id: int = column(DWORD, "多媒体 ID")
    kind: int = column(BYTE, "多媒体类型")
    channel: int = column(BYTE, "通道 ID")
    event: int = column(BYTE, "事件项编码")
    position: Position = column(PositionKind(28), "位置信息汇报")


@message(0x0802, "存储多媒体数据检索应答", "8.57", answers=(0x8802,))
class MediaSearchAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    found: tuple[MediaFound, ...] = column(Listed(Nested(MediaFound), WORD), "检索项")


@message(0x8803, "存储多媒体数据上传命令", "8.58")
class MediaUpload(Message):
    kind: int = column(BYTE, "多媒体类型")
    channel: int = column(BYTE, "通道 ID")
    event: int = column(BYTE, "事件项编码")
    since: datetime | None = column(Moment(), "起始时间")
    until: datetime | None = column(Moment(), "结束时间")
    delete: int = column(BYTE, "删除标志：0 保留 1 删除")


@message(0x8804, "录音开始命令", "8.59")
class Record(Message):
    order: int = column(BYTE, "录音命令：0 停止 1 开始")
    seconds: int = column(WORD, "录音时间：0 一直录音", "s")
    keep: int = column(BYTE, "保存标志：0 实时上传 1 保存")
    rate: int = column(BYTE, "音频采样率：0 8K 1 11K 2 23K 3 32K")


@message(0x8805, "单条存储多媒体数据检索上传命令", "8.60")
class MediaUploadOne(Message):
    media_id: int = column(DWORD, "多媒体 ID")
    delete: int = column(BYTE, "删除标志：0 保留 1 删除")
