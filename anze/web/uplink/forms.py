"""What a person answers."""

from __future__ import annotations

from django import forms

from anze.records.uplink.actions import LONGEST_ANSWER, RESULTS


class RollCallForm(forms.Form):
    text = forms.CharField(
        label="应答内容",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="按查岗的要求回答，例如在岗情况、在线车辆数。",
        error_messages={"required": "请填写应答内容。", "max_length": f"最多 {LONGEST_ANSWER} 字。"},
    )


class SupervisionForm(forms.Form):
    result = forms.TypedChoiceField(
        label="处理结果",
        coerce=int,
        choices=list(RESULTS.items()),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择处理结果。"),
    )
