"""Appending to the journal. An append waits for the end of the scope: the chain's head is locked last."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Collate, Concat

from anze.records.acting.context import Acting, current
from anze.records.journal.models import Chain, Entry
from anze.records.journal.verify import digest_of, entry_digest, reason_digest

__all__ = ["append", "append_each", "chain_label", "digest_of", "flush", "instant", "lock_chain"]

Row = tuple[str, int, str]  # label, id, digest


def append(
    *,
    action: str,
    rows: Sequence[Row],
    reason: str | None = None,
    company_id: int | None = None,
    authority_id: int | None = None,
) -> None:
    """Note an act on the chain of its company or authority; written as the scope closes, in its transaction.

    `rows`: label, id and digest of each row that the act changed; no personal values. `reason` defaults
    to the scope's own.
    """
    if (company_id is None) == (authority_id is None):
        raise ValueError("an entry belongs to one company or to one authority")
    scope = current()
    label = chain_label(company_id, authority_id)
    write = partial(_write, scope, company_id, authority_id, action, list(rows), reason or scope.reason)
    scope.memo.clear()
    scope.closing.append(((label, len(scope.closing)), write))


def append_each(*, action: str, rows: Mapping[int, Sequence[Row]]) -> None:
    """The same act of many companies, an entry on the chain of each: company id -> its rows.

    Written together, because thousands of single appends take longer than what they note.
    """
    if not rows:
        return
    scope = current()
    scope.memo.clear()
    label = min(chain_label(company, None) for company in rows)
    write = partial(_write_each, scope, action, {key: list(noted) for key, noted in rows.items()})
    scope.closing.append(((label, len(scope.closing)), write))


def flush() -> None:
    """Write what is waiting now. For readers inside the same scope."""
    current().close()


def lock_chain(*, company_id: int | None = None, authority_id: int | None = None) -> None:
    """No act of this owner is noted until the transaction ends."""
    _locked_chain(company_id, authority_id)


def chain_label(company_id: int | None, authority_id: int | None) -> str:
    return f"company:{company_id}" if authority_id is None else f"authority:{authority_id}"


def instant(at: datetime) -> str:
    """One spelling for one instant."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _write(
    scope: Acting,
    company_id: int | None,
    authority_id: int | None,
    action: str,
    rows: list[Row],
    reason: str | None,
) -> None:
    chain = _locked_chain(company_id, authority_id)
    entry = _entry(scope, chain, action, rows, reason)
    entry.save(force_insert=True)
    Chain.objects.filter(pk=chain.pk).update(length=entry.number, head=entry.digest)


def _write_each(scope: Acting, action: str, rows: dict[int, list[Row]]) -> None:
    chains = _locked_chains(list(rows))
    entries = [_entry(scope, chains[company], action, noted, scope.reason) for company, noted in rows.items()]
    Entry.objects.bulk_create(entries)
    heads = [(entry.chain_id, entry.number, entry.digest) for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_chain AS kept SET length = given.length, head = given.head "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given(id, length, head) "
            "WHERE kept.id = given.id",
            list(map(list, zip(*heads, strict=True))),
        )


def _locked_chains(company_ids: list[int]) -> dict[int, Chain]:
    """In the order in which single appends of one scope lock theirs."""
    known = set(Chain.objects.filter(company_id__in=company_ids).values_list("company_id", flat=True))
    new = [Chain(company_id=company) for company in company_ids if company not in known]
    Chain.objects.bulk_create(new, ignore_conflicts=True)
    label = Collate(Concat(Value("company:"), Cast("company_id", TextField())), "C")
    locked = Chain.objects.select_for_update().filter(company_id__in=company_ids).order_by(label)
    return {chain.company_id: chain for chain in locked if chain.company_id is not None}


def _entry(scope: Acting, chain: Chain, action: str, rows: list[Row], reason: str | None) -> Entry:
    """The next entry of a locked chain."""
    salt = secrets.token_hex(16) if reason else ""
    content: dict[str, Any] = {
        "number": chain.length + 1,
        "account": scope.actor.account,
        "actor": scope.actor.label,
        "action": action,
        "rows": [list(row) for row in rows],
        "reason_digest": reason_digest(reason, salt) if reason else "",
        "previous": chain.head,
    }
    label = chain_label(chain.company_id, chain.authority_id)
    return Entry(
        **content,
        chain=chain,
        company_id=chain.company_id,
        authority_id=chain.authority_id,
        at=scope.at,
        reason=reason or None,
        reason_salt=salt,
        digest=entry_digest({**content, "chain": label, "at": instant(scope.at)}),
    )


def _locked_chain(company_id: int | None, authority_id: int | None) -> Chain:
    owner = {"company_id": company_id, "authority_id": authority_id}
    chain = Chain.objects.select_for_update().filter(**owner).first()
    if chain is None:
        # Two first acts at once: the second waits on the unique owner, then finds the row.
        Chain.objects.bulk_create([Chain(**owner)], ignore_conflicts=True)
        chain = Chain.objects.select_for_update().get(**owner)
    return chain
