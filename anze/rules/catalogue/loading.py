"""Reading a whole catalogue: today's files, or some of them as an earlier edition had them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from anze.rules.catalogue.calendar_entries import read_calendar, read_instrument
from anze.rules.catalogue.certificate_entries import read_certificate_terms
from anze.rules.catalogue.correction_entries import limit_misreadings
from anze.rules.catalogue.dossier_entries import (
    read_certificates,
    read_changes,
    read_classes,
    read_hiring,
    read_points,
)
from anze.rules.catalogue.dossier_model import Dossiers
from anze.rules.catalogue.editions import GRADES, PUBLISHED, RECORDING, EditionMissingError
from anze.rules.catalogue.key_period_entries import read_key_periods, read_weather
from anze.rules.catalogue.kind_entries import read_kinds, require_seer, require_settled
from anze.rules.catalogue.line_entries import LISTS, PositionFile, read_positions
from anze.rules.catalogue.model import (
    CalendarYear,
    Catalogue,
    EvidenceKind,
    Instrument,
    KeyPeriod,
    Layer,
    Misreading,
    Overlay,
    Position,
    Requirement,
    Term,
    Weather,
)
from anze.rules.catalogue.nodes import Entry, Node, word_of
from anze.rules.catalogue.overlay_entries import read_overlay
from anze.rules.catalogue.problems import Problem, Problems
from anze.rules.catalogue.quiz_entries import read_bank
from anze.rules.catalogue.quiz_model import Bank
from anze.rules.catalogue.sample_entries import read_regimes
from anze.rules.catalogue.scheme_entries import SchemeFile
from anze.rules.catalogue.schemes import CertificateTerm, Regime, Scheme
from anze.rules.catalogue.shelf import Shelf
from anze.rules.catalogue.source import digest, files, read, strays
from anze.rules.catalogue.term_entries import TermReader
from anze.rules.catalogue.training_entries import read_training

T = TypeVar("T")
FOLDERS = (
    "instruments", "evidence", "positions", "duties", "overlays", "calendar", "key-periods", "limits",
    "schemes", "quizzes", "editions", "cases",
)  # fmt: skip
WEATHER = "limits/weather.yaml"
CERTIFICATES, VEHICLES = "limits/certificates.yaml", "limits/vehicles.yaml"
TRAINING, CHANGES, POINTS = "limits/training.yaml", "limits/changes.yaml", "limits/points.yaml"
HIRING = "limits/hiring.yaml"
CERTIFYING = "limits/standardization.yaml"


def published(root: Path) -> list[str]:
    """The files that verdicts rest on: each has editions."""
    numbers = [name for name in files(root, "limits") if name in (RECORDING, GRADES)]
    return [name for folder in PUBLISHED for name in files(root, folder)] + numbers


class Loading:
    """Reads the files under one root, in the order in which they refer to each other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems = Problems()
        self.shelf = Shelf(self.problems)
        self.places: dict[str, int] = {}  # id of a requirement, item, rule or veto -> line of its file
        self.corrects: dict[str, tuple[Misreading, ...]] = {}  # file of limits -> our own errors

    def catalogue(self) -> Catalogue:
        self._strays()
        instruments = self._instruments()
        kinds = self._kinds()
        positions = self._positions()
        overlays = self._overlays(positions)
        calendar = self._calendar()
        recording = self._recording()
        key_periods = self._key_periods()
        weather = self._weather()
        dossiers = self._dossiers()
        schemes = self._schemes()
        regimes = self._regimes(schemes)
        certifying = self._certifying()
        banks = self._banks(schemes)
        self.problems.settle()
        known = {name: digest(self.root, name) for name in published(self.root)}
        return Catalogue(
            instruments, positions, kinds, overlays, calendar, recording, key_periods, weather, dossiers,
            schemes, regimes, certifying, known, self.corrects, banks,
        )  # fmt: skip

    def with_editions(self, present: Catalogue, wanted: Mapping[str, str]) -> Catalogue:
        self.shelve(present)
        trades = {file.split("/")[1] for file in wanted if file.startswith("duties/")}
        same = {p.edition: p for p in present.positions.values()}
        positions = {key: value for key, value in present.positions.items() if value.trade not in trades}
        for file, edition in wanted.items():
            if file.startswith("duties/"):
                position = same.get(edition) or self.position(file, self.edition_of(edition, file), edition)
                positions[position.id] = position
        demands = {r.id: r for p in positions.values() for r in p.requirements}
        overlays, recording, corrects = {}, present.recording, dict(present.corrects)
        for file, edition in wanted.items():
            if file.startswith("overlays/"):
                overlay = read_overlay(self.edition_of(edition, file), self.shelf, demands, published=True)
                overlays[overlay.id] = overlay
            elif file == RECORDING:
                node = self.edition_of(edition, file)
                recording = self.recording_terms(node)
                corrects[file] = limit_misreadings(node, self.problems)
        self.problems.settle()
        return replace(
            present, positions=positions, overlays=overlays, recording=recording, editions=dict(wanted),
            corrects=corrects,
        )  # fmt: skip

    def shelve(self, present: Catalogue) -> None:
        """What duty files refer to; positions without their lists."""
        self.shelf.instruments.update(present.instruments)
        self.shelf.kinds.update(present.kinds)
        for _, node in self._nodes("positions"):
            self.problems.attempt(partial(read_positions, node, self.shelf))

    def edition_of(self, edition: str, file: str) -> Node:
        name = f"editions/{edition}.yaml"
        if not (self.root / name).exists() or digest(self.root, name) != edition:
            raise EditionMissingError(edition, file)
        node = read(self.root, name, self.problems)
        self.problems.settle()
        assert node is not None, "what cannot be read was raised"
        return node

    def _strays(self) -> None:
        for name in strays(self.root, FOLDERS):
            remedy = f"移入 {'、'.join(FOLDERS)} 之一，扩展名写 .yaml"
            self.problems.add(Problem(name, 0, "不会被读取的文件", remedy))

    def _nodes(self, folder: str) -> list[tuple[str, Node]]:
        if not files(self.root, folder):
            self.problems.add(Problem(folder, 0, "没有任何 YAML 文件", "检查目录，或恢复缺少的文件"))
        read_all = ((name, read(self.root, name, self.problems)) for name in files(self.root, folder))
        return [(name, node) for name, node in read_all if node is not None]

    def _instruments(self) -> dict[str, Instrument]:
        for name in files(self.root, "instruments"):
            self.shelf.instruments[Path(name).stem] = None
        for name, node in self._nodes("instruments"):
            stem = Path(name).stem
            self.shelf.instruments[stem] = self.problems.attempt(
                partial(read_instrument, node, self.problems, stem)
            )
        return {key: value for key, value in self.shelf.instruments.items() if value is not None}

    def _kinds(self) -> dict[str, EvidenceKind]:
        prefixes: dict[str, str] = {}
        for _, node in self._nodes("evidence"):
            self.problems.attempt(partial(read_kinds, node, self.shelf, prefixes))
        for node in self.shelf.settled:
            self.problems.attempt(partial(require_settled, node, self.shelf))
        return {key: value for key, value in self.shelf.kinds.items() if value is not None}

    def _positions(self) -> dict[str, Position]:
        for _, node in self._nodes("positions"):
            self.problems.attempt(partial(read_positions, node, self.shelf))
        for node in self.shelf.seers:
            self.problems.attempt(partial(require_seer, node, self.shelf))
        found: dict[str, Position] = {}
        for name, node in self._nodes("duties"):
            position = self.problems.attempt(partial(self.position, name, node, digest(self.root, name)))
            if position is not None:
                found[position.id] = position
        for key in self.shelf.positions.keys() - found.keys():
            if not self.problems.items:
                problem = f"岗位“{key}”没有清单"
                self.problems.add(Problem("positions", 0, problem, "在 duties 下写它的三张清单"))
        return found

    def position(self, name: str, node: Node, edition: str) -> Position:
        file = PositionFile(node, self.shelf, name)
        lists = [self.problems.attempt(partial(file.lines, key)) or () for key in LISTS]
        self.places = file.places | self.places  # what was read first, the file of today, keeps its lines
        return replace(
            file.known,
            responsibilities=lists[0],
            duties=lists[1],
            records=lists[2],
            edition=edition,
        )

    def _overlays(self, positions: dict[str, Position]) -> dict[str, Overlay]:
        requirements: dict[str, Requirement] = {r.id: r for p in positions.values() for r in p.requirements}
        overlays: dict[str, Overlay] = {}
        for name in files(self.root, "overlays"):
            node = read(self.root, name, self.problems)
            if node is None:
                continue
            overlay = self.problems.attempt(partial(read_overlay, node, self.shelf, requirements))
            if overlay is not None:
                if overlay.id != Path(name).stem:
                    problem = f"编号“{overlay.id}”与文件名不符"
                    self.problems.add(Problem(name, 1, problem, "编号与文件名写成一样"))
                overlays[overlay.id] = overlay
        return overlays

    def _calendar(self) -> dict[int, CalendarYear]:
        calendar: dict[int, CalendarYear] = {}
        for name, node in self._nodes("calendar"):
            year = self.problems.attempt(partial(read_calendar, node, self.shelf, Path(name).stem))
            if year is not None:
                calendar[year.year] = year
        return calendar

    def _key_periods(self) -> dict[str, KeyPeriod]:
        found: dict[str, KeyPeriod] = {}
        for name in files(self.root, "key-periods"):
            node = read(self.root, name, self.problems)
            if node is None:
                continue
            periods = self.problems.attempt(partial(read_key_periods, node, self.shelf, Path(name).stem))
            found |= {period.id: period for period in periods or ()}
        return found

    def _weather(self) -> Weather:
        node = read(self.root, WEATHER, self.problems) if WEATHER in files(self.root, "limits") else None
        if node is None:
            self.problems.add(Problem(WEATHER, 0, "缺少天气预警的种类", "恢复此文件"))
            return Weather()
        return self.problems.attempt(partial(read_weather, node, self.shelf)) or Weather()

    def _dossiers(self) -> Dossiers:
        classes = self._limit(VEHICLES, "车型", read_classes) or {}
        reading = partial(read_certificates, classes=tuple(classes))
        training = self._limit(TRAINING, "培训时间和内容", read_training)
        changes = self._limit(CHANGES, "入职、离职等要办的事", read_changes)
        return Dossiers(
            certificates=self._limit(CERTIFICATES, "会到期的证件", reading) or {},
            classes=classes,
            hours=training[0] if training else {},
            topics=training[1] if training else {},
            changes=changes[0] if changes else {},
            points=self._limit(POINTS, "记分", read_points) or (),
            hiring=self._limit(HIRING, "聘用前要核查的情形", read_hiring) or {},
            statutory=changes[1] if changes else (),
        )

    def _limit(self, name: str, what: str, reading: Callable[[Node, Shelf], T]) -> T | None:
        node = read(self.root, name, self.problems) if name in files(self.root, "limits") else None
        if node is None:
            self.problems.add(Problem(name, 0, f"缺少{what}", "恢复此文件"))
            return None
        return self.problems.attempt(partial(reading, node, self.shelf))

    def _schemes(self) -> dict[str, Scheme]:
        found: dict[str, Scheme] = {}
        for name in files(self.root, "schemes"):
            node = read(self.root, name, self.problems)
            if node is not None:
                read_one = partial(self.scheme, node, Path(name).stem, digest(self.root, name))
                scheme = self.problems.attempt(read_one)
                found |= {} if scheme is None else {scheme.id: scheme}
        return found

    def scheme(self, node: Node, stem: str, edition: str) -> Scheme:
        file = SchemeFile(node, self.shelf, stem, edition)
        scheme = file.scheme()
        self.places = file.places | self.places
        return scheme

    def _banks(self, schemes: Mapping[str, Scheme]) -> dict[str, Bank]:
        found: dict[str, Bank] = {}
        for name in files(self.root, "quizzes"):
            node = read(self.root, name, self.problems)
            if node is not None:
                read_one = partial(self.bank, node, Path(name).stem, digest(self.root, name), schemes)
                bank = self.problems.attempt(read_one)
                found |= {} if bank is None else {bank.scheme: bank}
        return found

    def bank(self, node: Node, stem: str, edition: str, schemes: Mapping[str, Scheme]) -> Bank:
        return read_bank(node, self.shelf, stem, edition, schemes)

    def _regimes(self, schemes: Mapping[str, Scheme]) -> tuple[Regime, ...]:
        node = read(self.root, GRADES, self.problems) if GRADES in files(self.root, "limits") else None
        if node is not None:
            self._note_errors(GRADES, node)
            return self.problems.attempt(partial(read_regimes, node, self.shelf)) or ()
        if schemes:
            self.problems.add(Problem(GRADES, 0, "缺少达标等级的规定", "恢复此文件"))
        return ()

    def _certifying(self) -> tuple[CertificateTerm, ...]:
        """Where nothing is said of certificates, nothing is asked."""
        if CERTIFYING not in files(self.root, "limits"):
            return ()
        return self._limit(CERTIFYING, "达标证书的规定", read_certificate_terms) or ()

    def _recording(self) -> tuple[Term, ...]:
        node = read(self.root, RECORDING, self.problems) if RECORDING in files(self.root, "limits") else None
        if node is None:
            self.problems.add(Problem(RECORDING, 0, "缺少补录期限", "恢复此文件"))
            return ()
        self._note_errors(RECORDING, node)
        return self.problems.attempt(partial(self.recording_terms, node)) or ()

    def _note_errors(self, name: str, node: Node) -> None:
        self.corrects[name] = self.problems.attempt(partial(limit_misreadings, node, self.problems)) or ()

    def recording_terms(self, node: Node) -> tuple[Term, ...]:
        entry = Entry(node, self.problems, ("id", "name", "terms"), ("corrects",))
        word_of(entry["id"], ("recording",), "期限")
        return TermReader(self.shelf, Layer.NATIONAL, ("within",), ()).terms(entry["terms"])
