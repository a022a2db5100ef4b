"""The CSV file: for Excel, streamed, and no formula runs."""

from __future__ import annotations

from datetime import date

import pytest

from anze.records.acting.context import NoScope, current
from anze.records.duties import queries as duties
from anze.web.ui.export import csv_response
from tests.cast import Cast


def test_begins_with_a_mark_and_quotes_formulas_away(decided: Cast) -> None:
    with decided.acts("safety_manager"):
        rows = [["=1+1", date(2026, 1, 2), None, -3], ["a,b", "", 0, "+86"]]
        response = csv_response("任务", ["甲", "乙", "丙", "丁"], rows)
    text = b"".join(response.streaming_content).decode("utf-8")  # type: ignore[arg-type]
    assert text == "\ufeff甲,乙,丙,丁\r\n'=1+1,2026-01-02,,-3\r\n\"a,b\",,0,'+86\r\n"
    assert "filename*=UTF-8''" in response["Content-Disposition"]


def test_reads_in_a_scope_of_its_own_that_does_not_leak(decided: Cast) -> None:
    with decided.acts("safety_manager"):
        rows = ([row.id] for row in duties.all_obligations())
        response = csv_response("任务", ["号"], rows)
    chunks = iter(response.streaming_content)
    assert next(chunks)
    with pytest.raises(NoScope):
        current()
    assert len(list(chunks)) > 5


def test_closing_early_ends_the_transaction(decided: Cast) -> None:
    with decided.acts("safety_manager"):
        response = csv_response("任务", ["号"], ([row.id] for row in duties.all_obligations()))
    next(iter(response.streaming_content))
    response.close()
    with pytest.raises(NoScope):
        current()
