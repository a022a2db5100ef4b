"""The chain as the system keeps it: appended last, in the act's own transaction, one for each owner."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.journal import queries, verify
from anze.records.journal.actions import append, digest_of
from anze.records.journal.models import Chain, Entry
from anze.records.people import actions as people
from anze.records.people.actions import NewPerson
from anze.records.people.models import Person
from tests.cast import NOW, STARTED, Cast


def note(company_id: int, number: int = 1, reason: str | None = None) -> None:
    append(
        action="test.act",
        rows=[("test.row", number, digest_of({"n": number}))],
        reason=reason,
        company_id=company_id,
    )


def test_an_entry_names_the_act_and_no_person(cast: Cast) -> None:
    with cast.acts("principal"):
        note(cast.a.id, 7, reason="因故")
        entry = queries.entries(company_id=cast.a.id).rows[0]
    assert (entry.actor, entry.action, entry.reason) == (f"person:{cast.a.principal}", "test.act", "因故")
    assert entry.rows == (("test.row", 7, digest_of({"n": 7})),)
    assert entry.at == NOW


def test_no_personal_value_enters_the_journal(cast: Cast) -> None:
    with cast.acts("principal"):
        people.employ(
            company_id=cast.a.id, people=[NewPerson("欧阳震华", STARTED, phone="13987654321", driver=True)]
        )
        text = "".join(queries.export(company_id=cast.a.id))
    assert "欧阳" not in text
    assert "13987654321" not in text
    assert "赵甬" not in text


def test_two_persons_alike_have_different_digests(cast: Cast) -> None:
    with cast.acts("principal"):
        people.employ(company_id=cast.a.id, people=[NewPerson("王伟", STARTED), NewPerson("王伟", STARTED)])
        first, second = queries.entries(company_id=cast.a.id).rows[0].rows
    assert first[2] != second[2]


def test_each_owner_has_its_own_chain(cast: Cast) -> None:
    with cast.acts("officer"):
        heads = {head.chain: head.length for head in queries.heads()}
    assert set(heads) == {f"company:{cast.a.id}", f"company:{cast.b.id}", f"authority:{cast.authority}"}
    assert all(length > 0 for length in heads.values())
    with cast.acts("officer"):
        assert queries.verify(company_id=cast.a.id) == []
        assert queries.verify(authority_id=cast.authority) == []


def test_a_chain_out_of_scope_is_not_found(cast: Cast) -> None:
    with cast.acts("principal"):
        for owner in ({"company_id": cast.b.id}, {"authority_id": cast.authority}):
            with pytest.raises(NotFound):
                queries.verify(**owner)  # type: ignore[arg-type]
    with cast.acts("driver"), pytest.raises(NotPermitted):
        queries.verify(company_id=cast.a.id)


def test_an_entry_needs_exactly_one_owner(cast: Cast) -> None:
    with cast.acts("principal"):
        for owner in ({}, {"company_id": 1, "authority_id": 1}):
            with pytest.raises(ValueError, match="one company or to one authority"):
                append(action="x", rows=[], **owner)


def _employ_and_die(cast: Cast, *, appended: bool) -> None:
    with cast.acts("principal") as scope:
        people.employ(company_id=cast.a.id, people=[NewPerson("半途", STARTED)])
        assert Person.objects.filter(name="半途").exists()
        if appended:
            scope.close()
        raise RuntimeError("killed")


def test_the_act_and_its_entry_are_one_transaction(committed_cast: Cast, owner_rows: Any) -> None:
    """Killed between the two, at any point: neither is left."""
    cast = committed_cast
    owner_rows.execute("SELECT length, head FROM journal_chain WHERE company_id = %s", [cast.a.id])
    before = owner_rows.fetchone()
    for appended in (False, True):
        with pytest.raises(RuntimeError, match="killed"):
            _employ_and_die(cast, appended=appended)
    owner_rows.execute("SELECT count(*) FROM people_person WHERE name = '半途'")
    assert owner_rows.fetchone() == (0,)
    owner_rows.execute("SELECT length, head FROM journal_chain WHERE company_id = %s", [cast.a.id])
    assert owner_rows.fetchone() == before
    with cast.acts("principal"):
        assert queries.verify(company_id=cast.a.id) == []


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import date, datetime, UTC
from anze.records.acting.context import SYSTEM, acting
from anze.records.people.actions import NewPerson, employ
company = int(sys.argv[1])
with acting(SYSTEM, reads=(company,), at=datetime(2026, 11, 20, tzinfo=UTC)) as scope:
    employ(company_id=company, people=[NewPerson("半途", date(2025, 1, 1))])
    if sys.argv[2] == "appended":
        scope.close()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["before the journal", "appended"])
def test_a_process_killed_between_act_and_journal_leaves_neither(
    committed_cast: Cast, owner_rows: Any, when: str
) -> None:
    company = committed_cast.a.id
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(company), when], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")
    owner_rows.execute("SELECT count(*) FROM people_person WHERE name = '半途'")
    assert owner_rows.fetchone() == (0,)
    with committed_cast.acts("principal"):
        assert queries.verify(company_id=company) == []
        assert Chain.objects.get(company_id=company).length == Entry.objects.count()


def test_a_failing_append_undoes_the_act(committed_cast: Cast, owner_rows: Any, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(Entry, "save", broken)
    with pytest.raises(RuntimeError, match="disk full"), committed_cast.acts("principal"):
        people.employ(company_id=committed_cast.a.id, people=[NewPerson("半途", STARTED)])
    owner_rows.execute("SELECT count(*) FROM people_person WHERE name = '半途'")
    assert owner_rows.fetchone() == (0,)


def test_appends_at_once_make_one_chain_without_gaps(committed_cast: Cast) -> None:
    company = committed_cast.a.id

    def act(number: int) -> None:
        try:
            with acting(SYSTEM, reads=(company,), at=NOW):
                note(company, number)
        finally:
            connection.close()

    with committed_cast.acts("principal"):
        before = Chain.objects.get(company_id=company).length
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(24)))
    with committed_cast.acts("principal"):
        assert Chain.objects.get(company_id=company).length == before + 24
        assert queries.verify(company_id=company) == []


def test_two_first_acts_at_once_share_one_chain(committed_cast: Cast, owner_rows: Any) -> None:
    company = committed_cast.a.id
    owner_rows.execute("DELETE FROM journal_entry WHERE company_id = %s", [company])
    owner_rows.execute("DELETE FROM journal_chain WHERE company_id = %s", [company])

    def act(number: int) -> None:
        try:
            with acting(SYSTEM, reads=(company,), at=NOW):
                note(company, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    with committed_cast.acts("principal"):
        assert [e.number for e in queries.entries(company_id=company).rows] == [4, 3, 2, 1]
        assert queries.verify(company_id=company) == []


TAMPERING = {
    "altered": ("UPDATE journal_entry SET action = 'other' WHERE id = %(second)s", "内容与摘要不符"),
    "re-signed": ("UPDATE journal_entry SET digest = md5('x') WHERE id = %(second)s", "接不上"),
    "removed": ("DELETE FROM journal_entry WHERE id = %(second)s", "被删除、插入或调换"),
    "tail cut": ("DELETE FROM journal_entry WHERE id = %(last)s", "末尾被截断"),
    "reason altered": ("UPDATE journal_entry SET reason = '别的' WHERE id = %(last)s", "原因与其摘要不符"),
    "head moved": ("UPDATE journal_chain SET head = md5('x')", "链头摘要"),
}


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_in_the_database_is_found(committed_cast: Cast, owner_rows: Any, how: str) -> None:
    company = committed_cast.a.id
    with committed_cast.acts("principal"):
        note(company, reason="原来的原因")
    with committed_cast.acts("principal"):
        numbers = list(Entry.objects.order_by("number").values_list("pk", flat=True))
    sql, problem = TAMPERING[how]
    owner_rows.execute(sql, {"second": numbers[1], "last": numbers[-1]})
    with committed_cast.acts("principal"):
        assert problem in "".join(map(str, queries.verify(company_id=company)))


def test_a_tail_cut_with_its_head_reset_shows_against_a_published_head(
    committed_cast: Cast, owner_rows: Any
) -> None:
    company = committed_cast.a.id
    with committed_cast.acts("principal"):
        note(company)
        (head,) = queries.heads()
        entries = list(Entry.objects.order_by("number"))
    owner_rows.execute("DELETE FROM journal_entry WHERE id = %s", [entries[-1].pk])
    owner_rows.execute(
        "UPDATE journal_chain SET length = %s, head = %s WHERE company_id = %s",
        [entries[-2].number, entries[-2].digest, company],
    )
    with committed_cast.acts("principal"):
        assert queries.verify(company_id=company) == []
        (found,) = queries.verify(company_id=company, published={head.length: head.digest})
    assert "现已不存在" in str(found)


def test_erasing_the_text_of_a_reason_leaves_the_chain_whole(committed_cast: Cast, owner_rows: Any) -> None:
    with committed_cast.acts("principal"):
        note(committed_cast.a.id, reason="张三身体不适")
    owner_rows.execute("UPDATE journal_entry SET reason = NULL, reason_salt = '' WHERE reason IS NOT NULL")
    with committed_cast.acts("principal"):
        assert queries.verify(company_id=committed_cast.a.id) == []


def test_an_outsider_verifies_an_export_with_the_standard_library_alone(cast: Cast, tmp_path: Path) -> None:
    export = tmp_path / "chain.jsonl"
    with cast.acts("principal"):
        export.write_text("".join(queries.export(company_id=cast.a.id)), "utf-8")
    alone = [sys.executable, "-I", "-S", str(Path(verify.__file__))]
    done = subprocess.run([*alone, str(export)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = export.read_text("utf-8").splitlines()
    row = json.loads(lines[3])
    row["action"] = "forged"
    export.write_text("\n".join([*lines[:3], json.dumps(row), *lines[4:]]), "utf-8")
    done = subprocess.run([*alone, str(export)], capture_output=True, check=False)
    assert done.returncode == 1
    assert "第 3 条" in done.stdout.decode("utf-8")
