"""A number stricter than the law's, the way back, and the early end of a waiver."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from anze.records.duties.words import LIMIT_UNITS
from anze.rules.catalogue.model import Every, Limit, LimitUnit, Term
from anze.web.commitments.forms import WHOLE, CommitmentForm
from anze.web.ui.dates import DayField

DAYS = (LimitUnit.DAY, LimitUnit.WORKDAY, LimitUnit.MONTH)
REASON = {"required": "请写明理由。", "max_length": "理由最多200字。"}


class TailorForm(CommitmentForm):
    """The fields are those of the number in force: how often, how soon after, or how long before."""

    ahead = forms.IntegerField(label="提前", min_value=0, max_value=999, error_messages=WHOLE)
    ahead_unit = forms.ChoiceField(label="单位", choices=[(u.value, LIMIT_UNITS[u]) for u in DAYS])

    def __init__(self, *args: Any, asked: Term, **kwargs: Any) -> None:
        super().__init__(*args, asks="frequency" if asked.every else "limit", **kwargs)
        unused = ("ahead", "ahead_unit")
        if asked.before is not None:
            unused = ("amount", "unit")
        for name in unused:
            del self.fields[name]
        reason = self.fields["reason"]
        reason.required, reason.label = True, "理由"
        reason.error_messages |= REASON

    @staticmethod
    def first(asked: Term, today: date) -> dict[str, Any]:
        """What stands in a fresh form: the number in force, to be made stricter."""
        known = CommitmentForm.proposal(asked, today)
        if asked.before is not None:
            known |= {"ahead": asked.before.amount, "ahead_unit": asked.before.unit.value}
        return known

    @property
    def numbers(self) -> dict[str, Any]:
        """Keywords of `tailor`."""
        given = self.cleaned_data
        if "every" in given:
            return {"every": Every(given["every"]), "times": given["times"]}
        if "ahead" in given:
            return {"before": Limit(given["ahead"], LimitUnit(given["ahead_unit"]))}
        return {"within": Limit(given["amount"], LimitUnit(given["unit"]))}


class EndWaiverForm(forms.Form):
    until = DayField(label="恢复要求的日期", help_text="从这一天起重新要求。")
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="最多200字。",
        error_messages=REASON,
    )
