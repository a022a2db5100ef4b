"""The lists to be signed, as the running lawbook has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anze.records.acting.errors import NotFound
from anze.records.demands import queries as demands
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Position
from anze.rules.signatures import Sheet, canonical_text, laid_out, text_digest


@dataclass(frozen=True, slots=True)
class ListInForce:
    position: str
    edition: str
    digest: str
    text: str

    @property
    def sheet(self) -> Sheet:
        return laid_out(self.text)


def list_in_force(position_id: str, company_id: int | None = None) -> ListInForce:
    """With what the company asks on its own; without one, as printed. Raises NotFound."""
    position = lawbook().positions.get(position_id)
    if position is None:
        raise NotFound("没有这个岗位。")
    digest, text = _of(position, company_id)
    return ListInForce(position.id, position.edition, digest, text)


def digests_in_force() -> dict[str, str]:
    """Position -> digest of its list as printed, over all trades."""
    return {p.id: _digest_and_text(p.id, p.edition)[0] for p in lawbook().positions.values()}


def own_digests(company_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Company -> position -> digest, of the lists to which a company added something."""
    known, found = lawbook().positions, {}
    for company_id, asked in demands.own_demands(company_ids).items():
        positions = {demand.position for demand in asked} & known.keys()
        found[company_id] = {key: _of(known[key], company_id)[0] for key in positions}
    return found


def _of(position: Position, company_id: int | None) -> tuple[str, str]:
    """Digest and text."""
    whole = position if company_id is None else demands.completed(company_id, position)
    if len(whole.duties) == len(position.duties):
        return _digest_and_text(position.id, position.edition)
    text = canonical_text(whole)
    return text_digest(text), text


@lru_cache(maxsize=1000)
def _digest_and_text(position_id: str, edition: str) -> tuple[str, str]:
    """An edition of a position never changes, so it is spelt once."""
    text = canonical_text(lawbook().positions[position_id])
    return text_digest(text), text
