"""How a position is said in Chinese: place, heading, speed, and whether the vehicle is on line."""

from __future__ import annotations

from anze.records.fleet.positions import VehiclePosition

HEADINGS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
STATES = {
    "online": ("met", "在线"),
    "offline": ("late", "离线"),
    "silent": ("upcoming", "从未上线"),
    "bare": ("none", "未装终端"),
}
SOURCES = ("实时", "批量", "补传")


def state_of(row: VehiclePosition) -> str:
    if row.online:
        return "online"
    if row.latest is not None:
        return "offline"
    return "silent" if row.terminal is not None else "bare"


def say_heading(degrees: int) -> str:
    return HEADINGS[round(degrees % 360 / 45) % 8]


def say_speed(tenths: int) -> str:
    return f"{tenths / 10:.1f} km/h"


def say_place(longitude: int, latitude: int) -> str:
    """东经120.15000° 北纬30.27000°"""
    east, north = ("东经" if longitude >= 0 else "西经"), ("北纬" if latitude >= 0 else "南纬")
    return f"{east}{abs(longitude) / 1e6:.5f}° {north}{abs(latitude) / 1e6:.5f}°"
