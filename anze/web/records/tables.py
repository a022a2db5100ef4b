"""Controls of fields with several rows: the items of a record, and what became of earlier ones.

Plain inputs, so that they work without a script; what they hold is handed on as JSON text, like any value.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string

from anze.records.evidence.item_queries import ItemRow
from anze.records.evidence.tables import MOST_ROWS, RESULTS
from anze.rules.catalogue.model import FieldSpec

BLANK_ROWS = 2
FIXED = ("what", "who", "due")


class RowsWidget(forms.Widget):
    """Inputs called `<name>-<row>-<column>`; a subclass says which template lays them out."""

    template = ""
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        rows: dict[int, dict[str, str]] = {}
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-([a-z_]+)")
        for key in data:
            if found := pattern.fullmatch(key):
                rows.setdefault(int(found[1]), {})[found[2]] = str(data[key])
        kept = [rows[index] for index in sorted(rows) if self.says_something(rows[index])]
        return json.dumps(kept, ensure_ascii=False) if kept else ""

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def says_something(self, row: Mapping[str, str]) -> bool:
        return any(text.strip() for column, text in row.items() if column != "key")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return render_to_string(self.template, {"name": name, **self.words(_loaded(value))})

    def words(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        raise NotImplementedError

    def id_for_label(self, id_: str) -> str:
        return id_


class ItemsWidget(RowsWidget):
    """`people`: id -> name, of those who can be named; namesakes are told apart by their id."""

    template = "records/items_field.html"

    def __init__(self, spec: FieldSpec, people: Mapping[int, str]) -> None:
        super().__init__()
        self.spec = spec
        times = Counter(people.values())
        self.people = {key: f"{name}（{key}）" if times[name] > 1 else name for key, name in people.items()}

    def words(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        blank: list[Mapping[str, Any]] = [{}] * max(1, BLANK_ROWS - len(rows))
        listed = [*rows, *blank][:MOST_ROWS]
        return {
            "rows": [self._cells(row) for row in listed],
            "blank": self._cells({}),
            "people": sorted(set(self.people.values())) if "who" in self.spec.columns else (),
            "label": self.spec.columns["what"],
        }

    def _cells(self, row: Mapping[str, Any]) -> dict[str, Any]:
        who = row.get("who")
        named = self.people.get(who, row.get("name", "")) if isinstance(who, int) else row.get("name", "")
        values = {**row, "name": named}
        columns = [
            ("name" if column == "who" else column, label) for column, label in self.spec.columns.items()
        ]
        return {
            "key": row.get("key", ""),
            "what": row.get("what", ""),
            "cells": [
                (column, label, values.get(column, "")) for column, label in columns if column != "what"
            ],
        }


class SettlementsWidget(RowsWidget):
    """One row for each item that waits, in the order in which they fall due."""

    template = "records/settlements_field.html"

    def __init__(self, items: Sequence[ItemRow]) -> None:
        super().__init__()
        self.items = items

    def says_something(self, row: Mapping[str, str]) -> bool:
        return bool(row.get("result", "").strip())

    def words(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        said = {f"{row.get('record')}.{row.get('field')}.{row.get('key')}": row for row in rows}
        return {
            "rows": [(item, said.get(item.reference, {})) for item in self.items],
            "results": list(RESULTS.items()),
        }


def _loaded(value: Any) -> list[dict[str, Any]]:
    """What cannot be read shows as no rows; the error beside the field says so."""
    try:
        rows = json.loads(value) if value else []
    except ValueError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
