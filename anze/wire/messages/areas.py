"""Circles, rectangles, polygons and routes that the terminal watches by itself.

Rule: bit 0 of the attributes says that there are times, bit 1 that there are speeds;
2019 adds the speed at night under bit 1, and a name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anze.wire.errors import MalformedError
from anze.wire.fields import (
    BYTE,
    DWORD,
    WORD,
    Kind,
    Listed,
    Moment,
    Prefixed,
    Seen,
    Text,
    When,
    since_2019,
)
from anze.wire.tables import Message, Nested, Table, column, message, table, write_table

TIMED, LIMITED = 1 << 0, 1 << 1


def timed(seen: Seen) -> bool:
    return bool(seen.values["attributes"] & TIMED)


def limited(seen: Seen) -> bool:
    return bool(seen.values["attributes"] & LIMITED)


NAME = since_2019(Prefixed(WORD, Text()))


def at_night(kind: Kind) -> Kind:
    return since_2019(When(limited, kind))


@table
class Circle(Table):
    area_id: int = column(DWORD, "区域 ID")
    attributes: int = column(WORD, "区域属性")
    latitude: int = column(DWORD, "中心点纬度", "1e-6°")
    longitude: int = column(DWORD, "中心点经度", "1e-6°")
    radius: int = column(DWORD, "半径", "m")
    since: datetime | None = column(When(timed, Moment()), "起始时间", default=None)
    until: datetime | None = column(When(timed, Moment()), "结束时间", default=None)
    speed: int | None = column(When(limited, WORD), "最高速度", "km/h", default=None)
    seconds: int | None = column(When(limited, BYTE), "超速持续时间", "s", default=None)
    night_speed: int | None = column(at_night(WORD), "夜间最高速度", "km/h", default=None)
    name: str | None = column(NAME, "区域名称", default=None)


@message(0x8600, "设置圆形区域", "8.35")
class Circles(Message):
    order: int = column(BYTE, "设置属性：0 更新 1 追加 2 修改")
    areas: tuple[Circle, ...] = column(Listed(Nested(Circle)), "区域项")


@table
class Rectangle(Table):
    area_id: int = column(DWORD, "区域 ID")
    attributes: int = column(WORD, "区域属性")
    top: int = column(DWORD, "左上点纬度", "1e-6°")
    left: int = column(DWORD, "左上点经度", "1e-6°")
    bottom: int = column(DWORD, "右下点纬度", "1e-6°")
    right: int = column(DWORD, "右下点经度", "1e-6°")
    since: datetime | None = column(When(timed, Moment()), "起始时间", default=None)
    until: datetime | None = column(When(timed, Moment()), "结束时间", default=None)
    speed: int | None = column(When(limited, WORD), "最高速度", "km/h", default=None)
    seconds: int | None = column(When(limited, BYTE), "超速持续时间", "s", default=None)
    night_speed: int | None = column(at_night(WORD), "夜间最高速度", "km/h", default=None)
    name: str | None = column(NAME, "区域名称", default=None)


@message(0x8602, "设置矩形区域", "8.37")
class Rectangles(Message):
    order: int = column(BYTE, "设置属性：0 更新 1 追加 2 修改")
    areas: tuple[Rectangle, ...] = column(Listed(Nested(Rectangle)), "区域项")


@table
class Point(Table):
    latitude: int = column(DWORD, "顶点纬度", "1e-6°")
    longitude: int = column(DWORD, "顶点经度", "1e-6°")


@message(0x8604, "设置多边形区域", "8.39")
class Polygon(Message):
    area_id: int = column(DWORD, "区域 ID")
    attributes: int = column(WORD, "区域属性")
    since: datetime | None = column(When(timed, Moment()), "起始时间", default=None)
    until: datetime | None = column(When(timed, Moment()), "结束时间", default=None)
    speed: int | None = column(When(limited, WORD), "最高速度", "km/h", default=None)
    seconds: int | None = column(When(limited, BYTE), "超速持续时间", "s", default=None)
    points: tuple[Point, ...] = column(Listed(Nested(Point), WORD), "顶点项")
    night_speed: int | None = column(at_night(WORD), "夜间最高速度", "km/h", default=None)
    name: str | None = column(NAME, "区域名称", default=None)


@table
class Corner(Table):
    corner_id: int = column(DWORD, "拐点 ID")
    segment_id: int = column(DWORD, "路段 ID")
    latitude: int = column(DWORD, "拐点纬度", "1e-6°")
    longitude: int = column(DWORD, "拐点经度", "1e-6°")
    width: int = column(BYTE, "路段宽度", "m")
    attributes: int = column(BYTE, "路段属性")
    longest: int | None = column(When(timed, WORD), "路段行驶过长阈值", "s", default=None)
    shortest: int | None = column(When(timed, WORD), "路段行驶不足阈值", "s", default=None)
    speed: int | None = column(When(limited, WORD), "路段最高速度", "km/h", default=None)
    seconds: int | None = column(When(limited, BYTE), "路段超速持续时间", "s", default=None)
    night_speed: int | None = column(at_night(WORD), "路段夜间最高速度", "km/h", default=None)


@message(0x8606, "设置路线", "8.41")
class Route(Message):
    route_id: int = column(DWORD, "路线 ID")
    attributes: int = column(WORD, "路线属性")
    since: datetime | None = column(When(timed, Moment()), "起始时间", default=None)
    until: datetime | None = column(When(timed, Moment()), "结束时间", default=None)
    corners: tuple[Corner, ...] = column(Listed(Nested(Corner), WORD), "拐点项")
    name: str | None = column(NAME, "路线名称", default=None)


@message(0x8601, "删除圆形区域", "8.36")
class CirclesDeleted(Message):
    areas: tuple[int, ...] = column(Listed(DWORD), "区域 ID：空为全部")


@message(0x8603, "删除矩形区域", "8.38")
class RectanglesDeleted(Message):
    areas: tuple[int, ...] = column(Listed(DWORD), "区域 ID：空为全部")


@message(0x8605, "删除多边形区域", "8.40")
class PolygonsDeleted(Message):
    areas: tuple[int, ...] = column(Listed(DWORD), "区域 ID：空为全部")


@message(0x8607, "删除路线", "8.42")
class RoutesDeleted(Message):
    routes: tuple[int, ...] = column(Listed(DWORD), "路线 ID：空为全部")


@message(0x8608, "查询区域或线路数据", "2019")
class AreasQuery(Message):
    kind: int = column(BYTE, "查询类型：1 圆形 2 矩形 3 多边形 4 线路")
    areas: tuple[int, ...] = column(Listed(DWORD, DWORD), "区域或线路 ID：空为全部")


SHAPES: dict[int, type[Message]] = {1: Circles, 2: Rectangles, 3: Polygon, 4: Route}


class Shapes:
    """Areas as they were set, one after another; bytes where they do not add up.

    The standard leaves open whether a group repeats the head of its 0x860x; it does wherever it was seen.
    """

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[tuple[Message, ...] | bytes, int]:
        shape = SHAPES.get(seen.values["kind"])
        if shape is None:
            return data[at:], len(data)
        try:
            return Listed(Nested(shape), None).read(data, at, seen)
        except MalformedError:
            return data[at:], len(data)

    def write(self, value: Any, seen: Seen) -> bytes:
        if isinstance(value, bytes):
            return value
        return b"".join(write_table(each, seen.version) for each in value)


@message(0x0608, "查询区域或线路数据应答", "2019", answers=(0x8608,))
class AreasAnswer(Message):
    kind: int = column(BYTE, "查询类型：1 圆形 2 矩形 3 多边形 4 线路")
    count: int = column(DWORD, "区域或线路数量")
    areas: tuple[Message, ...] | bytes = column(Shapes(), "区域或线路数据")
