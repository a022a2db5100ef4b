"""The lists to be signed, as the running lawbook has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anze.records.acting.errors import NotFound
from anze.records.lawbook import lawbook
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


def list_in_force(position_id: str) -> ListInForce:
    """Raises NotFound for a position that no file declares."""
    position = lawbook().positions.get(position_id)
    if position is None:
        raise NotFound("没有这个岗位。")
    digest, text = _digest_and_text(position.id, position.edition)
    return ListInForce(position.id, position.edition, digest, text)


def digests_in_force() -> dict[str, str]:
    """Position -> digest of its list, over all trades."""
    return {p.id: _digest_and_text(p.id, p.edition)[0] for p in lawbook().positions.values()}


@lru_cache(maxsize=1000)
def _digest_and_text(position_id: str, edition: str) -> tuple[str, str]:
    """An edition of a position never changes, so it is spelt once."""
    text = canonical_text(lawbook().positions[position_id])
    return text_digest(text), text
