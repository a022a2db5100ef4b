"""Enrolling, editing and retiring vehicles."""

from __future__ import annotations

from typing import Any

from django import forms

from anze.records.tenants.queries import CompanyRow
from anze.web.people.forms import CHOSEN, units_of
from anze.web.ui.dates import DayField

PLATED = {"required": "请填写车牌号。", "max_length": "车牌号过长。"}
MOST_PLATES = 200


class _WithUnit(forms.Form):
    unit = forms.TypedChoiceField(
        label="所属机构", coerce=int, empty_value=None, required=False, error_messages=CHOSEN
    )

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = units_of(company)


class EnrolForm(_WithUnit):
    """One plate or many, a line each; all or none are enrolled."""

    plates = forms.CharField(
        label="车牌号",
        max_length=4000,
        help_text=f"一行一辆，例如 浙B12345；一次最多 {MOST_PLATES} 辆。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=PLATED,
    )
    since = DayField(label="入册日期")
    field_order = ("plates", "unit", "since")

    def clean_plates(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["plates"]).splitlines() if line.strip()]
        if len(lines) > MOST_PLATES:
            raise forms.ValidationError(f"一次最多 {MOST_PLATES} 辆，现有 {len(lines)} 辆。")
        return lines


class EditForm(_WithUnit):
    version = forms.IntegerField(widget=forms.HiddenInput)
    plate = forms.CharField(label="车牌号", max_length=20, error_messages=PLATED)
    field_order = ("version", "plate", "unit")


class RetireForm(forms.Form):
    until = DayField(label="退出日期", help_text="这一天起不再属于本企业。")
