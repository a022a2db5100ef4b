"""查岗和督办: the list with its clocks, one page to answer, and the note above every page of who may."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may, require
from anze.records.uplink import actions, queries
from anze.records.uplink.queries import QuestionRow
from anze.web.obligations.filters import page_number
from anze.web.people.acts import posted
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.templatetags.uplink import asked_by_platform
from anze.web.uplink import words
from anze.web.uplink.forms import RollCallForm, SupervisionForm


@require_safe
@of_company("see_positions")
def index(request: HttpRequest) -> HttpResponse:
    company, scope = company_at_hand(request), current()
    page, silent = queries.past_questions(company.id, page_number(request.GET))
    shown = {
        "company": company,
        "open": [words.line(row, scope.at) for row in queries.open_questions(company.id)],
        "page": page,
        "past": [(words.line(row, scope.at), words.say_answer(row)) for row in page.rows],
        "silent": silent,
        "links": [
            (link, words.LINKS[link.state] if link.enabled else words.STOPPED)
            for link in queries.links(company.id)
        ],
        "may_answer": may(scope.actor, "answer_platform"),
        "list_id": "past",
    }
    return render(request, "uplink/index.html", shown)


@require_safe
@of_company("see_own")
def alert(request: HttpRequest) -> HttpResponse:
    """Asked for again and again by pages that stay open; nothing where nothing waits."""
    return render(request, "uplink/alert.html", asked_by_platform())


@of_company("see_positions")
def question(request: HttpRequest, question_id: int) -> HttpResponseBase:
    found = queries.question(question_id)
    scope = current()
    if request.method == "POST":  # an officer, and whoever else may only look, answers for nobody
        require("answer_platform")
    form, act = _form(request, found)
    if form.is_valid() and attempted(form, act):
        messages.success(request, "已应答，正在发送到上级平台。")
        return redirect("own:question", question_id=question_id)
    if form.errors:
        found = queries.question(question_id)  # as it stands after somebody else was quicker
    shown = {
        "company": company_at_hand(request),
        "line": words.line(found, scope.at),
        "row": found,
        "facts": words.facts(found),
        "alarm_at": words.alarm_at(found),
        "answer": words.say_answer(found),
        "form": form,
        "problems": form.non_field_errors(),
        "may_answer": may(scope.actor, "answer_platform"),
        "name": scope.actor.name,
    }
    return render(request, "uplink/question.html", shown, status=422 if form.errors else 200)


def _form(
    request: HttpRequest, row: QuestionRow
) -> tuple[RollCallForm | SupervisionForm, Callable[[], None]]:
    if row.is_roll_call:
        call = RollCallForm(posted(request))
        return call, lambda: actions.answer_roll_call(question_id=row.id, text=call.cleaned_data["text"])
    urged = SupervisionForm(posted(request))
    return urged, lambda: actions.answer_supervision(question_id=row.id, result=urged.cleaned_data["result"])
