"""An act behind a form: what is refused becomes the form's error, and nothing of it stays."""

from __future__ import annotations

import psycopg
import pytest
from django import forms
from django.db import IntegrityError, OperationalError

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import choosing
from anze.records.duties.choices import waivers
from anze.web.ui.attempt import RACE, attempted
from tests.cast import TODAY, Cast

REQUIREMENT = "coach.safety_manager.d3.a"


def a_form() -> forms.Form:
    form = forms.Form({})
    assert form.is_valid()
    return form


def test_what_goes_through_leaves_no_error(decided: Cast) -> None:
    form = a_form()
    assert attempted(form, lambda: None)
    assert not form.errors


@pytest.mark.parametrize(
    ("error", "says"),
    [(Refused("太早了。"), "太早了。"), (IntegrityError("x"), RACE), (OperationalError("x"), RACE)],
)
def test_a_refusal_is_shown_and_undone(decided: Cast, error: Exception, says: str) -> None:
    def act() -> None:
        choosing.waive(requirement=REQUIREMENT, since=TODAY, until=None, reason="试")
        raise error

    form = a_form()
    with decided.acts("safety_manager"):
        assert not attempted(form, act)
        assert waivers(company_id=decided.a.id, requirement=REQUIREMENT) == []
    assert form.non_field_errors() == [says]


GONE = OperationalError("the connection is lost")
GONE.__cause__ = psycopg.OperationalError("the connection is lost")


@pytest.mark.parametrize("error", [NotFound("没有。"), NotPermitted("无权。"), GONE])
def test_a_missing_row_or_right_or_database_is_not_the_forms_matter(decided: Cast, error: Exception) -> None:
    def act() -> None:
        raise error

    with pytest.raises(type(error)):
        attempted(a_form(), act)
