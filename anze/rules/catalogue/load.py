"""The catalogue's files as frozen objects: the one reader.

Rule 1: `load` answers with a whole catalogue or raises CatalogueErrors with every problem it found.
Rule 2: `check` also asks that the duty files, overlays and limits in force are published, and that they keep
what earlier editions said, so that a stored verdict can always be traced to the exact text and decided again
by it; `publish` keeps a copy under the digest and never changes one that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from anze.rules.catalogue import editions
from anze.rules.catalogue.correction_entries import limit_misreadings
from anze.rules.catalogue.loading import Loading, published
from anze.rules.catalogue.model import Catalogue, Requirement
from anze.rules.catalogue.nodes import Node, Table, Text
from anze.rules.catalogue.overlay_entries import read_overlay
from anze.rules.catalogue.problems import CatalogueErrors, Problem
from anze.rules.catalogue.quiz_model import Bank, bank_departures
from anze.rules.catalogue.sample_entries import read_regimes
from anze.rules.catalogue.scheme_editions import regimes_changed, scheme_departures
from anze.rules.catalogue.schemes import Regime, Scheme
from anze.rules.catalogue.source import digest, files


def load(root: Path) -> Catalogue:
    """Reads every file under the root. Raises CatalogueErrors."""
    return Loading(root).catalogue()


def check(root: Path) -> Catalogue:
    """Loads, and also raises CatalogueErrors where a file or an edition is not what was published."""
    loading = Loading(root)
    catalogue = loading.catalogue()
    problems = [*_unpublished(root), *_altered(root)] or list(_departures(loading, catalogue))
    if problems:
        raise CatalogueErrors(problems)
    return catalogue


def publish(root: Path) -> list[str]:
    """Copies each duty file, overlay and limit that has no edition yet. The names of the new editions.

    Raises CatalogueErrors before anything is copied: what is published stays for ever.
    """
    loading = Loading(root)
    catalogue = loading.catalogue()
    problems = list(_altered(root)) or list(_departures(loading, catalogue))
    if problems:
        raise CatalogueErrors(problems)
    made = []
    for name in published(root):
        edition = root / _edition(root, name)
        if not edition.exists():
            edition.parent.mkdir(exist_ok=True)
            edition.write_bytes((root / name).read_bytes())
            made.append(edition.name)
    return made


def load_editions(root: Path, present: Catalogue, wanted: Mapping[str, str]) -> Catalogue:
    """The catalogue of today with these editions (file -> edition) in place of the files of their trade.

    Raises EditionMissingError, and CatalogueErrors where an edition cannot be read beside the files of today.
    """
    return Loading(root).with_editions(present, wanted)


def load_scheme(root: Path, present: Catalogue, scheme: str, edition: str) -> Scheme:
    """A scheme as this edition had it. Raises EditionMissingError, CatalogueErrors."""
    loading = Loading(root)
    loading.shelve(present)
    node = loading.edition_of(edition, f"schemes/{scheme}.yaml")
    found = loading.problems.attempt(partial(loading.scheme, node, scheme, edition))
    loading.problems.settle()
    assert found is not None, "what cannot be read was raised"
    return found


def load_bank(root: Path, present: Catalogue, scheme: str, edition: str) -> Bank:
    """A scheme's question bank as this edition had it. Raises EditionMissingError, CatalogueErrors."""
    loading = Loading(root)
    loading.shelve(present)
    node = loading.edition_of(edition, f"quizzes/{scheme}.yaml")
    found = loading.problems.attempt(partial(loading.bank, node, scheme, edition, present.schemes))
    loading.problems.settle()
    assert found is not None, "what cannot be read was raised"
    return found


def load_regimes(root: Path, present: Catalogue, edition: str) -> tuple[Regime, ...]:
    """The regimes of grades as this edition had them. Raises EditionMissingError, CatalogueErrors."""
    loading = Loading(root)
    loading.shelve(present)
    node = loading.edition_of(edition, editions.GRADES)
    found = loading.problems.attempt(partial(read_regimes, node, loading.shelf))
    loading.problems.settle()
    assert found is not None, "what cannot be read was raised"
    return found


def _edition(root: Path, name: str) -> str:
    return f"editions/{digest(root, name)}.yaml"


def _unpublished(root: Path) -> list[Problem]:
    return [
        Problem(name, 0, "这一版尚未发布", "运行 anze catalogue publish")
        for name in published(root)
        if not (root / _edition(root, name)).exists()
    ]


def _altered(root: Path) -> list[Problem]:
    return [
        Problem(name, 0, "已发布的版本被改动", "从版本库恢复此文件；版本一经发布不得修改")
        for name in files(root, "editions")
        if name != _edition(root, name)
    ]


def _departures(loading: Loading, catalogue: Catalogue) -> Iterator[Problem]:
    """What the files of today do to earlier editions that they may not."""
    present = set(catalogue.editions.values())
    now = {r.id: r for p in catalogue.positions.values() for r in p.requirements}
    for name in files(loading.root, "editions"):
        if Path(name).stem not in present:
            yield from _departed(loading, Path(name).stem, catalogue, now)
    for requirement in now.values():
        for misreading in requirement.corrects:
            if _position_of(loading, misreading.edition) != requirement.position:
                file = editions.file_of(requirement.position)
                problem = f"要求“{requirement.id}”所更正的版本 {misreading.edition} 不是本岗位的版本"
                yield Problem(file, loading.places[requirement.id], problem, "照 editions 下的文件名填写")
    yield from _corrected_elsewhere(loading, catalogue)


