"""Form fields that Django lacks: an instant of Asia/Shanghai, and the lists of people and subjects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from anze.records.acting.context import SHANGHAI
from anze.records.evidence.drafts import PartInput
from anze.records.evidence.values import several
from anze.rules.results import result_in

T = TypeVar("T")
MOST_ROWS = 5000


class InstantInput(forms.TextInput):
    input_type = "datetime-local"


class DayInput(forms.TextInput):
    input_type = "date"


class SeveralChosen(forms.CheckboxSelectMultiple):
    """Boxes to tick; what is typed is the ids of those ticked, with commas between."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        given = super().value_from_datadict(data, files, name)
        return given if isinstance(given, str) else ",".join(given or ())

    def format_value(self, value: Any) -> list[str]:
        return several(value or "")


class InstantField(forms.Field):
    """`datetime-local` in, an aware instant out."""

    widget = InstantInput

    def to_python(self, value: Any) -> datetime | None:
        if value in (None, ""):
            return None
        try:
            parsed = datetime.fromisoformat(str(value).strip())
            return parsed.astimezone(SHANGHAI) if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)
        except (ValueError, OverflowError):
            raise ValidationError("日期和时间看不懂，请写成 2026-05-08 14:30 的样子。") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        return value


class RowsField(forms.Field):
    """Rows that the page keeps as JSON in one hidden input: a form of 300 drivers stays one field."""

    widget = forms.HiddenInput
    damaged = "名单数据损坏，请刷新页面后重新选择。"

    def __init__(self, row: Callable[[dict[str, Any]], Any], **options: Any) -> None:
        super().__init__(required=False, **options)
        self.row = row

    def to_python(self, value: Any) -> tuple[Any, ...]:
        if value in (None, ""):
            return ()
        try:
            rows = json.loads(value)
            if not isinstance(rows, list) or len(rows) > MOST_ROWS:
                raise ValidationError(self.damaged)
            return tuple(dict.fromkeys(self.row(row) for row in rows))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            raise ValidationError(self.damaged) from None

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False)


def part_of(row: dict[str, Any]) -> PartInput:
    return PartInput(
        person_id=int(row["person"]),
        role=str(row["role"]),
        attendance=str(row.get("attendance") or "attended"),
        hours=_hours(_text(row, "hours"), _text(row, "name") or "参加人员"),
        score=_score(_text(row, "score"), _text(row, "name") or "参加人员"),
        result=str(row.get("result") or ""),
    )


def _text(row: dict[str, Any], name: str) -> str:
    """Raises ValueError for what no page can show again: half a surrogate pair, escaped in the JSON."""
    text = str(row.get(name) or "").strip()
    text.encode()
    return text


def _hours(text: str, whose: str) -> Decimal | None:
    if not text:
        return None
    try:
        hours = Decimal(text)
    except InvalidOperation:
        hours = Decimal("NaN")
    if not (hours.is_finite() and 0 <= hours < 1000):
        raise ValidationError(f"{whose[:40]}的时长“{text[:20]}”不对，请填写小时数，如 2 或 1.5。")
    return hours


def _score(text: str, whose: str) -> Decimal | None:
    if not text:
        return None
    found = result_in(text)
    if found is None or not found.score or found.outcome:
        raise ValidationError(f"{whose[:40]}的成绩“{text[:20]}”不对，请填写分数，如 92 或 92.5。")
    return Decimal(found.score)


def subject_of(row: dict[str, Any]) -> tuple[str, int]:
    return str(row["type"]), int(row["id"])
