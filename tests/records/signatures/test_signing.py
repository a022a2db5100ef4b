"""Signing the list of a post: by whom, which text, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.journal.models import Entry
from anze.records.lawbook import lawbook
from anze.records.people import actions as people
from anze.records.people.queries import holdings
from anze.records.signatures import lists, queries
from anze.records.signatures.actions import AlreadySigned, ListChanged, sign_list
from anze.records.signatures.models import ListText, Signature
from anze.rules.catalogue.model import Catalogue
from tests.cast import NOW, TODAY, Cast

PRINCIPAL, MANAGER = "coach.principal", "coach.safety_manager"


def sign(position: str = PRINCIPAL) -> int:
    shown = lists.list_in_force(position)
    return sign_list(position=position, edition=shown.edition, digest=shown.digest)


@contextmanager
def changed(monkeypatch: pytest.MonkeyPatch, *, words: bool = True) -> Iterator[None]:
    """The lawbook with another edition of the principal's list, in other words or in the same."""
    edition = "fedcba987654" if words else "111111111111"
    book = lawbook()
    old = book.positions[PRINCIPAL]
    new = replace(old, edition=edition, description=old.description + "修订。" * words)
    other: Catalogue = replace(book, positions={**book.positions, PRINCIPAL: new})
    with monkeypatch.context() as patch:
        for module in (lists, queries):
            patch.setattr(module, "lawbook", lambda: other)
        yield


def states() -> list[tuple[str, str]]:
    return [(row.person_name, row.state.value) for row in queries.signatures_of(PRINCIPAL)]


def test_a_signature_binds_person_post_text_and_edition(cast: Cast) -> None:
    with cast.acts("principal"):
        key = sign()
        detail = queries.signature(key)
        assert (detail.person_id, detail.position, detail.signed_at) == (cast.a.principal, PRINCIPAL, NOW)
        assert (detail.edition, detail.digest) == (
            lawbook().positions[PRINCIPAL].edition, lists.list_in_force(PRINCIPAL).digest,
        )  # fmt: skip
        assert detail.in_force
        assert detail.sheet.lists[1].lines[0].text == lawbook().positions[PRINCIPAL].duties[0].text
        stored = Signature.objects.get(pk=key)
        assert (stored.method, stored.account_id) == ("account", cast.account("principal").pk)
        assert states() == [("赵甬", "signed")]


def test_it_is_journalled_with_the_digest_of_the_text(cast: Cast) -> None:
    with cast.acts("principal"):
        key = sign()
    with cast.acts("principal"):
        entry = Entry.objects.get(action="signatures.sign")
        assert ["signatures.text", key, lists.list_in_force(PRINCIPAL).digest] in entry.rows
        assert entry.actor == f"person:{cast.a.principal}"


def test_nobody_signs_twice(cast: Cast) -> None:
    with cast.acts("principal"):
        sign()
    with cast.acts("principal"), pytest.raises(AlreadySigned, match="已签署过"):
        sign()
    with cast.acts("principal"):
        assert Signature.objects.count() == 1


@pytest.mark.parametrize("member", ["safety_manager", "driver", "clerk", "other_principal"])
def test_only_the_holder_signs(cast: Cast, member: str) -> None:
    with cast.acts(member):
        if member == "other_principal":
            sign()
            assert states() == [("赵海", "signed")]
        else:
            with pytest.raises(NotPermitted, match="本人签署"):
                sign()
    with cast.acts("principal"):
        assert states() == [("赵甬", "unsigned")]


@pytest.mark.parametrize("member", ["officer", "administrator"])
def test_those_without_a_post_of_their_own_do_not_sign(cast: Cast, member: str) -> None:
    with cast.acts(member), pytest.raises(NotPermitted):
        sign()


def test_the_system_signs_for_nobody(cast: Cast) -> None:
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW), pytest.raises(NotPermitted):
        sign()


def test_a_deputy_does_not_sign_for_the_holder(cast: Cast) -> None:
    with cast.acts("principal"):
        (holding,) = [row for row in holdings(TODAY) if row.position == PRINCIPAL]
        people.appoint_deputy(
            holding_id=holding.id, deputy_id=cast.a.clerk, since=TODAY, until=None, reason="出差"
        )
    with cast.acts("clerk") as scope:
        assert scope.actor.positions == (PRINCIPAL,)
        assert queries.mine() == []
        with pytest.raises(NotPermitted, match="代理人"):
            sign()


def test_an_unknown_post_has_no_list(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(NotFound):
        sign("coach.emperor")
    with cast.acts("monitor"), pytest.raises(NotFound):
        sign("coach.undeclared")


@pytest.mark.parametrize("words", [True, False])
def test_a_list_that_changed_while_it_was_read_is_not_signed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, words: bool
) -> None:
    shown = lists.list_in_force(PRINCIPAL)
    with (
        changed(monkeypatch, words=words),
        cast.acts("principal"),
        pytest.raises(ListChanged, match="重新阅读"),
    ):
        sign_list(position=PRINCIPAL, edition=shown.edition, digest=shown.digest)


