"""Samples that anybody can draw again (抽样): a snapshot, a seed, a list.

Rule 1: members are ranked by the SHA-256 of seed, digest of the snapshot and member; the first so many are
drawn. Whoever has the snapshot and the seed gets the same list; neither order nor machine matters.
Rule 2: a member that cannot be checked is replaced by the next in rank, with a reason; it never comes back.
Rule 3: a share is rounded up (不低于). More than there are cannot be drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import ceil

from anze.rules.catalogue.schemes import Band, SampleRule


class SampleError(Exception):
    """The sample cannot be drawn, or a member cannot be replaced; the text can be shown."""


@dataclass(frozen=True, slots=True)
class Replacement:
    out: int
    into: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Who was drawn from whom. `members` holds the replacements in the places of those they replace."""

    digest: str  # of the snapshot
    population: int
    seed: str
    members: tuple[int, ...]
    replaced: tuple[Replacement, ...] = ()


def band_of(rule: SampleRule, population: int) -> Band:
    """The step of the ladder for a population of this size."""
    return next(band for band in rule.bands if band.up_to is None or population <= band.up_to)


def size(rule: SampleRule, population: int, as_printed: bool = True) -> int:
    """How many to draw. `as_printed` False: by the share that a doubtful step probably means."""
    band = band_of(rule, population)
    share = band.share if as_printed or band.instead is None else band.instead
    if share is not None:
        return ceil(population * share)
    assert band.count is not None, "a step draws a share or a count"
    return band.count


def digest_of(population: Collection[int]) -> str:
    """Of a snapshot: its members in ascending order, by line."""
    lines = "\n".join(str(member) for member in sorted(population))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def draw(population: Collection[int], wanted: int, seed: str) -> Sample:
    """Raises SampleError where no such sample can be drawn."""
    if len(set(population)) != len(population):
        raise SampleError("抽样的名单中有重复，请先核对名单。")
    if wanted > len(population):
        raise SampleError(f"名单共 {len(population)} 个，抽不出 {wanted} 个。请减少抽样数，或核对名单。")
    if wanted < 1:
        raise SampleError("抽样数至少为 1。")
    if not seed:
        raise SampleError("没有写明种子，别人无法重抽。请填写种子。")
    digest = digest_of(population)
    ranked = _ranked(population, digest, seed)
    return Sample(digest, len(population), seed, tuple(ranked[:wanted]))


def substitute(sample: Sample, population: Collection[int], member: int, reason: str) -> Sample:
    """The sample with one member replaced by the next in rank. Raises SampleError."""
    if member not in sample.members:
        raise SampleError("要替换的不在样本中。")
    if not reason.strip():
        raise SampleError("替换样本须写明原因。")
    used = {*sample.members, *(one.out for one in sample.replaced)}
    spare = [one for one in _known(sample, population) if one not in used]
    if not spare:
        raise SampleError("名单已经抽完，没有可以替换的。")
    members = tuple(spare[0] if one == member else one for one in sample.members)
    done = Replacement(member, spare[0], reason.strip())
    return replace(sample, members=members, replaced=(*sample.replaced, done))


def drawn_again(sample: Sample, population: Collection[int]) -> bool:
    """Whether this snapshot and the sample's seed and replacements give exactly its members."""
    if digest_of(population) != sample.digest or len(population) != sample.population:
        return False
    wanted = len(sample.members)
    if not 0 < wanted <= len(population):
        return False
    again = draw(population, wanted, sample.seed)
    try:
        for one in sample.replaced:
            again = substitute(again, population, one.out, one.reason)
    except SampleError:
        return False
    return again == sample


def _known(sample: Sample, population: Collection[int]) -> Sequence[int]:
    if digest_of(population) != sample.digest:
        raise SampleError("名单与抽样时的不同，请用抽样时的名单。")
    return _ranked(population, sample.digest, sample.seed)


def _ranked(population: Collection[int], digest: str, seed: str) -> list[int]:
    def rank(member: int) -> bytes:
        return hashlib.sha256(f"{seed}\n{digest}\n{member}".encode()).digest()

    return sorted(population, key=rank)
