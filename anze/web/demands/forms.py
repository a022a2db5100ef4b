"""A demand that the company adds to a post, and its end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from anze.records.duties.words import EACH_LABELS, EVERY_LABELS, ROLE_LABELS
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Every, Role
from anze.rules.duties.own import Asking
from anze.web.commitments.forms import WHOLE
from anze.web.records.kinds import grouped
from anze.web.ui.dates import DayField

CHOSEN = {"required": "请选择。", "invalid_choice": "请从列表中选择。"}
MOST = 200


class DemandForm(forms.Form):
    position = forms.ChoiceField(label="岗位", error_messages=CHOSEN)
    text = forms.CharField(
        label="要求",
        max_length=MOST,
        help_text="写成一句话，例如“每月组织一次停车场夜间巡查”。签署和打印的清单上就是这句话。",
        error_messages={"required": "请写明要求的内容。", "max_length": "最多200字。"},
    )
    every = forms.ChoiceField(
        label="频次",
        choices=[(e.value, label) for e, label in EVERY_LABELS.items()],
        initial=Every.MONTH.value,
    )
    times = forms.IntegerField(label="至少几次", min_value=1, max_value=366, initial=1, error_messages=WHOLE)
    subject = forms.ChoiceField(
        label="逐一办理",
        required=False,
        choices=[("", "不逐一，本岗位办到即可"), *EACH_LABELS.items()],
        error_messages=CHOSEN,
    )
    record_kind = forms.ChoiceField(label="用什么记录证明", error_messages=CHOSEN)
    role = forms.ChoiceField(
        label="任职人在记录中的身份",
        required=False,
        choices=[("", "不限，有这类记录即可"), *((r.value, label) for r, label in ROLE_LABELS.items())],
        error_messages=CHOSEN,
    )
    since = DayField(label="自哪天起要求", help_text="今天或以后的某一天。")
    ends = DayField(label="到哪天为止", required=False, help_text="这一天起不再要求；长期要求的不填。")
    reason = forms.CharField(
        label="依据",
        max_length=MOST,
        help_text="例如制度名称和文号。最多200字。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明依据，例如制度名称和文号。", "max_length": "依据最多200字。"},
    )

    def __init__(self, *args: Any, trade: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = [(p.id, p.name) for p in lawbook().positions_of(trade)]
        kinds = [(group.id, [(kind.id, kind.name) for kind in group.kinds]) for group in grouped()]
        for name, choices in (("position", posts), ("record_kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "请选择"), *choices]

    def demand(self) -> Asking:
        given = self.cleaned_data
        return Asking(
            position=given["position"],
            text=given["text"],
            every=Every(given["every"]),
            times=given["times"],
            record_kind=given["record_kind"],
            since=given["since"],
            role=Role(given["role"]) if given["role"] else None,
            subject=given["subject"] or None,
            ends=given["ends"],
        )

    @staticmethod
    def first(position: str, today: date) -> dict[str, Any]:
        return {"position": position, "since": today}


class EndDemandForm(forms.Form):
    ends = DayField(label="不再要求的日期", help_text="这一天起不再要求，此前的任务和结论保留。")
    reason = forms.CharField(
        label="理由",
        max_length=MOST,
        help_text="最多200字。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明理由。", "max_length": "理由最多200字。"},
    )
