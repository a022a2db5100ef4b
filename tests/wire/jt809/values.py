"""Values for the kinds of field that only JT/T 809 has, drawn from the declaration alone."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from anze.wire.fields import Seen
from anze.wire.header import Version
from anze.wire.jt809 import kinds
from anze.wire.jt809.messages import MESSAGES, Vehicle, names_vehicle
from anze.wire.jt809.messages.platforms import ObjectType
from anze.wire.jt809.tables import VERSIONS, Message
from tests.wire.values import KINDS, MOMENTS, tables, texts


def _object_type(kind: Any, seen: Seen) -> st.SearchStrategy[int | None]:
    numbers: st.SearchStrategy[int | None] = st.integers(1, 255)
    return numbers if seen.version is Version.V2019 else numbers | st.none()


KINDS.update(
    {
        kinds.UtcTime: lambda kind, _: MOMENTS,
        kinds.CivilTime: lambda kind, _: MOMENTS,
        kinds.PlatformId: lambda kind, _: texts(kinds.PLATFORM_SIZE),
        ObjectType: _object_type,
    }
)


@st.composite
def messages(
    draw: st.DrawFn, ids: tuple[int, ...] = tuple(MESSAGES), versions: tuple[Version, ...] = VERSIONS
) -> tuple[Message, Version, Vehicle | None]:
    """Any message of either version, and the vehicle that it names, if it names one."""
    version = draw(st.sampled_from(versions))
    cls = MESSAGES[draw(st.sampled_from(ids))]
    vehicle = draw(tables(Vehicle, version)) if names_vehicle(cls.ID, version) else None
    return draw(tables(cls, version)), version, vehicle
