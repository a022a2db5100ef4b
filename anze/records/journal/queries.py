"""Reading, verifying and exporting the chains in scope."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import Page, paged
from anze.records.acting.permissions import require
from anze.records.journal.actions import chain_label, flush, instant
from anze.records.journal.models import Chain, Entry
from anze.records.journal.verify import FORMAT, HASHED, Break, breaks_in, verify_export

__all__ = [
    "Break",
    "EntryRow",
    "Head",
    "entries",
    "export",
    "head",
    "heads",
    "last_entry",
    "newest_rows",
    "verify",
    "verify_export",
]


@dataclass(frozen=True, slots=True)
class Head:
    chain: str  # "company:3", "authority:1"
    company_id: int | None
    authority_id: int | None
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    number: int
    at: datetime
    actor: str  # "person:17"
    action: str
    rows: tuple[tuple[str, int, str], ...]
    reason: str | None
    digest: str


def heads() -> list[Head]:
    """The heads of the chains in scope: what is published so that a cut tail shows."""
    flush()
    scope = current()
    chains = Chain.objects.filter(company_id__in=scope.reads)
    if scope.authority is not None:
        chains |= Chain.objects.filter(authority_id=scope.authority)
    return [
        Head(chain_label(c.company_id, c.authority_id), c.company_id, c.authority_id, c.length, c.head)
        for c in chains.order_by("pk")
    ]


def head(*, company_id: int | None = None, authority_id: int | None = None) -> Head:
    """Of one chain in scope. Raises NotFound. An owner who never acted has an empty chain."""
    return _head(company_id, authority_id)


def last_entry(*, company_id: int | None = None, authority_id: int | None = None) -> dict[str, Any]:
    """The entry that the head covers, with all that its digest does. Raises NotFound where there is none."""
    _head(company_id, authority_id)
    entry = Entry.objects.filter(_owned(company_id, authority_id)).order_by("-number").first()
    if entry is None:
        raise NotFound("这条日志链还没有记录。")
    content = _content(entry, chain_label(company_id, authority_id))
    return {name: content[name] for name in (*HASHED, "digest")}


def newest_rows(*, authority_id: int, action: str) -> list[tuple[str, int, str]]:
    """Rows of the authority's newest entry of an action."""
    require("verify_journal")
    _head(None, authority_id)
    entry = Entry.objects.filter(authority_id=authority_id, action=action).order_by("-number").first()
    return [(label, number, digest) for label, number, digest in entry.rows] if entry else []


def verify(
    *,
    company_id: int | None = None,
    authority_id: int | None = None,
    published: Mapping[int, str] | None = None,
) -> list[Break]:
    """Everything wrong with a chain in scope; `published`: entry number -> digest noted elsewhere.

    Raises NotFound for a chain out of scope and NotPermitted. An owner who never acted has an empty chain.
    """
    require("verify_journal")
    head = _head(company_id, authority_id)
    return list(
        breaks_in(
            head.chain,
            _contents(company_id, authority_id),
            length=head.length,
            head=head.digest,
            published=published or {},
        )
    )


def export(*, company_id: int | None = None, authority_id: int | None = None) -> Iterator[str]:
    """Lines of a file that `verify.py` checks without this system. Stream it inside its own scope."""
    require("verify_journal")
    head = _head(company_id, authority_id)
    yield _line({"format": FORMAT, "chain": head.chain, "length": head.length, "head": head.digest})
    for content in _contents(company_id, authority_id):
        yield _line(content)


def entries(*, company_id: int, page: int = 1) -> Page[EntryRow]:
    """Newest first."""
    require("verify_journal")
    flush()
    rows = Entry.objects.filter(company_id=company_id).order_by("-number")
    return paged(rows, page, lambda found: [_row(entry) for entry in found])


def _row(entry: Entry) -> EntryRow:
    rows = tuple((label, number, digest) for label, number, digest in entry.rows)
    return EntryRow(entry.number, entry.at, entry.actor, entry.action, rows, entry.reason, entry.digest)


def _head(company_id: int | None, authority_id: int | None) -> Head:
    flush()
    scope = current()
    if company_id not in scope.reads and (authority_id is None or authority_id != scope.authority):
        raise NotFound("没有这条日志链。")
    chain = Chain.objects.filter(_owned(company_id, authority_id)).first()
    label = chain_label(company_id, authority_id)
    length, digest = (chain.length, chain.head) if chain else (0, "0" * 64)
    return Head(label, company_id, authority_id, length, digest)


def _owned(company_id: int | None, authority_id: int | None) -> Q:
    return Q(company=company_id, authority=authority_id)


def _contents(company_id: int | None, authority_id: int | None) -> Iterator[dict[str, Any]]:
    label = chain_label(company_id, authority_id)
    rows = Entry.objects.filter(_owned(company_id, authority_id)).order_by("number", "pk")
    for entry in rows.iterator(chunk_size=2000):
        yield _content(entry, label)


def _content(entry: Entry, label: str) -> dict[str, Any]:
    return {
        "chain": label,
        "number": entry.number,
        "at": instant(entry.at),
        "account": entry.account,
        "actor": entry.actor,
        "action": entry.action,
        "rows": entry.rows,
        "reason": entry.reason,
        "reason_salt": entry.reason_salt,
        "reason_digest": entry.reason_digest,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"
