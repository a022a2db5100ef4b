"""Chains verified and their heads published: what a cut tail, a changed entry and a race look like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anze.jobs import chains
from anze.jobs.chains import VerificationError, verify_due
from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotPermitted
from anze.records.evidence import actions as evidence
from anze.records.health import actions, queries
from anze.records.health.models import Check
from anze.records.journal import queries as journal
from anze.records.journal.models import Chain, Entry
from tests.cast import NOW, Cast, meeting

DAY = timedelta(days=1)


def act(cast: Cast, member: str = "principal") -> None:
    company = cast.b if member.startswith("other_") else cast.a
    with cast.acts(member):
        evidence.draft_record(draft=meeting(company))


def test_a_day_verifies_every_chain_once_and_publishes_heads(cast: Cast) -> None:
    act(cast)
    assert verify_due(NOW) == 4  # two companies, two authorities
    assert verify_due(NOW + timedelta(hours=1)) == 0
    assert verify_due(NOW + DAY) == 4
    with cast.acts("officer"):
        seen = queries.chains()
        assert (seen.total, seen.unsound) == (2, ())
        assert queries.chain(authority_id=cast.authority).state == "sound"
        assert set(queries_published(cast)) == {cast.a.id, cast.b.id}
    with cast.acts("principal"):
        row = queries.chain(company_id=cast.a.id)
        assert (row.state, row.breaks, row.length) == ("sound", 0, row.published_length)


def queries_published(cast: Cast) -> dict[int, queries.Published]:
    with acting(SYSTEM, reads=(), at=NOW, authority=cast.authority):
        return queries.published(cast.authority)


def test_the_published_head_is_the_chains(cast: Cast) -> None:
    act(cast)
    verify_due(NOW)
    with cast.acts("principal"):
        head = journal.head(company_id=cast.a.id)
    assert queries_published(cast)[cast.a.id] == (head.length, head.digest)


def cut_tail(rows: Any, company: int) -> None:
    """As somebody who owns the database would: the last entry goes and the head is set back."""
    rows.execute(
        "DELETE FROM journal_entry WHERE company_id = %s AND number = "
        "(SELECT max(number) FROM journal_entry WHERE company_id = %s)",
        [company, company],
    )
    rows.execute(
        "UPDATE journal_chain c SET length = e.number, head = e.digest FROM journal_entry e "
        "WHERE c.company_id = %s AND e.company_id = c.company_id AND e.number = c.length - 1",
        [company],
    )
    rows.connection.commit()


def test_a_cut_tail_shows_against_the_published_head(committed_cast: Cast, owner_rows: Any) -> None:
    act(committed_cast)
    verify_due(NOW)
    before = queries_published(committed_cast)[committed_cast.a.id]
    cut_tail(owner_rows, committed_cast.a.id)
    with pytest.raises(VerificationError, match=f"company:{committed_cast.a.id}"):
        verify_due(NOW + DAY)
    with committed_cast.acts("principal", NOW + DAY):
        row = queries.chain(company_id=committed_cast.a.id)
        assert (row.state, row.breaks) == ("broken", 1)
        assert "已公布" in row.first_break
    assert queries_published(committed_cast)[committed_cast.a.id] == before, "the sound head stays published"
    with pytest.raises(VerificationError):
        verify_due(NOW + 2 * DAY)
    with committed_cast.acts("officer", NOW + 2 * DAY):
        assert [row.company_id for row in queries.chains().unsound] == [committed_cast.a.id]


def test_a_changed_entry_shows(committed_cast: Cast, owner_rows: Any) -> None:
    act(committed_cast)
    owner_rows.execute("UPDATE journal_entry SET action = 'x' WHERE company_id = %s", [committed_cast.b.id])
    owner_rows.connection.commit()
    with pytest.raises(VerificationError, match=f"company:{committed_cast.b.id}"):
        verify_due(NOW)
    assert committed_cast.b.id not in queries_published(committed_cast), "a broken chain is never vouched for"


def test_an_act_in_between_is_no_break(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["seems broken"], []]
    monkeypatch.setattr(actions.journal, "verify", lambda **_: answers.pop(0))
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert actions.verify_chain(company_id=cast.a.id) == 0
    assert answers == []


def test_one_chain_that_fails_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = actions.verify_chain

    def fail(**owner: Any) -> int:
        if cast.a.id == owner.get("company_id") or owner.get("authority_id") == cast.other_authority:
            raise ValueError("broken")
        return real(**owner)

    monkeypatch.setattr(chains.actions, "verify_chain", fail)
    with pytest.raises(VerificationError, match="2 条"):
        verify_due(NOW)
    with cast.acts("other_principal"):
        assert queries.chain(company_id=cast.b.id).state == "sound"
    with cast.acts("principal"):
        assert queries.chain(company_id=cast.a.id).state == "waiting"


def test_old_results_are_forgotten(cast: Cast) -> None:
    verify_due(NOW)
    verify_due(NOW + 500 * DAY)
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        assert Check.objects.filter(company=cast.a.id).count() == 1


def test_results_grow_stale(cast: Cast) -> None:
    verify_due(NOW)
    with cast.acts("principal", NOW + 2 * DAY):
        assert queries.chain(company_id=cast.a.id).state == "stale"
    with cast.acts("officer", NOW + 2 * DAY):
        assert len(queries.chains().unsound) == 2


def test_a_company_sees_its_own_result_alone(cast: Cast) -> None:
    verify_due(NOW)
    with cast.acts("principal"):
        assert queries.chain(company_id=cast.b.id).state == "waiting"
        assert queries.chain(authority_id=cast.authority).state == "waiting"
        assert queries.chains().total == 1


@pytest.mark.parametrize("member", ["driver", "monitor", "clerk"])
def test_who_does_not_answer_for_the_company_verifies_nothing(cast: Cast, member: str) -> None:
    with cast.acts(member):
        with pytest.raises(NotPermitted):
            actions.verify_chain(company_id=cast.a.id)
        with pytest.raises(NotPermitted):
            queries.jobs()


def test_an_authority_without_companies_publishes_nothing(cast: Cast) -> None:
    verify_due(NOW)
    with acting(SYSTEM, reads=(), at=NOW, authority=cast.other_authority):
        assert queries.published(cast.other_authority) == {}
        assert not Entry.objects.filter(authority=cast.other_authority, action="journal.publish").exists()
        assert not Chain.objects.filter(authority=cast.authority).exists()
