"""Which editions a company is judged by, and what a later edition may do to an earlier one.

Rule 1: a company's set is the duty files of its trade, the overlays over its area and trade, and the limits.
Rule 2: a demand is never taken out of a file, and keeps its kind: it ends, and another begins.
Rule 3: a number that was published stays under its day. Law that changes is a further day; a number or a
proof that is changed in place was our own error, and `corrects` names the edition that held it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anze.rules.catalogue.model import Catalogue, Misreading, Requirement, Term

PUBLISHED = ("duties", "overlays", "schemes", "quizzes")
RECORDING = "limits/recording.yaml"
GRADES = "limits/grades.yaml"

IN_PLACE = "法规变了：恢复旧值，另加一条日期；我方误读：在 corrects 写明版本 {edition}"

Editions = Mapping[str, str]  # file -> edition


class EditionMissingError(Exception):
    """An edition that a verdict rests on is not on the shelf, or not as it was published."""

    def __init__(self, edition: str, file: str) -> None:
        self.edition, self.file = edition, file
        super().__init__(
            f"判定所依据的版本 {edition}（{file}）不在标准库中。请从版本库恢复 "
            f"catalogue/editions/{edition}.yaml，再运行 anze catalogue check --stored 核对。"
        )


def edition_set(catalogue: Catalogue, trade: str, area: str) -> dict[str, str]:
    """The editions by which a company of this trade and area is judged today, in order of file."""
    wanted = {file for file in catalogue.editions if file.startswith((f"duties/{trade}/", RECORDING))}
    for overlay in catalogue.overlays.values():
        if trade in overlay.trades and area.startswith(overlay.areas):
            wanted.add(overlay_file(overlay.id))
    return {file: catalogue.editions[file] for file in sorted(wanted) if file in catalogue.editions}


def file_of(position_id: str) -> str:
    """The duty file of a position."""
    return f"duties/{position_id.replace('.', '/')}.yaml"


def overlay_file(overlay_id: str) -> str:
    return f"overlays/{overlay_id}.yaml"


def number_departures(
    what: str, old: Sequence[Misreading], new: Sequence[Misreading], edition: str, changed: bool
) -> Iterator[tuple[str, str]]:
    """Problem and remedy, of an overlay's numbers for one demand, or of a file of limits.

    `old`, `new`: what each says under `corrects`.
    """
    named = {misreading.edition for misreading in new}
    dropped = sorted({misreading.edition for misreading in old} - named)
    if dropped:
        yield f"{what}对版本 {dropped[0]} 的更正不见了", "照旧版本补回；更正只增不减"
    if changed and edition not in named:
        yield f"{what}与版本 {edition} 不同", IN_PLACE.format(edition=edition)


def departures(old: Requirement, new: Requirement | None, edition: str) -> Iterator[tuple[str, str]]:
    """Problem and remedy for everything that the new reading may not do to the one of an older edition."""
    if new is None:
        yield f"要求“{old.id}”在版本 {edition} 中有，现已不见", "保留这项要求；废止的写 ends"
        return
    if (old.kind, old.asks, old.subject) != (new.kind, new.asks, new.subject):
        yield f"要求“{old.id}”与版本 {edition} 的类型或对象不同", "给旧要求写 ends，另起下一个字母"
        return
    named = {misreading.edition for misreading in new.corrects}
    dropped = sorted({misreading.edition for misreading in old.corrects} - named)
    if dropped:
        yield f"要求“{old.id}”对版本 {dropped[0]} 的更正不见了", "照旧版本补回；更正只增不减"
    if edition not in named and changed_in_place(old, new):
        problem = f"要求“{old.id}”改动了版本 {edition} 已公布的内容"
        yield problem, IN_PLACE.format(edition=edition)


def changed_in_place(old: Requirement, new: Requirement) -> bool:
    """Whether what was published reads otherwise now; further terms and an end are law that changed."""
    if _substance(old) != _substance(new):
        return True
    return terms_changed(old.terms, new.terms)


def terms_changed(old: Sequence[Term], new: Sequence[Term]) -> bool:
    numbers = {term.since: numbers_of(term) for term in new}
    return any(numbers.get(term.since) != numbers_of(term) for term in old)


def numbers_of(term: Term) -> tuple[object, ...]:
    return term.every, term.times, term.within, term.before


def _substance(requirement: Requirement) -> tuple[object, ...]:
    proofs = tuple((p.kind, p.role, dict(p.minima), dict(p.where)) for p in requirement.proofs)
    return requirement.owed_by, requirement.deputy, requirement.remit, proofs, requirement.triggers
