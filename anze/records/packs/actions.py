"""Taking a pack: an act of its own, noted with the digest of all that the pack holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.journal import queries as journal
from anze.records.journal.actions import append, flush
from anze.records.packs.choice import Choice
from anze.records.packs.queries import Outline, outline
from anze.records.packs.verify import FORMAT, digest_of, held_of
from anze.records.tenants.queries import CompanyRow

LABEL = "packs.pack"


@dataclass(frozen=True, slots=True)
class Pack:
    """`seal`: what the pack's own file says of it, for whoever verifies it."""

    outline: Outline
    seal: dict[str, Any]


def take_pack(*, choice: Choice, company: CompanyRow) -> Pack:
    """A company's person acts on the company's chain, an officer on the authority's.

    Raises NotPermitted, NotAPeriod, TooLarge.
    """
    require("take_pack")
    scope, found = current(), outline(choice, company=company)
    held = {
        "format": FORMAT,
        "company": {"id": company.id, "name": company.name},
        "choice": choice.content(),
        "at": scope.at.isoformat(timespec="seconds"),
        "records": [[key.id, key.number, key.digest] for key in found.records],
    }
    authority = scope.actor.authority
    own = company.id if authority is None else None
    row = (LABEL, company.id, digest_of(held_of(held)))
    append(action="packs.take", rows=[row], company_id=own, authority_id=authority)
    flush()
    head = journal.head(company_id=company.id)
    seal = held | {
        "entry": journal.last_entry(company_id=own, authority_id=authority),
        "company_head": {"chain": head.chain, "length": head.length, "head": head.digest},
    }
    return Pack(found, seal)
