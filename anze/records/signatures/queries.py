"""Who has signed the list of the post, who has not, and how many people have a list at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.lawbook import lawbook
from anze.records.people.models import Holding, Person
from anze.records.signatures.lists import ListInForce, digests_in_force, list_in_force, own_digests
from anze.records.signatures.models import Signature
from anze.records.tenants import queries as tenants
from anze.rules import posts
from anze.rules.catalogue.model import Position
from anze.rules.signatures import (
    Sheet,
    SignatureStanding,
    SignatureState,
    laid_out,
    signature_standings,
)
from anze.rules.signatures import Signature as Signed

__all__ = [
    "Coverage",
    "HolderStanding",
    "ListInForce",
    "Share",
    "SignatureDetail",
    "coverage",
    "list_in_force",
    "mine",
    "signature",
    "signatures_of",
    "signed_shares",
    "standings",
    "standings_of",
    "unlisted",
    "unsigned",
]


@dataclass(frozen=True, slots=True)
class HolderStanding:
    """How a holder stands towards the list of the post. `since`, `signature_id`: see SignatureStanding."""

    holding_id: int
    person_id: int
    person_name: str
    position: Position
    held_since: date
    state: SignatureState
    since: date
    signature_id: int | None

    @property
    def signed(self) -> bool:
        return self.state is SignatureState.SIGNED


@dataclass(frozen=True, slots=True)
class Share:
    signed: int
    holders: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all. None where nobody holds a post."""
        return 100 * self.signed // self.holders if self.holders else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everyone has a list: `listed` of `employed` people hold a post; `vacant` posts have no holder."""

    employed: int
    listed: int
    share: Share
    vacant: tuple[Position, ...]

    @property
    def percent(self) -> int | None:
        return 100 * self.listed // self.employed if self.employed else None


@dataclass(frozen=True, slots=True)
class SignatureDetail:
    id: int
    company_id: int
    person_id: int
    person_name: str
    position: str
    edition: str
    digest: str
    signed_at: datetime
    sheet: Sheet
    in_force: bool  # the list has the same words today


def mine() -> list[HolderStanding]:
    """The acting person's own posts, by printed order."""
    person = current().actor.person
    return [] if person is None else _standings(Q(person=person))


def standings_of(person_id: int) -> list[HolderStanding]:
    """Of the posts that a person holds today."""
    return _standings(Q(person=person_id))


def signatures_of(position: str) -> list[HolderStanding]:
    """Of the holders of a post today."""
    return _standings(Q(position=position))


def standings(company_id: int) -> list[HolderStanding]:
    """Of everybody who holds a post with a list today, by printed order of the post."""
    memo, key = current().memo, ("signature standings", company_id)
    if key not in memo:
        memo[key] = _standings(Q(company=company_id))
    rows: list[HolderStanding] = memo[key]
    return rows


def unsigned(company_id: int) -> list[HolderStanding]:
    return [row for row in standings(company_id) if not row.signed]


def coverage(company_id: int) -> Coverage:
    rows = standings(company_id)
    held = {row.position.id for row in rows}
    posts_of_trade = lawbook().positions_of(tenants.company(company_id).trade)
    return Coverage(
        employed=_employed(company_id).count(),
        listed=len({row.person_id for row in rows}),
        share=Share(sum(row.signed for row in rows), len(rows)),
        vacant=tuple(position for position in posts_of_trade if position.id not in held),
    )


def unlisted(company_id: int) -> list[tuple[int, str, bool]]:
    """Id, name and whether a driver: people employed today who hold no post with a list."""
    held = Holding.objects.filter(
        _on(current().today), person=OuterRef("pk"), position__in=list(digests_in_force())
    )
    rows = _employed(company_id).exclude(Exists(held)).order_by("pinyin", "pk")
    return list(rows.values_list("pk", "name", "driver"))