def _corrected_elsewhere(loading: Loading, catalogue: Catalogue) -> Iterator[Problem]:
    """Schemes, overlays and limits that correct what is no edition of theirs."""
    corrects = [(f"schemes/{s.id}.yaml", "scheme", s.id, s.corrects) for s in catalogue.schemes.values()]
    for overlay in catalogue.overlays.values():
        errors = tuple(m for entries in overlay.corrects.values() for m in entries)
        corrects.append((editions.overlay_file(overlay.id), "id", overlay.id, errors))
    corrects += [(file, "id", Path(file).stem, errors) for file, errors in catalogue.corrects.items()]
    for file, key, name, errors in corrects:
        for edition in sorted({misreading.edition for misreading in errors}):
            if _named(loading, edition, key) != name:
                yield Problem(
                    file, 0, f"所更正的版本 {edition} 不是本文件的版本", "照 editions 下的文件名填写"
                )


def _position_of(loading: Loading, edition: str) -> str | None:
    """Of a duty file's edition; None where there is none."""
    return _named(loading, edition, "position")


def _scheme_of(loading: Loading, edition: str) -> str | None:
    return _named(loading, edition, "scheme")


def _named(loading: Loading, edition: str, key: str) -> str | None:
    """What a published file says that it is; None: it is another kind of file, or there is none."""
    if not on_shelf(loading.root, edition):
        return None
    node = loading.edition_of(edition, f"editions/{edition}.yaml")
    name = node.entries.get(key) if isinstance(node, Table) else None
    return name.value if isinstance(name, Text) else None


def _departed(
    loading: Loading, edition: str, catalogue: Catalogue, now: Mapping[str, Requirement]
) -> Iterator[Problem]:
    node, position = loading.edition_of(edition, f"editions/{edition}.yaml"), _position_of(loading, edition)
    scheme, quiz = _scheme_of(loading, edition), _named(loading, edition, "quiz")
    if scheme is not None:
        yield from _scheme_departed(loading, scheme, edition, node, catalogue)
    elif quiz is not None:
        yield from _bank_departed(loading, quiz, edition, node, catalogue)
    elif position is not None:
        file = editions.file_of(position)
        old = loading.problems.attempt(partial(loading.position, file, node, edition))
        loading.problems.settle()
        for requirement in old.requirements if old is not None else ():
            line = loading.places.get(requirement.id, 0)
            for problem, remedy in editions.departures(requirement, now.get(requirement.id), edition):
                yield Problem(file, line, problem, remedy)
    else:
        yield from _numbers_departed(loading, edition, node, catalogue)


def _scheme_departed(
    loading: Loading, scheme: str, edition: str, node: Node, catalogue: Catalogue
) -> Iterator[Problem]:
    old = loading.problems.attempt(partial(loading.scheme, node, scheme, edition))
    loading.problems.settle()
    assert old is not None, "what cannot be read was raised"
    for problem, remedy in scheme_departures(old, catalogue.schemes.get(scheme), edition):
        yield Problem(f"schemes/{scheme}.yaml", 0, problem, remedy)


def _bank_departed(
    loading: Loading, scheme: str, edition: str, node: Node, catalogue: Catalogue
) -> Iterator[Problem]:
    old = loading.problems.attempt(partial(loading.bank, node, scheme, edition, catalogue.schemes))
    loading.problems.settle()
    assert old is not None, "what cannot be read was raised"
    for problem, remedy in bank_departures(old, catalogue.banks.get(scheme), edition):
        yield Problem(f"quizzes/{scheme}.yaml", 0, problem, remedy)


def _numbers_departed(loading: Loading, edition: str, node: Node, catalogue: Catalogue) -> Iterator[Problem]:
    """Of an overlay or a limit: their numbers only grow, but for our own errors, which `corrects` names."""
    if isinstance(node, Table) and "areas" in node.entries:
        yield from _overlay_departed(loading, edition, node, catalogue)
        return
    if _named(loading, edition, "id") == "grades":
        file, what = editions.GRADES, "达标等级的规定"
        changed = regimes_changed(read_regimes(node, loading.shelf), catalogue.regimes)
    else:
        file, what = editions.RECORDING, "补录期限"
        changed = editions.terms_changed(loading.recording_terms(node), catalogue.recording)
    old, new = limit_misreadings(node, loading.problems), catalogue.corrects.get(file, ())
    for problem, remedy in editions.number_departures(what, old, new, edition, changed):
        yield Problem(file, 0, problem, remedy)


def _overlay_departed(loading: Loading, edition: str, node: Node, catalogue: Catalogue) -> Iterator[Problem]:
    demands = {r.id: r for p in catalogue.positions.values() for r in p.requirements}
    old = read_overlay(node, loading.shelf, demands, published=True)
    file, new = editions.overlay_file(old.id), catalogue.overlays.get(old.id)
    if new is None:
        yield Problem(file, 0, f"地方规定在版本 {edition} 中有，现已不见", "恢复此文件")
        return
    for key in sorted(old.terms.keys() | old.corrects.keys()):
        changed = editions.terms_changed(old.terms.get(key, ()), new.terms.get(key, ()))
        corrects = old.corrects.get(key, ()), new.corrects.get(key, ())
        for problem, remedy in editions.number_departures(
            f"地方规定对“{key}”的数值", *corrects, edition, changed
        ):
            yield Problem(file, 0, problem, remedy)


def on_shelf(root: Path, edition: str) -> bool:
    """Whether the edition's exact bytes are there."""
    name = f"editions/{edition}.yaml"
    return (root / name).exists() and digest(root, name) == edition
