"""What a company may fix: a rhythm, or a time limit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from anze.records.duties.words import EVERY_LABELS, LIMIT_UNITS
from anze.rules.catalogue.model import Every, Limit, LimitUnit, Term
from anze.web.ui.dates import DayField

WHOLE = {
    "invalid": "请填写整数。",
    "min_value": "至少为1。",
    "max_value": "最多%(limit_value)s。",
    "required": "请填写数字。",
}


class CommitmentForm(forms.Form):
    """Either `every` and `times`, or `amount` and `unit`: whatever the duty leaves open."""

    every = forms.ChoiceField(label="频次", choices=[(e.value, label) for e, label in EVERY_LABELS.items()])
    times = forms.IntegerField(label="至少几次", min_value=1, max_value=366, initial=1, error_messages=WHOLE)
    amount = forms.IntegerField(label="办理时限", min_value=1, max_value=999, error_messages=WHOLE)
    unit = forms.ChoiceField(label="单位", choices=[(u.value, label) for u, label in LIMIT_UNITS.items()])
    since = DayField(label="自哪天起执行")
    reason = forms.CharField(
        label="依据或说明",
        max_length=200,
        required=False,
        help_text="例如制度名称和文号。最多200字。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "说明最多200字。"},
    )

    def __init__(self, *args: Any, asks: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("amount", "unit") if asks == "frequency" else ("every", "times"):
            del self.fields[name]

    @staticmethod
    def proposal(known: Term | None, today: date) -> dict[str, Any]:
        """What stands in a fresh form: `known` (in force, or the least allowed), else something usual."""
        within = known.within if known and known.within else Limit(3, LimitUnit.WORKDAY)
        return {
            "every": (known.every if known and known.every else Every.MONTH).value,
            "times": known.times if known else 1,
            "amount": within.amount,
            "unit": within.unit.value,
            "since": today.isoformat(),
            "reason": "",
        }

    @property
    def term(self) -> dict[str, Any]:
        """Keywords of `commit_to` that say how often or how soon."""
        given = self.cleaned_data
        if "every" in given:
            return {"every": Every(given["every"]), "times": given["times"], "within": None}
        return {"every": None, "times": 1, "within": Limit(given["amount"], LimitUnit(given["unit"]))}
