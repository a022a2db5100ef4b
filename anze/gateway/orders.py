"""The commands that can be asked for by name, as messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anze.wire.messages.location import AlarmConfirmation, Follow, LocationQuery
from anze.wire.messages.media import Shoot
from anze.wire.messages.parameters import (
    PARAMETERS,
    ParametersQuery,
    ParametersSet,
    SomeParametersQuery,
    settings,
)
from anze.wire.messages.registration import AttributesQuery
from anze.wire.messages.text import TextMessage
from anze.wire.tables import Message

URGENT, SHOWN, SPOKEN = 1, 1 << 2, 1 << 3
# 0x8801: 320×240 suffices to see who sits there, and comes through where the network is poor.
SMALL_PICTURE, GOOD_QUALITY, MIDDLE = 1, 3, 64


class BadOrder(ValueError):  # noqa: N818 -- a thing, not a failure of ours
    """A command that is unknown, or whose arguments do not fit; the text can be shown."""


def order(name: str, arguments: Mapping[str, Any]) -> Message:
    """Raises BadOrder."""
    if name not in ORDERS:
        raise BadOrder(f"没有“{name}”这种指令。可用：{'、'.join(ORDERS)}")
    try:
        return ORDERS[name](**arguments)
    except TypeError as error:
        raise BadOrder(f"指令“{name}”的参数有误：{error}") from None


def _text(text: str, urgent: bool = False, shown: bool = True, spoken: bool = True) -> Message:
    flags = urgent * URGENT | shown * SHOWN | spoken * SPOKEN
    return TextMessage(flags=flags, kind=1, text=text)


def _photo(channel: int = 1, count: int = 1) -> Message:
    return Shoot(
        channel=channel, order=count, interval=0, keep=0, resolution=SMALL_PICTURE, quality=GOOD_QUALITY,
        brightness=MIDDLE * 2, contrast=MIDDLE, saturation=MIDDLE, chroma=MIDDLE * 2,
    )  # fmt: skip


def _parameters(names: list[str] | None = None) -> Message:
    if names is None:
        return ParametersQuery()
    ids = {parameter.name: number for number, parameter in PARAMETERS.items()}
    unknown = [name for name in names if name not in ids]
    if unknown:
        raise BadOrder(f"没有参数“{unknown[0]}”。")
    return SomeParametersQuery(ids=tuple(ids[name] for name in names))


def _set_parameters(**values: Any) -> Message:
    try:
        return ParametersSet(settings=settings(**values))
    except KeyError as error:
        raise BadOrder(f"没有参数“{error.args[0]}”。") from None


def _follow(interval: int, seconds: int) -> Message:
    return Follow(interval=interval, validity=seconds if interval else None)


def _confirm_alarm(serial: int, alarm_bits: int) -> Message:
    return AlarmConfirmation(serial=serial, alarm_bits=alarm_bits)


ORDERS: dict[str, Callable[..., Message]] = {
    "text": _text,
    "locate": LocationQuery,
    "follow": _follow,
    "photo": _photo,
    "parameters": _parameters,
    "set_parameters": _set_parameters,
    "attributes": AttributesQuery,
    "confirm_alarm": _confirm_alarm,
}
