"""The sorts of value that go in and come out. Days are Asia/Shanghai, instants UTC."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictInt,
    StrictStr,
)

from anze.records.acting.paging import LARGEST_PAGE

LARGEST_ID = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1950, 2100
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: Any) -> Any:
    """ISO 8601 text alone: a bare number is no day."""
    if isinstance(value, str) and ISO_DAY.match(value):
        return value
    raise ValueError("no day")


def _in_reach(value: date) -> date:
    """Years that neither a time zone nor a calendar can push out of what is representable."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year")
    return value


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
BodyId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]
Hours = Annotated[float, Field(strict=True, gt=0, le=24, allow_inf_nan=False)]
Short = Annotated[StrictStr, Field(max_length=100)]
Instant = Annotated[
    AwareDatetime, BeforeValidator(_written), AfterValidator(_in_reach), Field(description="ISO 8601，带时区")
]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_reach)]
State = Literal["upcoming", "open", "met", "late", "missed", "unset", "exempt", "waived"]
Status = Literal["draft", "sealed", "void", "superseded"]
