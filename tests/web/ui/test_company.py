"""Whose pages these are, and that their verdicts are of now."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine
from django.test import Client

from tests.cast import Cast
from tests.web.conftest import Browse


def test_a_page_opened_after_a_deadline_shows_it_passed_though_no_job_has_run(browse: Browse) -> None:
    manager = browse("safety_manager")
    before = manager.get("/obligations/?requirement=coach.safety_manager.d3.a&state=missed")
    with time_machine.travel(datetime(2026, 12, 1, 1, tzinfo=UTC), tick=False):
        later = browse("safety_manager").get(
            "/obligations/?requirement=coach.safety_manager.d3.a&state=missed"
        )
    assert later.context["page"].total == before.context["page"].total + 1


def test_links_stay_with_the_company_at_hand(decided: Cast, officer: Client, manager: Client) -> None:
    base = f"/bureau/companies/{decided.a.id}"
    seen = officer.get(f"{base}/posts/coach.principal/").content.decode()
    own = manager.get("/posts/coach.principal/").content.decode()
    assert f'href="{base}/obligations/' in seen
    assert 'href="/obligations/' not in seen
    assert f"company={decided.a.id}" in seen
    assert 'href="/obligations/' in own
