"""How much of the shipped standards facts answer."""

from __future__ import annotations

from anze.rules.catalogue.scheme_coverage import scheme_coverage, total
from tests.rules.catalogue.cases import catalogue

SCHEMES = catalogue().schemes


def test_half_of_the_taxi_deductions_and_of_those_by_documents_are_answered_by_facts() -> None:
    counted = total(SCHEMES["taxi-2012"])
    assert counted.by_facts * 2 >= counted.rules
    assert counted.documents_by_facts * 2 >= counted.documents
    assert counted.by_facts + counted.asked == counted.rules


def test_points_and_gaps_add_up_to_the_whole() -> None:
    for scheme in SCHEMES.values():
        counted = total(scheme)
        assert counted.points + counted.missing == scheme.points == 1000
        assert counted.missing == scheme.missing


def test_the_sister_table_is_itemised_from_the_ninth_category_on() -> None:
    parts = scheme_coverage(SCHEMES["construction-2012"])
    counted = {category.number: part.items for category, part in parts}
    assert [number for number, items in counted.items() if items] == list(range(9, 17))
    assert total(SCHEMES["construction-2012"]).points == 470
    assert total(SCHEMES["construction-2012"]).documents == 0, "no method is printed"
