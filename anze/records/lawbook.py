"""The catalogue this process runs with, loaded once; and as earlier editions had it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.conf import settings

from anze.rules.catalogue.editions import edition_set
from anze.rules.catalogue.load import (
    check,
    load,
    load_bank,
    load_editions,
    load_regimes,
    load_scheme,
    on_shelf,
)
from anze.rules.catalogue.model import Catalogue
from anze.rules.catalogue.quiz_model import Bank
from anze.rules.catalogue.schemes import Regime, Scheme

EditionSet = tuple[tuple[str, str], ...]  # (file, edition), in order of file


@cache
def lawbook() -> Catalogue:
    return load(settings.CATALOGUE_DIR)


def is_listed(trade: str) -> bool:
    """Whether the responsibility lists of a trade are encoded: else nothing is asked of its companies."""
    return any(position.trade == trade for position in lawbook().positions.values())


def checked() -> Catalogue:
    """The files once more, with all that is asked before they are applied. Raises CatalogueErrors."""
    return check(settings.CATALOGUE_DIR)


@cache
def editions_today(trade: str, area: str) -> EditionSet:
    """By which a company of this trade and area would be judged if the shelf were applied to it now."""
    return tuple(edition_set(lawbook(), trade, area).items())


@cache
def lawbook_of(editions: EditionSet) -> Catalogue:
    """Raises EditionMissingError."""
    return load_editions(settings.CATALOGUE_DIR, lawbook(), dict(editions))


@cache
def scheme_of(scheme: str, edition: str) -> Scheme:
    """An assessment standard as this edition had it. Raises EditionMissingError."""
    present = lawbook()
    known = present.schemes.get(scheme)
    if known is not None and known.edition == edition:
        return known
    return load_scheme(settings.CATALOGUE_DIR, present, scheme, edition)


@cache
def regimes_of(edition: str) -> tuple[Regime, ...]:
    """The grades as this edition had them. Raises EditionMissingError."""
    return load_regimes(settings.CATALOGUE_DIR, lawbook(), edition)


@cache
def bank_of(scheme: str, edition: str) -> Bank:
    """What people are asked for a standard, as this edition had it. Raises EditionMissingError."""
    present = lawbook()
    known = present.banks.get(scheme)
    if known is not None and known.edition == edition:
        return known
    return load_bank(settings.CATALOGUE_DIR, present, scheme, edition)


def off_shelf(editions: Iterable[str]) -> tuple[str, ...]:
    """Of these, those whose exact bytes are not there: nothing can be decided by them."""
    wanted = set(editions) - set(lawbook().editions.values())
    return tuple(sorted(edition for edition in wanted if not on_shelf(settings.CATALOGUE_DIR, edition)))


def forget() -> None:
    """Read the files again when next asked: they were replaced."""
    for known in (lawbook, editions_today, lawbook_of, scheme_of, regimes_of, bank_of):
        known.cache_clear()