def test_changed_words_ask_again_and_the_old_text_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast.acts("principal"):
        first = sign()
    with changed(monkeypatch), cast.acts("principal"):
        assert states() == [("赵甬", "sign_again")]
        (row,) = queries.mine()
        assert (row.since, row.signature_id, row.signed) == (TODAY, first, False)
        old = queries.signature(first)
        assert not old.in_force
        assert not old.sheet.description.endswith("修订。")
        second = sign()
        assert states() == [("赵甬", "signed")]
        assert queries.signature(second).sheet.description.endswith("修订。")
        assert ListText.objects.count() == 2


def test_the_same_words_in_a_new_edition_ask_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast.acts("principal"):
        sign()
    with changed(monkeypatch, words=False), cast.acts("principal"):
        assert states() == [("赵甬", "signed")]


def test_two_companies_share_the_text_and_nothing_else(cast: Cast) -> None:
    with cast.acts("principal"):
        key = sign()
    with cast.acts("other_principal"):
        sign()
        assert ListText.objects.count() == 1
        assert Signature.objects.count() == 1
        with pytest.raises(NotFound):
            queries.signature(key)
    with cast.acts("officer"):
        assert queries.signature(key).person_name == "赵甬"
    with cast.acts("stranger_officer"), pytest.raises(NotFound):
        queries.signature(key)


def test_a_signature_is_seen_by_its_signer_and_the_leaders(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        key = sign(MANAGER)
    with cast.acts("principal"):
        assert queries.signature(key).person_id == cast.a.safety_manager
    for member in ("monitor", "driver", "clerk"):
        with cast.acts(member), pytest.raises(NotFound):
            queries.signature(key)


def test_the_database_keeps_what_was_signed(cast: Cast) -> None:
    with cast.acts("principal"):
        sign()
        for sql in (
            "UPDATE signatures_signature SET edition = 'x'",
            "DELETE FROM signatures_signature",
            "UPDATE signatures_text SET text = 'x'",
            "DELETE FROM signatures_text",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)


def test_who_takes_a_post_over_signs_anew(cast: Cast) -> None:
    with cast.acts("principal"):
        sign()
        (holding,) = [row for row in holdings(TODAY) if row.position == PRINCIPAL]
        people.end_holding(holding_id=holding.id, until=TODAY + timedelta(days=1))
        people.assign_post(person_id=cast.a.clerk, position=PRINCIPAL, since=TODAY + timedelta(days=1))
    with cast.acts("clerk", at=NOW + timedelta(days=1)):
        assert states() == [("冯甬", "unsigned")]
        (row,) = queries.mine()
        assert row.since == TODAY + timedelta(days=1)
        sign()
        assert queries.mine()[0].signed


def test_nobody_is_dismissed_to_a_day_before_a_signed_post_began(cast: Cast) -> None:
    with cast.acts("principal"):
        people.assign_post(person_id=cast.a.clerk, position=MANAGER, since=TODAY)
    with cast.acts("clerk"):
        sign(MANAGER)
    with cast.acts("principal"), pytest.raises(Refused, match="已签署清单"):
        people.dismiss(person_ids=[cast.a.clerk], left_on=TODAY - timedelta(days=3))


def test_numbers_of_a_company(cast: Cast) -> None:
    declared = {p.id for p in lawbook().positions_of("coach")}
    held = {PRINCIPAL, MANAGER}
    with cast.acts("principal"):
        before = queries.coverage(cast.a.id)
        assert before.share == queries.Share(0, len(held))
        assert (before.employed, before.listed, before.share.percent) == (6, len(held), 0)
        assert before.percent == 100 * len(held) // 6
        assert {p.id for p in before.vacant} == declared - held
        sign()
        assert queries.coverage(cast.a.id).share == queries.Share(1, len(held))
        assert {row.position.id for row in queries.unsigned(cast.a.id)} == held - {PRINCIPAL}
        assert len(queries.standings(cast.a.id)) == len(held)
        missing = queries.unlisted(cast.a.id)
        assert len(missing) == 6 - len(held)
        assert {("冯甬", False), ("钱甬", True), ("孙甬", True)} <= {row[1:] for row in missing}


def test_who_has_left_counts_no_more(cast: Cast) -> None:
    with cast.acts("principal"):
        before = queries.coverage(cast.a.id)
        people.dismiss(person_ids=[cast.a.clerk, cast.a.safety_manager], left_on=TODAY)
        found = queries.coverage(cast.a.id)
        assert (found.employed, found.listed) == (4, before.listed - 1)
        assert found.share.holders == before.share.holders - 1


def test_shares_for_the_bureau(cast: Cast) -> None:
    with cast.acts("principal"):
        sign()
        holders = queries.coverage(cast.a.id).share.holders
    with cast.acts("officer"):
        assert queries.signed_shares([cast.a.id, cast.b.id]) == {
            cast.a.id: queries.Share(1, holders), cast.b.id: queries.Share(0, holders),
        }  # fmt: skip
    with cast.acts("stranger_officer"):
        assert queries.signed_shares([cast.a.id, cast.b.id]) == {}


def test_a_company_of_nobody_has_no_percentages() -> None:
    assert queries.Share(0, 0).percent is None
    assert queries.Coverage(0, 0, queries.Share(0, 0), ()).percent is None
