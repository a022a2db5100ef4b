"""Asking the sample (询问): who has answered and what it says, a paper on a phone, the company's own."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may
from anze.records.assessments import own_questions, queries, quiz_queries, quizzing
from anze.records.assessments.own_questions import NewQuestion
from anze.records.assessments.planning import schemes_for
from anze.records.lawbook import lawbook
from anze.rules.catalogue.quiz_model import Bank
from anze.web.ui.company import company_at_hand, company_url, of_company

LINES = 4  # options that the form offers


@require_safe
@of_company("see_own")
def quizzes(request: HttpRequest, assessment_id: int) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    found = quiz_queries.asking(assessment_id)
    context = {
        "company": company,
        "row": queries.assessment(assessment_id),
        "found": found,
        "own": company.id == actor.company,
        "asks": company.id == actor.company and found.may_ask,
        "may_conduct": company.id == actor.company and may(actor, "conduct_assessment"),
    }
    return render(request, "assessments/quizzes.html", context)


@of_company("see_own")
def quiz(request: HttpRequest, quiz_id: int) -> HttpResponse:
    """One question at a time; each answer is kept before the next is shown."""
    problem = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                _answer(request, quiz_id)
            return redirect(company_url(request, "quiz", quiz_id=quiz_id))
        except (NotFound, NotPermitted):
            raise
        except Refused as refusal:
            problem = str(refusal)
    context = {
        "company": company_at_hand(request),
        "page": quiz_queries.quiz_page(quiz_id),
        "problem": problem,
    }
    return render(request, "assessments/quiz.html", context, status=422 if problem else 200)


def _answer(request: HttpRequest, quiz_id: int) -> None:
    option = request.POST.get("option", "")
    chosen = int(option) if option.isascii() and option.isdecimal() and len(option) < 3 else -1
    quizzing.answer_quiz(quiz_id=quiz_id, question=request.POST.get("question", ""), option=chosen)


@of_company("conduct_assessment")
def questions(request: HttpRequest) -> HttpResponse:
    """The company's own questions beside those of the bank."""
    company, problem = company_at_hand(request), ""
    bank = _bank(company.trade)
    if request.method == "POST" and bank is not None:
        try:
            with transaction.atomic():
                done = _change(request, company.id, bank)
            messages.success(request, done)
            return redirect(company_url(request, "quiz_questions"))
        except (NotFound, NotPermitted):
            raise
        except Refused as refusal:
            problem = str(refusal)
    context = {
        "company": company,
        "bank": bank,
        "rows": [] if bank is None else quiz_queries.own(company.id, bank.scheme),
        "problem": problem,
        "typed": request.POST,
        "options": request.POST.getlist("option") or [""] * LINES,
    }
    return render(request, "assessments/questions.html", context, status=422 if problem else 200)


def _bank(trade: str) -> Bank | None:
    banks = lawbook().banks
    return next((banks[scheme.id] for scheme in schemes_for(trade) if scheme.id in banks), None)


def _change(request: HttpRequest, company_id: int, bank: Bank) -> str:
    typed = request.POST
    if ended := typed.get("end", ""):
        key = int(ended) if ended.isascii() and ended.isdecimal() and len(ended) < 19 else 0
        own_questions.end_question(question_id=key)
        return "题目已停用，以后不再问；已经出的题不变。"
    new = NewQuestion(bank.scheme, typed.get("topic", ""), typed.get("text", ""), typed.getlist("option"))
    own_questions.add_question(company_id=company_id, new=new)
    return "题目已加入，下次出题时会问到。"
