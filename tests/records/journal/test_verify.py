"""Any altered, removed, inserted or reordered entry of a chain is found; an untouched chain holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.records.journal.verify import (
    FIRST,
    FORMAT,
    breaks_in,
    canonical,
    digest_of,
    entry_digest,
    main,
    reason_digest,
    verify_export,
)

Chain = list[dict[str, Any]]


def chain_of(acts: list[tuple[str, int, str]]) -> Chain:
    entries: Chain = []
    previous = FIRST
    for number, (action, row, reason) in enumerate(acts, 1):
        entry: dict[str, Any] = {
            "chain": "company:1",
            "number": number,
            "at": f"2026-01-01T00:00:00.{number:06d}+00:00",
            "account": 3,
            "actor": "person:5",
            "action": action,
            "rows": [["a.row", row, digest_of(row)]],
            "reason": reason or None,
            "reason_salt": "aa" if reason else "",
            "reason_digest": reason_digest(reason, "aa") if reason else "",
            "previous": previous,
        }
        previous = entry["digest"] = entry_digest(entry)
        entries.append(entry)
    return entries


def problems(entries: Chain, untouched: Chain) -> list[str]:
    head = untouched[-1]["digest"] if untouched else FIRST
    found = breaks_in("company:1", entries, length=len(untouched), head=head, published={})
    return [str(each) for each in found]


chains = st.lists(
    st.tuples(st.text(max_size=5), st.integers(1, 99), st.text(max_size=4)), min_size=1, max_size=8
).map(chain_of)


@given(chains)
def test_an_untouched_chain_holds(entries: Chain) -> None:
    assert problems(entries, entries) == []


@given(chains, st.data())
def test_any_altered_entry_is_found(entries: Chain, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(sorted(entries[which])))
    old = entries[which][name]
    forged = data.draw(
        st.sampled_from(
            [0, 1, 2, 99] if name == "number" else [None, 0, "", "x", [], [["a.row", 1, "0"]]]
        ).filter(lambda v: v != old)
    )
    hides_nothing = name == "reason" and forged is None  # erasing a reason is allowed
    unread = name == "reason_salt" and entries[which]["reason"] is None
    found = problems([{**e, name: forged} if i == which else e for i, e in enumerate(entries)], entries)
    assert bool(found) != (hides_nothing or unread)


@given(chains, st.data())
def test_any_removed_entry_is_found(entries: Chain, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(entries) - 1))
    assert problems(entries[:gone] + entries[gone + 1 :], entries)


@given(chains, st.data())
def test_any_inserted_entry_is_found(entries: Chain, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries)))
    forged = {**entries[0], "number": at + 1, "previous": entries[at - 1]["digest"] if at else FIRST}
    forged["digest"] = entry_digest(forged)
    assert problems([*entries[:at], forged, *entries[at:]], entries)


@given(chains.filter(lambda c: len(c) > 1), st.data())
def test_any_reordering_is_found(entries: Chain, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(entries).filter(lambda p: p != entries))
    assert problems(list(shuffled), entries)


@given(chains, st.data())
def test_a_rewritten_tail_shows_against_the_head(entries: Chain, data: st.DataObject) -> None:
    """Someone who rewrites the digests too still meets the head."""
    at = data.draw(st.integers(0, len(entries) - 1))
    forged = [dict(e) for e in entries]
    forged[at]["action"] += "x"
    for index in range(at, len(forged)):
        forged[index]["previous"] = forged[index - 1]["digest"] if index else FIRST
        forged[index]["digest"] = entry_digest(forged[index])
    assert problems(forged, entries)


def test_canonical_bytes_do_not_depend_on_order_of_keys() -> None:
    assert canonical({"b": 1, "a": ["中", None]}) == '{"a":["中",null],"b":1}'.encode()
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})


def write(path: Path, header: dict[str, Any], entries: Chain) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in [header, *entries]), "utf-8")
    return path


def test_an_export_holds_or_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = chain_of([("a", 1, ""), ("b", 2, "因")])
    header = {"format": FORMAT, "chain": "company:1", "length": 2, "head": entries[-1]["digest"]}
    path = write(tmp_path / "e.jsonl", header, entries)
    assert verify_export(path) == []
    assert main([str(path)]) == 0
    assert "0 处不符" in capsys.readouterr().out
    assert main([str(write(path, header, entries[:1]))]) == 1
    assert "末尾被截断" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"format": "other"}',
        '{"format": "anze-journal-1", "chain": "c", "length": "2", "head": ""}',
    ],
)
def test_an_unreadable_export_is_a_break(tmp_path: Path, text: str) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text(text, "utf-8")
    (found,) = verify_export(path)
    assert "读不懂" in str(found)


def test_an_unreadable_entry_is_a_break(tmp_path: Path) -> None:
    entries = chain_of([("a", 1, "")])
    header = {"format": FORMAT, "chain": "company:1", "length": 1, "head": entries[0]["digest"]}
    for broken in ({"number": 1}, {**entries[0], "number": "1"}):
        (found,) = verify_export(write(tmp_path / "e.jsonl", header, [broken]))
        assert found.number == 1


def test_an_empty_export_is_a_break(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text("", "utf-8")
    assert "空的" in str(verify_export(path)[0])
