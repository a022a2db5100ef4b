"""Responsibility letters (责任书) of a year as a tree: from the principal down to the last post.

Rule 1: a person stands under whoever signed their letter for the company. Of several letters the most
particular speaks, the one with the fewest names, then the newest.
Rule 2: a letter is signed when the person has confirmed it; one that was sealed before anybody was asked is
on file. Somebody with several letters has signed when all are.
Rule 3: a principal of today is a root, whoever signed a letter with them before they were it. So is whoever
signs and has no letter, and one whose signers lead round in a ring.

Seed 001 三.1: 层层签订安全生产责任书.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class LetterState(StrEnum):
    MISSING = "missing"  # 未签订
    WAITING = "waiting"  # 待本人签字
    FILED = "filed"  # 已登记，未要求电子签字
    SIGNED = "signed"  # 已签


@dataclass(frozen=True, slots=True)
class Letter:
    """A sealed letter. `asked`: who was asked to confirm it; `confirmed`: who did."""

    record: int
    happened: datetime
    signers: tuple[int, ...]
    subjects: tuple[int, ...]
    asked: frozenset[int] = frozenset()
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """A person in the tree. `letters`: their own, the most particular first; none: a root that only signs."""

    person: int
    state: LetterState | None
    letters: tuple[int, ...]
    under: tuple[Node, ...] = ()

    @property
    def below(self) -> int:
        """How many stand under this one, at any depth."""
        return sum(1 + node.below for node in self.under)


@dataclass(frozen=True, slots=True)
class LetterTree:
    roots: tuple[Node, ...]
    without: tuple[int, ...]  # people who should have a letter and have none
    counts: Mapping[LetterState, int]  # of the people who should have one


def letter_tree(
    letters: Iterable[Letter], people: Sequence[int], principals: Set[int] = frozenset()
) -> LetterTree:
    """`people`: employed, in the order of pages. A principal needs no letter: nobody stands above one."""
    own: dict[int, list[Letter]] = {}
    known = list(letters)
    for letter in known:
        for subject in letter.subjects:
            own.setdefault(subject, []).append(letter)
    for found in own.values():
        found.sort(key=lambda x: (len(x.subjects), -x.happened.timestamp(), -x.record))
    above = {
        person: None if person in principals else _signer(person, found[0]) for person, found in own.items()
    }
    nodes = {person: Node(person, _state(person, found), _ids(found)) for person, found in own.items()}
    for signer in {s for s in above.values() if s is not None} - own.keys():
        nodes[signer] = Node(signer, None, ())
    order = {person: index for index, person in enumerate(people)}
    ranked = sorted(nodes, key=lambda p: (p not in principals, order.get(p, len(order)), p))
    tops = _tops(ranked, above)
    below: dict[int | None, list[int]] = {}
    for person in ranked:
        if person not in tops:
            below.setdefault(above.get(person), []).append(person)
    roots = tuple(_grown(person, nodes, below) for person in ranked if person in tops)
    expected = [person for person in people if person not in principals]
    without = tuple(person for person in expected if person not in own)
    states = [nodes[p].state if p in own else LetterState.MISSING for p in expected]
    return LetterTree(roots, without, {state: states.count(state) for state in LetterState})


def _signer(person: int, letter: Letter) -> int | None:
    """Who signed for the company; nobody signs for it with themselves."""
    return next((signer for signer in letter.signers if signer != person), None)


def _state(person: int, letters: Sequence[Letter]) -> LetterState:
    if any(person in x.asked and person not in x.confirmed for x in letters):
        return LetterState.WAITING
    return LetterState.SIGNED if any(person in x.confirmed for x in letters) else LetterState.FILED


def _ids(letters: Sequence[Letter]) -> tuple[int, ...]:
    return tuple(letter.record for letter in letters)


def _tops(ranked: Sequence[int], above: Mapping[int, int | None]) -> frozenset[int]:
    """Of each ring the first by rank."""
    tops: set[int] = set()
    for person in ranked:
        seen: set[int] = set()
        at: int | None = person
        while at is not None and at not in seen and at not in tops:
            seen.add(at)
            at = above.get(at)
        if at is None:
            tops.update(p for p in seen if above.get(p) is None)
        elif at not in tops:
            tops.add(next(p for p in ranked if p in seen and _leads_to(p, above)))
    return frozenset(tops)


def _leads_to(person: int, above: Mapping[int, int | None]) -> bool:
    """Whether the way up from somebody comes back to them."""
    seen: set[int] = set()
    at = above.get(person)
    while at is not None and at not in seen:
        if at == person:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def _grown(person: int, nodes: Mapping[int, Node], below: Mapping[int | None, Sequence[int]]) -> Node:
    return replace(nodes[person], under=tuple(_grown(p, nodes, below) for p in below.get(person, ())))
