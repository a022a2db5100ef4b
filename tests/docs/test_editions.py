"""The worked numbers of docs/algorithms/editions.md are what the rule answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.catalogue.model import Misreading, Requirement
from anze.rules.duties import Ruled, Tenure, rule
from tests.docs.pages import ROOT
from tests.rules.build import at, company, day, fact, requirement, term
from tests.rules.duties.test_tenures import NEW, OLD, edition

PAGE = (ROOT / "docs" / "algorithms" / "editions.md").read_text("utf-8")
OTHER = requirement("attested", term(every="year"))


def table(name: str) -> list[list[str]]:
    lines = PAGE.partition(f"<!-- table: {name} -->\n")[2].split("\n\n")[0].splitlines()
    assert len(lines) > 2, name
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def asked(text: str) -> Requirement:
    """month × 1, from 2026-03-01 × 2; nothing: another demand alone."""
    if text == "nothing":
        return replace(OTHER, id="coach.principal.d1.z")
    first, _, further = text.partition(", from ")
    every, _, times = first.partition(" × ")
    terms = [term(every=every, times=int(times))]
    if further:
        since, _, more = further.partition(" × ")
        terms.append(term(since, every=every, times=int(more)))
    return requirement("quota", *terms)


def ruled(old: Requirement, new: Requirement, applied: str, records: list = ()) -> Ruled:
    tenures = (Tenure(edition(old, OLD)), Tenure(edition(new, NEW), at(applied)))
    return rule(tenures, company(judged_from="2026-01-01"), list(records), at(applied))


@pytest.mark.parametrize(("old", "new", "applied", "period", "count", "by"), table("tenures"))
def test_which_text_rules(old: str, new: str, applied: str, period: str, count: str, by: str) -> None:
    found = ruled(asked(old), asked(new), f"{applied}T12:00")
    told = [
        (str(d.verdict.needed), {OLD: "old", NEW: "new"}[found.edition_of(d.obligation)])
        for d in found.decisions
        if d.obligation.requirement.endswith(".a") and d.obligation.starts == day(period)
    ]
    assert told == ([] if count == "–" else [(count, by)])


@pytest.mark.parametrize(
    ("wrong", "right", "since", "period", "records", "verdict", "beside"), table("corrections")
)
def test_what_stands_beside(
    wrong: str, right: str, since: str, period: str, records: str, verdict: str, beside: str
) -> None:
    misreading = Misreading(OLD, day(since), "一次", "脱字", "某某")
    made = [fact(f"{period[:8]}1{n}T08:00", key=n + 1) for n in range(int(records))]
    found = ruled(asked(wrong), replace(asked(right), corrects=(misreading,)), "2026-05-20T12:00", made)
    [kept] = [d.verdict for d in found.decisions if d.obligation.starts == day(period)]
    stands = [c.verdict for c in found.corrections if c.obligation.starts == day(period)]
    assert said(kept) == verdict
    assert [said(v) for v in stands] == ([] if beside == "–" else [beside])


def said(verdict) -> str:
    return f"{verdict.state.value} {verdict.done}/{verdict.needed}"