SHARES = """
SELECT h.company_id, count(s.id), count(*)
FROM people_holding h
JOIN unnest(%s::text[], %s::text[]) AS listed (position, digest) ON listed.position = h.position
LEFT JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS own (company_id, position, digest)
    ON own.company_id = h.company_id AND own.position = h.position
LEFT JOIN signatures_signature s ON s.holding_id = h.id AND s.digest = coalesce(own.digest, listed.digest)
WHERE h.company_id = ANY(%s) AND h.since <= %s AND (h.until IS NULL OR h.until > %s)
GROUP BY h.company_id
"""


def signed_shares(company_ids: Sequence[int]) -> dict[int, Share]:
    """Of companies in scope, in two queries; a company whose posts nobody holds is absent."""
    digests, today = digests_in_force(), current().today
    own = [(key, *pair) for key, asked in own_digests(company_ids).items() for pair in asked.items()]
    columns = [[row[n] for row in own] for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            SHARES, [list(digests), list(digests.values()), *columns, list(company_ids), today, today]
        )
        return {company: Share(signed, holders) for company, signed, holders in cursor.fetchall()}


def signature(signature_id: int) -> SignatureDetail:
    """One's own, or anybody's for those who see the whole company. Raises NotFound."""
    found = Signature.objects.select_related("person", "list_text").filter(pk=signature_id).first()
    actor = current().actor
    if found is None or not (found.person_id == actor.person or may(actor, "see_company")):
        raise NotFound("没有这份签署记录。")
    return SignatureDetail(
        id=found.pk,
        company_id=found.company_id,
        person_id=found.person_id,
        person_name=found.person.name,
        position=found.position,
        edition=found.edition,
        digest=found.list_text_id,
        signed_at=found.signed_at,
        sheet=laid_out(found.list_text.text),
        in_force=_digests(found.company_id).get(found.position) == found.list_text_id,
    )


def _on(day: date) -> Q:
    return (Q(until=None) | Q(until__gt=day)) & Q(since__lte=day)


def _employed(company_id: int) -> QuerySet[Person]:
    today = current().today
    return Person.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today), company=company_id, joined_on__lte=today
    )


def _digests(company_id: int) -> dict[str, str]:
    return digests_in_force() | own_digests([company_id]).get(company_id, {})


FIELDS = (
    "pk",
    "company_id",
    "person_id",
    "person__name",
    "position",
    "since",
    "until",
    "signatures__pk",
    "signatures__list_text_id",
    "signatures__signed_at",
)


def _standings(which: Q) -> list[HolderStanding]:
    """Each holding of today as often as it was signed, once when it never was. Two queries of one company."""
    today = current().today
    names: dict[int, tuple[int, str]] = {}
    holdings: dict[int, posts.Holding] = {}
    held: dict[int, list[posts.Holding]] = {}
    signatures = []
    for key, company_id, person, name, position, since, until, signed, digest, at in Holding.objects.filter(
        which, _on(today)
    ).values_list(*FIELDS):
        names[key] = (person, name)
        if key not in holdings:
            holdings[key] = posts.Holding(key, person, position, posts.Span(since, until))
            held.setdefault(company_id, []).append(holdings[key])
        if signed is not None:
            signatures.append(Signed(signed, key, digest, at.astimezone(SHANGHAI).date()))
    found = [
        standing
        for company_id, mine in held.items()
        for standing in signature_standings(mine, _digests(company_id), signatures, today)
    ]
    rows = [_row(holdings[standing.holding], names[standing.holding], standing) for standing in found]
    return sorted(
        rows, key=lambda row: (row.position.trade, row.position.number, row.held_since, row.holding_id)
    )


def _row(holding: posts.Holding, who: tuple[int, str], standing: SignatureStanding) -> HolderStanding:
    return HolderStanding(
        holding_id=holding.id,
        person_id=who[0],
        person_name=who[1],
        position=lawbook().positions[holding.position],
        held_since=holding.span.since,
        state=standing.state,
        since=standing.since,
        signature_id=standing.signature,
    )
