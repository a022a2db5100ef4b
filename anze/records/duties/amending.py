"""Applying the shelf's editions to a company, seeing beforehand what that would do, and having read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.duties import corrections, verdicts
from anze.records.duties.footing import Footing, footing_of, footing_seen
from anze.records.duties.models import Acknowledgement, Application
from anze.records.journal.actions import append, digest_of, instant
from anze.records.lawbook import EditionSet
from anze.rules.duties import Ruled
from anze.rules.duties.amendments import Amendment, Effect, amendments, effects

APPLY = "catalogue.apply"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What applying does to one company. `effects`: requirement -> its obligations."""

    company_id: int
    before: EditionSet
    after: EditionSet
    amendments: tuple[Amendment, ...]
    effects: Mapping[str, Effect]

    @property
    def total(self) -> Effect:
        return Effect(*(sum(numbers) for numbers in zip(*self.effects.values(), strict=True)))


def prospect(*, company_id: int) -> Prospect | None:
    """Nothing is written. None: the company stands on the shelf. Raises EditionVanished."""
    require("apply_editions")
    at = current().at
    footing = footing_seen(company_id, at)
    if not footing.due:
        return None
    return _amended(footing, footing.instant(at))[0]


def apply_editions(*, company_id: int) -> Prospect | None:
    """From now on the company is judged by the shelf's editions. None: it is already.

    Raises EditionVanished.
    """
    require("apply_editions")
    verdicts.lock([company_id])
    footing = footing_of(company_id, current().at)
    if not footing.due:
        return None
    at = footing.instant(current().at)
    found, ruled = _amended(footing, at)
    row = Application.objects.create(
        company_id=company_id,
        number=footing.number + 1,
        applied_at=at,
        editions=dict(found.after),
        positions=_positions(found.amendments, footing),
        effects={key: effect._asdict() for key, effect in found.effects.items()},
        decided_at=at,
    )
    verdicts.store({company_id: ruled}, at=at)
    corrections.keep(company_id, ruled, at)
    content = {"before": dict(found.before), "after": dict(found.after), "at": instant(at)}
    append(
        action=APPLY,
        rows=[("duties.application", row.pk, digest_of(content))],
        reason=_in_words(found.before, found.after),
        company_id=company_id,
    )
    return found


def acknowledge(*, application_id: int) -> None:
    """The acting person has read what an application changed. Once is enough."""
    require("see_own")
    scope = current()
    application = Application.objects.filter(pk=application_id, number__gt=1).first()
    if application is None or scope.actor.person is None:
        raise NotFound("没有这次法规变更。")
    row, new = Acknowledgement.objects.get_or_create(
        company_id=application.company_id,
        application=application,
        person_id=scope.actor.person,
        defaults={"read_at": scope.at},
    )
    if new:
        content = [application_id, scope.actor.person, instant(row.read_at)]
        append(
            action="catalogue.acknowledge",
            rows=[("duties.acknowledgement", row.pk, digest_of(content))],
            company_id=application.company_id,
        )


def _amended(footing: Footing, at: datetime) -> tuple[Prospect, Ruled]:
    """By the tenures of now, and by those with the shelf's editions at their end."""
    company = footing.company
    after = footing.with_shelf(at)
    facts = footing.facts(None, None)
    before_ruled, ruled = (one.rule(facts, at, None, None) for one in (footing, after))
    changed = amendments(footing.tenures[-1].book, after.tenures[-1].book)
    found = effects(before_ruled, ruled)
    return Prospect(company.id, footing.editions, after.editions, tuple(changed), found), ruled


def _positions(found: Sequence[Amendment], footing: Footing) -> list[str]:
    """Whom the changes concern: what holds for all demands, every post."""
    if any(one.requirement is None for one in found):
        return sorted(position.id for position in footing.tenures[-1].book.positions)
    return sorted({one.requirement.position for one in found if one.requirement is not None})


def _in_words(before: EditionSet, after: EditionSet) -> str:
    old, new = dict(before), dict(after)
    files = [file for file in sorted(old.keys() | new.keys()) if old.get(file) != new.get(file)]
    return "；".join(f"{file} {old.get(file, '无')}→{new.get(file, '无')}" for file in files)
