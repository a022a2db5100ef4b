"""Two people at one draft: what is sealed or overwritten is what was looked at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.test import Client

from anze.records.evidence import actions as evidence
from anze.records.evidence import queries
from tests.cast import Cast, committed_cast, meeting
from tests.web.records.conftest import study

__all__ = ["committed_cast"]


def signed_in(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.account("safety_manager"))
    return client


@pytest.mark.parametrize("door", ["seal", "edit"])
def test_a_change_that_is_not_yet_saved_is_waited_for(committed_cast: Cast, door: str) -> None:
    cast, client, changed = committed_cast, signed_in(committed_cast), Event()
    with cast.acts("safety_manager"):
        record = evidence.draft_record(draft=meeting(cast.a))
    mark = client.get(f"/records/{record}/{door}/").context["mark"]
    typed = study(cast.a, title="第二个窗口", v_topics="议题", mark=mark)

    def post() -> int:
        changed.wait()
        try:
            return client.post(f"/records/{record}/{door}/", typed).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post)
        with cast.acts("safety_manager"):
            evidence.edit_draft(record_id=record, draft=meeting(cast.a, title="第一个窗口"))
            changed.set()
            with pytest.raises(TimeoutError):
                answer.result(timeout=0.7)
        assert answer.result(timeout=20) == 409
    with cast.acts("safety_manager"):
        kept = queries.record(record)
    assert (kept.title, kept.status) == ("第一个窗口", "draft")
