"""Single acts upon an assessment: a button each, with a reason where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, planning, quizzing, reviewing, sampling
from anze.web.ui.company import company_url, of_company

Act = Callable[[int, QueryDict], object]


def _draw(assessment_id: int, typed: QueryDict) -> None:
    text = typed.get("wanted", "").strip()
    sampling.draw(
        assessment_id=assessment_id,
        rule=typed.get("rule", ""),
        seed=typed.get("seed", ""),
        wanted=_number(text, "抽样数") if text else None,
    )


def _substitute(assessment_id: int, typed: QueryDict) -> None:
    sampling.substitute(
        assessment_id=assessment_id,
        rule=typed.get("rule", ""),
        member=_number(typed.get("member", ""), "要替换的对象"),
        reason=typed.get("reason", ""),
    )


def _number(text: str, what: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Refused(f"{what}应为整数。")
    return int(text)


ACTS: Mapping[str, tuple[Act, str]] = {
    "start": (lambda key, _: actions.start(assessment_id=key), "考评开始，已按记录自动判定一遍。"),
    "hand-in": (lambda key, _: actions.hand_in(assessment_id=key), "已提交复核。"),
    "cancel": (
        lambda key, typed: planning.cancel(assessment_id=key, reason=typed.get("reason", "")),
        "考评已取消。",
    ),
    "send-back": (
        lambda key, typed: reviewing.send_back(assessment_id=key, reason=typed.get("reason", "")),
        "已退回考评组。",
    ),
    "finish": (
        lambda key, typed: reviewing.finish_review(assessment_id=key, remark=typed.get("remark", "")),
        "复核完成。",
    ),
    "draw": (_draw, "样本已抽取，名单和种子已固定。"),
    "substitute": (_substitute, "已替换，原因已记入。"),
    "retarget": (
        lambda key, typed: planning.retarget(assessment_id=key, target=typed.get("target", "")),
        "目标等级已改。",
    ),
    "ask": (lambda key, _: quizzing.open_quizzes(assessment_id=key), "题目已出好，请抽到的人答题。"),
    "conclude": (lambda key, _: reviewing.conclude(assessment_id=key), "已作出结论，得分和理由不再改变。"),
}


@require_POST
@of_company("assess")
def do(request: HttpRequest, assessment_id: int, act: str) -> HttpResponse:
    """Back to the page it was done on; a refusal is said there."""
    found = ACTS.get(act)
    if found is None:
        raise NotFound("没有这种办理。")
    run, done = found
    try:
        with transaction.atomic():
            run(assessment_id, request.POST)
    except (NotFound, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    page = PAGES.get(act, "assessment")
    return redirect(company_url(request, page, assessment_id=assessment_id))


PAGES = {
    "draw": "assessment_samples",
    "substitute": "assessment_samples",
    "ask": "assessment_quizzes",
    "send-back": "assessment_review",
    "finish": "assessment_review",
}
