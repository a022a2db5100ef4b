"""Uploading a file, and one row of it typed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from anze.records.imports.workbooks import LARGEST
from anze.rules.importing.sheets import Column, Sheet

LARGEST_MB = LARGEST >> 20
LONG = frozenset({"longtext", "items", "people"})


class UploadForm(forms.Form):
    file = forms.FileField(
        label="填好的表格",
        help_text=f"Excel 的 .xlsx，或 .csv；不超过 {LARGEST_MB} MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt", "class": "form-control"}),
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "这是空文件，请重新选择。",
            "missing": "请选择要导入的文件。",
            "invalid": "文件没有传上来，请重新选择。",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"文件超过 {LARGEST_MB} MB，请分成几个文件。")
        return file


class RowForm(forms.Form):
    """As it was typed; the errors that the import found stand at their fields."""

    def __init__(self, sheet: Sheet, typed: Mapping[str, str], errors: Mapping[str, str]) -> None:
        super().__init__(data=dict(typed) if errors else None, initial=dict(typed), label_suffix="")
        for column in sheet.columns:
            self.fields[column.id] = field_of(column, typed.get(column.id, ""))
        if errors and self.is_valid():
            for name, sentence in errors.items():
                self.add_error(name, sentence)


def field_of(column: Column, typed: str) -> forms.Field:
    words = ["是", "否"] if column.type == "bool" else list(column.choices.values())
    if words and column.type != "choices":
        offered = [("", "（空）"), *((word, word) for word in words)]
        if typed and typed not in words:
            offered.insert(0, (typed, typed))
        return forms.ChoiceField(label=column.name, choices=offered, help_text=column.hint, required=False)
    widget = forms.Textarea(attrs={"rows": 3}) if column.type in LONG else forms.TextInput()
    return forms.CharField(
        label=column.name, help_text=column.hint, required=False, strip=False, widget=widget
    )
