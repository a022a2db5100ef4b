"""Two people at one person's page, and one form that arrives twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from anze.records.duties import deciding, organising
from anze.records.people.models import Person
from tests.cast import STARTED, Cast, committed_cast

__all__ = ["committed_cast"]
MARK = "0" * 31


def signed_in(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.account("safety_manager"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def waits(client: Client, begun: Event, url: str, given: dict[str, str]) -> HttpResponse:
    """Sent when `begun`, in a thread of its own."""
    begun.wait()
    try:
        return client.post(url, given)
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["冯新", "冯旧"])
def test_the_loser_of_a_true_race_is_shown_what_stands(committed_cast: Cast, name: str) -> None:
    cast, saved, person = committed_cast, Event(), committed_cast.a.clerk
    given = {"version": "1", "name": "冯旧", "phone": "", "driver": ""}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(waits, signed_in(cast), saved, f"/people/{person}/edit/", given)
        with cast.acts("principal"):
            organising.edit_person(person_id=person, version=1, name=name, phone=None, driver=False)
            saved.set()
            with pytest.raises(TimeoutError):
                answer.result(timeout=0.7)
        told = answer.result(timeout=20)
    page = told.content.decode()
    assert told.status_code == 422
    assert f"现有资料：姓名 {name}，" in page
    assert 'name="version" value="2"' in page
    assert 'value="冯旧"' in page


def test_a_form_that_arrives_while_its_twin_is_under_way_acts_once(committed_cast: Cast) -> None:
    """Both wait for the company; the second is told where the first led."""
    cast, held = committed_cast, Event()
    client, twin = signed_in(cast), Client()
    twin.cookies = client.cookies
    given = {"name": "吴新", "phone": "", "joined_on": "2026-11-01", "unit": "", "once": MARK + "1"}
    with ThreadPoolExecutor(2) as pool:
        with cast.acts("principal"):
            deciding.redecide(company_id=cast.a.id)
            held.set()
            both = [pool.submit(waits, who, held, "/people/new/", given) for who in (client, twin)]
            with pytest.raises(TimeoutError):
                both[0].result(timeout=0.7)
        answers = [answer.result(timeout=20) for answer in both]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with cast.acts("safety_manager"):
        assert Person.objects.filter(name="吴新", joined_on__gt=STARTED).count() == 1
