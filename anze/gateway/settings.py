"""How a gateway listens and what it bears; every number can be set by the installation's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "ANZE_GATEWAY_"


class SettingError(ValueError):
    """A variable of the environment that cannot be used; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds where nothing else is said."""

    host: str = "127.0.0.1"
    port: int = 6808
    certificate: str = ""  # with `key`: TLS
    key: str = ""
    metrics_port: int = 0  # 0: none; on loopback only

    most_links: int = 18_000  # of one process; the kernel's limit of open files is the other bound
    links_an_address: int = 5_000  # a carrier's gateway hides a whole fleet behind one address
    arrivals_a_second: float = 200.0  # of one address
    frames_a_second: float = 20_000.0  # of one address

    most_waiting: int = 50_000  # rows; beyond, no link is read from
    most_outstanding: int = 2_000  # rows of one link
    batch: int = 5_000  # rows of one group commit
    silence: float = 600.0  # a link from which nothing came so long is closed
    introduction: float = 60.0  # by then somebody must have authenticated on it
    stuck: float = 60.0  # a peer that reads no acknowledgement so long is closed
    grace: float = 10.0  # for what waits when the gateway is told to stop

    def __post_init__(self) -> None:
        if bool(self.certificate) != bool(self.key):
            raise SettingError(f"{PREFIX}CERTIFICATE 与 {PREFIX}KEY 必须同时设置。")
        for path in filter(None, (self.certificate, self.key)):
            if not Path(path).is_file():
                raise SettingError(f"找不到 TLS 文件 {path}。")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingError for a value that is no number, or below one where a number bounds something."""
    found = os.environ if environment is None else environment
    values: dict[str, str | int | float] = {}
    for field in fields(Settings):
        text = found.get(PREFIX + field.name.upper())
        if text:
            values[field.name] = _value(field.name, text, type(field.default))
    return Settings(**values)  # type: ignore[arg-type]  # each value has the type of its field's default


def _value(name: str, text: str, kind: type) -> str | int | float:
    if kind is str:
        return text
    try:
        number: int | float = kind(text)
    except ValueError:
        raise SettingError(f"{PREFIX}{name.upper()}={text} 不是数字。") from None
    if number < (0 if name == "metrics_port" else 1):
        raise SettingError(f"{PREFIX}{name.upper()}={text} 太小。")
    return number
