"""The forms of reminders: one step of the ladder, the hour, a robot, superiors, one's own contact data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from anze.records.reminders.queries import LadderRow, SuperiorRow
from anze.records.reminders.wording import CHANNELS, RECEIVERS
from anze.rules.reminders import (
    EARLIEST_STEP,
    LATEST_STEP,
    MOST_STEPS,
    QUIET_FROM,
    QUIET_UNTIL,
    Receiver,
    Step,
)

WHOLE = {"invalid": "请填写整数。", "required": "请填写天数。", "min_value": "不能是负数。"}
NOBODY = "nobody"
BOX = {"class": "form-check-input"}
BEFORE, AFTER = "before", "after"


class HourForm(forms.Form):
    hour = forms.TypedChoiceField(
        label="每天提醒的时刻",
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(QUIET_UNTIL, QUIET_FROM)],
        error_messages={"invalid_choice": f"请选择 {QUIET_UNTIL} 时至 {QUIET_FROM - 1} 时之间的整点。"},
    )


class StepForm(forms.Form):
    """An empty row is no step."""

    side = forms.ChoiceField(
        label="提前或逾期", choices=[(BEFORE, "截止日前"), (AFTER, "截止日后")], initial=BEFORE
    )
    days = forms.IntegerField(label="天数", min_value=0, error_messages=WHOLE)
    receiver = forms.ChoiceField(
        label="提醒谁",
        choices=[(r.value, name) for r, name in RECEIVERS.items()],
        initial=Receiver.PERSON.value,
    )
    channels = forms.MultipleChoiceField(
        label="渠道",
        choices=list(CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple(attrs=BOX),
        error_messages={"required": "请至少选择一种渠道。"},
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        days = given.get("days")
        most = -EARLIEST_STEP if given.get("side") == BEFORE else LATEST_STEP
        if days is not None and days > most:
            self.add_error("days", f"最多 {most} 天。")
        return given

    @property
    def step(self) -> Step | None:
        given = self.cleaned_data
        if not given or given.get("DELETE"):
            return None
        days = -given["days"] if given["side"] == BEFORE else given["days"]
        return Step(days, Receiver(given["receiver"]), tuple(given["channels"]))


_Steps = forms.formset_factory(
    StepForm, extra=1, can_delete=True, max_num=MOST_STEPS, absolute_max=MOST_STEPS + 1
)


def step_forms(data: Any, ladder: LadderRow) -> Any:
    """One row for each step and an empty one; what was typed is held against an empty row."""
    if data is not None:
        return _Steps(data, prefix="steps")
    initial = [
        {
            "side": AFTER if step.days > 0 else BEFORE,
            "days": abs(step.days),
            "receiver": step.receiver.value,
            "channels": list(step.channels),
        }
        for step in ladder.steps
    ]
    return _Steps(initial=initial, prefix="steps")


def steps_of(forms_of_steps: Any) -> list[Step]:
    return [step for form in forms_of_steps if (step := form.step) is not None]


class RobotForm(forms.Form):
    address = forms.CharField(
        label="Webhook 地址",
        required=False,
        max_length=500,
        error_messages={"max_length": "地址过长，请检查是否多粘贴了内容。"},
    )
    secret = forms.CharField(
        label="加签密钥",
        required=False,
        max_length=200,
        help_text="钉钉机器人安全设置选“加签”时填写，以 SEC 开头。",
    )
    mention = forms.BooleanField(
        label="在群里点名（@）收件人，会把其手机号发给平台",
        required=False,
        widget=forms.CheckboxInput(attrs=BOX),
    )


class SuperiorForm(forms.Form):
    """One choice for each post."""

    def __init__(self, data: Any, rows: Sequence[SuperiorRow]) -> None:
        super().__init__(data)
        choices = [(NOBODY, "没有上级"), *((row.position.id, row.position.name) for row in rows)]
        for row in rows:
            self.fields[row.position.id] = forms.ChoiceField(
                label=f"{row.position.name}的上级岗位",
                choices=[c for c in choices if c[0] != row.position.id],
                initial=row.superior or NOBODY,
                error_messages={"invalid_choice": "请从列表中选择。", "required": "请选择。"},
            )

    @property
    def superiors(self) -> dict[str, str]:
        return {post: "" if above == NOBODY else above for post, above in self.cleaned_data.items()}


class ContactForm(forms.Form):
    email = forms.CharField(
        label="邮箱",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="只用来给您本人发提醒。",
        error_messages={"max_length": "邮箱最长 254 字。"},
    )
    by_mail = forms.BooleanField(label="接收邮件提醒", required=False, widget=forms.CheckboxInput(attrs=BOX))
    by_sms = forms.BooleanField(label="接收短信提醒", required=False, widget=forms.CheckboxInput(attrs=BOX))
