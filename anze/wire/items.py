"""Additional items of a position: an id, a length, a value.

Rule 1: an item is decoded only where its length fits its meaning; otherwise it stays raw: vendors reuse ids.
Rule 2: a dialect (data, per model) replaces or removes the meaning of single ids.
Rule 3: where the lengths overrun the body, what is left becomes one broken item; nothing raises.

JT/T 808-2013 §8.18 with 0x05 and 0x06 of 2019; JT/T 1078-2016 (0x14–0x18); T/JSATL 12-2017 (0x64–0x67).
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import Any, NamedTuple

from anze.wire import safety
from anze.wire.errors import MalformedError
from anze.wire.fields import BYTE, DWORD, SIGNED, WORD, Kind, Number, Raw, Seen, Tail
from anze.wire.header import Version
from anze.wire.tables import Nested, Table, column, table


class Item(NamedTuple):
    """What an id means: the name in code and on the page, how its value lies, and its unit."""

    name: str
    title: str
    kind: Kind
    unit: str = ""


Dialect = Mapping[int, Item]


class Extra(NamedTuple):
    """An item as received; `value` is None where the meaning is unknown or does not fit."""

    id: int
    raw: bytes
    name: str = ""
    value: Any = None
    broken: bool = False


@table
class AreaSpeeding(Table):
    place: int = column(BYTE, "位置类型")
    place_id: int | None = column(Tail(DWORD), "区域或路段 ID", default=None)


@table
class AreaCrossing(Table):
    place: int = column(BYTE, "位置类型")
    place_id: int = column(DWORD, "区域或线路 ID")
    leaving: int = column(BYTE, "方向：0 进 1 出")


@table
class SegmentTime(Table):
    segment_id: int = column(DWORD, "路段 ID")
    seconds: int = column(WORD, "路段行驶时间", "s")
    too_long: int = column(BYTE, "结果：0 不足 1 过长")


@table
class Behaviour(Table):
    kinds: int = column(WORD, "异常驾驶行为类型：位 0 疲劳 1 打电话 2 抽烟")
    fatigue: int = column(BYTE, "疲劳程度", "0–100")


STANDARD: Dialect = {
    0x01: Item("mileage", "里程", DWORD, "0.1 km"),
    0x02: Item("fuel", "油量", WORD, "0.1 L"),
    0x03: Item("recorder_speed", "行驶记录速度", WORD, "0.1 km/h"),
    0x04: Item("alarm_event", "需人工确认报警事件的 ID", WORD),
    0x05: Item("tyre_pressure", "胎压", Raw(30), "Pa"),
    0x06: Item("cabin_temperature", "车厢温度", SIGNED, "°C"),
    0x11: Item("area_speeding", "超速报警附加信息", Nested(AreaSpeeding)),
    0x12: Item("area_crossing", "进出区域/路线报警附加信息", Nested(AreaCrossing)),
    0x13: Item("segment_time", "路段行驶时间不足/过长附加信息", Nested(SegmentTime)),
    0x14: Item("video_alarms", "视频相关报警", DWORD),
    0x15: Item("video_lost", "视频信号丢失报警状态", DWORD),
    0x16: Item("video_blocked", "视频信号遮挡报警状态", DWORD),
    0x17: Item("storage_faults", "存储器故障报警状态", WORD),
    0x18: Item("behaviour", "异常驾驶行为报警详细描述", Nested(Behaviour)),
    0x25: Item("signals", "扩展车辆信号状态位", DWORD),
    0x2A: Item("io", "IO 状态位", WORD),
    0x2B: Item("analog", "模拟量", DWORD),
    0x30: Item("network", "无线通信网络信号强度", BYTE),
    0x31: Item("satellites", "GNSS 定位卫星数", BYTE),
    0x64: Item("adas", "高级驾驶辅助报警", Nested(safety.DrivingAssistance)),
    0x65: Item("dsm", "驾驶员状态监测报警", Nested(safety.DriverState)),
    0x66: Item("tpms", "胎压监测报警", Nested(safety.TyrePressure)),
    0x67: Item("bsd", "盲区监测报警", Nested(safety.BlindSpot)),
}
ANY_VERSION = Seen(Version.V2019)
CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
MOST_LAYOUTS = 256


class Layout(NamedTuple):
    """Items of one order: a struct of heads (id and length as one number) and values in turn."""

    form: Struct
    heads: tuple[int, ...]
    names: tuple[str, ...]


def read_items(tail: bytes, dialect: Dialect) -> tuple[Extra, ...]:
    """All items in their order; the last is broken where the lengths do not add up."""
    found = []
    at, end = 0, len(tail)
    while at < end:
        start = at + 2
        at = start + tail[start - 1] if start <= end else end + 1
        if at > end:
            found.append(Extra(tail[start - 2], tail[start - 1 :], broken=True))
            break
        found.append(meaning(tail[start - 2], tail[start:at], dialect))
    return tuple(found)


def item_values(tail: bytes, dialect: Dialect) -> dict[str, Any]:
    """The values of the items that are known and fit, by name."""
    return {extra.name: extra.value for extra in read_items(tail, dialect) if extra.value is not None}


class ItemReader:
    """`item_values` of one dialect, quicker: a terminal sends the same items in the same order every time.

    For each length of tail, the ids and lengths seen last are kept as one struct; a tail that has the same
    is read in one step. At most MOST_LAYOUTS are kept. Only plain numbers take this way.
    """

    __slots__ = ("_dialect", "_layouts")

    def __init__(self, dialect: Dialect = STANDARD) -> None:
        self._dialect = dialect
        self._layouts: dict[int, Layout] = {}

    def values(self, tail: bytes) -> dict[str, Any]:
        layout = self._layouts.get(len(tail))
        if layout is not None:
            row = layout.form.unpack(tail)
            if row[::2] == layout.heads:
                return dict(zip(layout.names, row[1::2], strict=True))
        found = read_items(tail, self._dialect)
        learnt = self._learn(found)
        if learnt is not None and (layout is not None or len(self._layouts) < MOST_LAYOUTS):
            self._layouts[len(tail)] = learnt
        return {extra.name: extra.value for extra in found if extra.value is not None}

    def _learn(self, found: tuple[Extra, ...]) -> Layout | None:
        kinds = [self._dialect[extra.id].kind for extra in found if extra.value is not None]
        numbers = [kind for kind in kinds if isinstance(kind, Number) and not kind.signed]
        names = {extra.name for extra in found}
        if not found or len(numbers) < len(found) or len(names) < len(found):
            return None
        heads = tuple(extra.id << 8 | len(extra.raw) for extra in found)
        form = "".join("H" + CODES[kind.size] for kind in numbers)
        return Layout(Struct(f">{form}"), heads, tuple(extra.name for extra in found))


def meaning(item_id: int, raw: bytes, dialect: Dialect) -> Extra:
    """The item with its value, where the dialect knows the id and the length fits."""
    item = dialect.get(item_id)
    if item is None:
        return Extra(item_id, raw)
    if type(item.kind) is Number and not item.kind.signed:
        fits = len(raw) == item.kind.size
        return Extra(item_id, raw, item.name, int.from_bytes(raw, "big") if fits else None)
    try:
        value, end = item.kind.read(raw, 0, ANY_VERSION)
    except MalformedError:
        return Extra(item_id, raw, item.name)
    return Extra(item_id, raw, item.name, value if end == len(raw) else None)


def write_items(values: Mapping[int, Any], dialect: Dialect = STANDARD) -> bytes:
    """Items of values by id; bytes go out as they are."""
    pieces = []
    for item_id, value in values.items():
        raw = value if isinstance(value, bytes) else dialect[item_id].kind.write(value, ANY_VERSION)
        pieces.append(bytes((item_id, len(raw))) + raw)
    return b"".join(pieces)
