"""Corrections beside verdicts: what deciding found, and how a page tells of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from anze.records.duties.footing import misread
from anze.records.duties.models import Correction, Obligation
from anze.records.duties.rows import ObligationRow, TermFinder
from anze.records.duties.words import reason_in_words, rule_in_words, source_in_words
from anze.rules.duties import Corrected, Ruled
from anze.rules.duties.tenures import Key, key_of


def keep(company_id: int, ruled: Ruled, at: datetime) -> int:
    """Make the stored corrections equal to what was ruled, within what was decided. How many were written."""
    if not ruled.moved:
        return 0
    decided = [d.obligation for d in ruled.decisions if d.obligation.requirement in ruled.moved]
    ids = _ids(company_id, ruled)
    wanted = {ids[key_of(c.obligation)]: c for c in ruled.corrections}
    touched = [ids[key_of(obligation)] for obligation in decided]
    gone = ~Exists(Obligation.objects.filter(id=OuterRef("obligation")))
    known = Correction.objects.filter(company_id=company_id, requirement__in=ruled.moved).filter(
        Q(obligation__in=touched) | gone
    )
    stale = []
    for row in known:
        found = wanted.get(row.obligation)
        if found is not None and _told(row) == _said(found):
            del wanted[row.obligation]
        else:
            stale.append(row.pk)
    if stale:
        Correction.objects.filter(id__in=stale).delete()
    Correction.objects.bulk_create([_row(company_id, key, found, at) for key, found in wanted.items()])
    return len(wanted)


def _ids(company_id: int, ruled: Ruled) -> dict[Key, int]:
    rows = Obligation.objects.filter(company_id=company_id, requirement__in=ruled.moved)
    fields = ("requirement", "position", "person", "subject_type", "subject", "event", "starts", "id")
    return {row[:7]: row[7] for row in rows.values_list(*fields)}


def _row(company_id: int, obligation: int, found: Corrected, at: datetime) -> Correction:
    verdict = found.verdict
    return Correction(
        company_id=company_id,
        obligation=obligation,
        requirement=found.obligation.requirement,
        edition=found.edition,
        state=verdict.state.value,
        reason=verdict.reason.value,
        cites=list(verdict.cites),
        facts=list(verdict.facts),
        layer=verdict.layer,
        done=verdict.done,
        needed=verdict.needed,
        decided_at=at,
    )


def _told(row: Correction) -> tuple[object, ...]:
    return row.edition, row.state, row.reason, row.cites, row.facts, row.layer, row.done, row.needed


def _said(found: Corrected) -> tuple[object, ...]:
    said = found.verdict
    grounds = list(said.cites), list(said.facts), said.layer, said.done, said.needed
    return found.edition, said.state.value, said.reason.value, *grounds


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """`was` … `found`: of our own error, as the corrected edition tells it.

    `source`: which text held it, and of which the editions are; several errors are told one after the other.
    """

    edition: str
    old_edition: str
    state: str
    reason_text: str
    rule: str
    done: int
    needed: int
    cites: tuple[str, ...]
    decided_at: datetime
    since: date | None
    was: str
    why: str
    found: str
    source: str


def correction_of(row: ObligationRow) -> CorrectionRow | None:
    """What stands beside the verdict of an obligation that the acting person sees. One query."""
    found = Correction.objects.filter(company_id=row.company_id, obligation=row.id).first()
    if found is None:
        return None
    reading = TermFinder([row.company_id]).newest(row.company_id, row.requirement, row.starts)
    errors = misread(row.company_id, row.requirement, row.starts, row.due)
    return CorrectionRow(
        edition=found.edition,
        old_edition=errors[0][1].edition if errors else row.edition,
        state=found.state,
        reason_text=reason_in_words(found.reason, done=found.done, needed=found.needed),
        rule=rule_in_words(*reading),
        done=found.done,
        needed=found.needed,
        cites=tuple(found.cites),
        decided_at=found.decided_at,
        since=min((error.since for _, error in errors), default=None),
        was="；".join(error.was for _, error in errors),
        why="；".join(error.why for _, error in errors),
        found="；".join(dict.fromkeys(error.found for _, error in errors)),
        source="、".join(dict.fromkeys(source_in_words(file) for file, _ in errors)),
    )
