"""What a later edition of a scheme, or of the regime of grades, may do to an earlier one.

Rule 1: an assessment keeps its edition, so an old one is decided again by the exact file that it named.
Rule 2: all the same an id stays what it was: an item, deduction or veto is never taken out.
Rule 3: points, units, caps and grades that change in place were our own error, and `corrects` names the
edition that held it. Which facts answer a rule may change freely: the print does not say it.
"""

from __future__ import annotations

from collections.abc import Iterator

from anze.rules.catalogue.schemes import Regime, Rule, SampleRule, Scheme


def scheme_departures(old: Scheme, new: Scheme | None, edition: str) -> Iterator[tuple[str, str]]:
    """Problem and remedy for everything that the new reading may not do to the one of an older edition."""
    if new is None:
        yield f"标准“{old.id}”在版本 {edition} 中有，现已不见", "恢复此文件；按它做过的考评还要用它"
        return
    gone = sorted(_ids(old) - _ids(new))
    if gone:
        yield f"“{gone[0]}”在版本 {edition} 中有，现已不见", "恢复这一项；编号不得挪作他用"
        return
    named = {misreading.edition for misreading in new.corrects}
    dropped = sorted({misreading.edition for misreading in old.corrects} - named)
    if dropped:
        yield f"标准“{old.id}”对版本 {dropped[0]} 的更正不见了", "照旧版本补回；更正只增不减"
    if edition not in named and _substance(old) != _substance(new):
        problem = f"标准“{old.id}”改动了版本 {edition} 已公布的分值、扣分或否决"
        yield problem, f"标准换了：另立一个文件；我方误读：在 corrects 写明版本 {edition}"


def regimes_changed(old: tuple[Regime, ...], new: tuple[Regime, ...]) -> bool:
    """Whether a regime that was published reads otherwise now; further days are law that changed."""
    known = {regime.since: _numbers(regime) for regime in new}
    return any(known.get(regime.since) != _numbers(regime) for regime in old)


def _numbers(regime: Regime) -> tuple[object, ...]:
    return regime.points, dict(regime.least), regime.upward, regime.full_marks, regime.rescale


def _ids(scheme: Scheme) -> set[str]:
    parts = (scheme.categories, scheme.items, scheme.rules, scheme.vetoes)
    return {part.id for group in parts for part in group}


def _substance(scheme: Scheme) -> tuple[object, ...]:
    return (
        scheme.points,
        tuple((category.id, category.points) for category in scheme.categories),
        tuple((item.id, item.points, item.fulfilled, item.stars) for item in scheme.items),
        tuple(_deduction(rule) for rule in scheme.rules),
        tuple((veto.id, veto.text, veto.binds) for veto in scheme.vetoes),
        {key: _ladder(sample) for key, sample in scheme.samples.items()},
        tuple((gap.points, gap.categories) for gap in scheme.gaps),
    )


def _deduction(rule: Rule) -> tuple[object, ...]:
    return rule.id, rule.text, rule.deduct, rule.points, rule.unit, rule.most, rule.matters, rule.sample


def _ladder(sample: SampleRule) -> tuple[object, ...]:
    bands = tuple((band.up_to, band.share, band.count, band.instead) for band in sample.bands)
    return sample.of, bands
