"""The page of one item: what is asked, proof found and missing, and the form of answers, also on a phone."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, item_queries, onward, photos, queries
from anze.records.assessments.actions import Given
from anze.records.assessments.item_queries import ConditionRow, ItemPage
from anze.web.ui.company import company_at_hand, company_url, of_company

SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"})


class Mistyped(Refused):
    """What was typed is no answer."""


@of_company("see_own")
def item(request: HttpRequest, assessment_id: int, item: str) -> HttpResponse:
    found = item_queries.item_page(assessment_id, item)
    problem = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                done = _act(request, assessment_id, found)
            messages.success(request, done)
            return redirect(_next(request, assessment_id, found))
        except (NotFound, NotPermitted):
            raise
        except Refused as refusal:
            problem = str(refusal)
    reviews = _reviews(assessment_id)
    context = {
        "company": company_at_hand(request),
        "row": queries.assessment(assessment_id),
        "found": found,
        "rows": [(row, _typed(request.POST, row, reviews=reviews)) for row in found.rows],
        "veto": found.veto and (found.veto, _typed(request.POST, found.veto, reviews=reviews)),
        "waiting": found.answers and bool(_fine(found, set())),
        "problem": problem,
        "typed": request.POST,
        "reviews": reviews,
        "accept": "image/*,application/pdf",
    }
    return render(request, "assessments/item.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, assessment_id: int, found: ItemPage) -> str:
    """By the button that was pressed; what was done, in words."""
    typed, item_id = request.POST, found.item.id
    if "omit" in typed:
        actions.omit(assessment_id=assessment_id, item=item_id, reason=typed.get("omit_reason", ""))
        return "已标为不适用。"
    if "apply" in typed:
        actions.apply_again(assessment_id=assessment_id, item=item_id)
        return "已恢复为适用。"
    if withdrawn := typed.get("withdraw"):
        actions.withdraw(assessment_id=assessment_id, condition=withdrawn)
        return "已撤回判定。"
    if "photo" in typed or request.FILES:
        return _photo(request, assessment_id, item_id)
    given = list(_given(typed, found))
    if "review" in typed:
        actions.review(assessment_id=assessment_id, item=item_id, given=given)
        return "复核判定已保存。"
    if "fine" in typed:
        given += _fine(found, {one.condition for one in given})
    actions.answer(assessment_id=assessment_id, item=item_id, given=given)
    return f"{found.number} 的判定已保存。"


def _photo(request: HttpRequest, assessment_id: int, item_id: str) -> str:
    files = request.FILES.getlist("files")
    if not files:
        raise Mistyped("请先选择照片或文件。")
    for file in files:
        photos.add_photo(
            assessment_id=assessment_id, item=item_id, name=file.name or "", chunks=file.chunks()
        )
    return f"已上传 {len(files)} 个文件。"


def _given(typed: QueryDict, found: ItemPage) -> Iterator[Given]:
    """What stands in the form; a condition that facts answer is named only when it is overruled."""
    rows = [*found.rows, *([found.veto] if found.veto is not None else [])]
    for row in rows:
        count = _count(typed, row)
        if count is not None:
            yield Given(
                row.id,
                count,
                tuple(typed.getlist(f"matters-{row.id}")),
                typed.get(f"reason-{row.id}", ""),
                typed.get(f"asked-{row.id}", ""),
            )


def _fine(found: ItemPage, typed: set[str]) -> list[Given]:
    """What neither facts nor a person has answered is as the sample replied, or in order."""
    rows = [*found.rows, *([found.veto] if found.veto is not None else [])]
    return [
        Given(row.id, _quizzed(row) or 0)
        for row in rows
        if row.id not in typed and row.said is None and (row.found is None or not row.found.decides)
    ]


def _quizzed(row: ConditionRow) -> int | None:
    return None if row.quiz is None else row.quiz.count


def _count(typed: QueryDict, row: ConditionRow) -> int | None:
    if row.choose == "matters":
        named = typed.getlist(f"matters-{row.id}")
        return len(set(named)) if named or f"none-{row.id}" in typed else None
    text = typed.get(f"count-{row.id}", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise Mistyped(f"“{row.number}”的数目应为不小于 0 的整数。")
    return int(text)


def _typed(typed: QueryDict, row: ConditionRow, *, reviews: bool) -> dict[str, object]:
    """What the fields show: what was just typed, or what was answered before."""
    said = row.reviewed if reviews else row.said
    quizzed = None if reviews else _quizzed(row)
    proposed = "" if quizzed is None else str(quizzed)
    known: dict[str, object] = {
        "count": proposed if said is None else str(said.count),
        "matters": () if said is None else said.matters,
        "reason": "" if said is None else said.reason,
        "asked": "" if said is None else said.asked,
    }
    if not typed:
        return known
    return {
        "count": typed.get(f"count-{row.id}", ""),
        "matters": tuple(typed.getlist(f"matters-{row.id}")),
        "reason": typed.get(f"reason-{row.id}", ""),
        "asked": typed.get(f"asked-{row.id}", ""),
    }


def _next(request: HttpRequest, assessment_id: int, found: ItemPage) -> str:
    item = found.item.id
    if "after" in request.POST:
        item = found.after or item
    elif "onward" in request.POST or "fine" in request.POST:
        item = onward.unfinished_after(assessment_id, item)
        if not item:
            messages.success(request, "您承担的要点都判完了。")
            return company_url(request, "assessment", assessment_id=assessment_id)
    return company_url(request, "assessment_item", assessment_id=assessment_id, item=item)


def _reviews(assessment_id: int) -> bool:
    row = queries.assessment(assessment_id)
    return row.status == "submitted" and current().actor.person == row.reviewer_id


@of_company("see_own")
def photo(request: HttpRequest, assessment_id: int, photo_id: int) -> HttpResponseBase:
    """Pictures are shown, all else is handed over as a file; neither can run anything in our origin."""
    name, media_type, path = item_queries.open_photo(assessment_id, photo_id)
    response = FileResponse(path.open("rb"), as_attachment=media_type not in SHOWN_INLINE, filename=name)
    response.headers["Content-Type"] = media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
