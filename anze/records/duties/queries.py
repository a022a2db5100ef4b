"""What is owed, by whom, how it stands and why. Reads only; every answer is inside the acting scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Min, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import LARGEST_PAGE, PAGE_SIZE, Page
from anze.records.duties.models import Commitment, Obligation
from anze.records.duties.rows import ObligationRow, rows_of
from anze.rules.duties import WORST_FIRST, State

OWED = (State.MISSED, State.OPEN, State.UNSET, State.UPCOMING)
URGENCY = (F("due").asc(nulls_last=True), "requirement", "starts", "id")


@dataclass(frozen=True, slots=True)
class Group:
    """One requirement in one period for one holder: a single row, or many subjects counted together."""

    row: ObligationRow  # the obligation, or for subjects the worst of them
    total: int
    settled: int  # met, late, waived or exempt
    worst: str


@dataclass(frozen=True, slots=True)
class RequirementStanding:
    """How a requirement stands now: its worst current obligation and the counts by state."""

    requirement: str
    state: str
    counts: dict[str, int]
    obligation_id: int
    reason_text: str
    due: datetime | None
    missed_before: int  # periods or subjects missed earlier and not made up


def owed(*, person_id: int | None, positions: Sequence[str], company_id: int | None = None) -> list[Group]:
    """What a person owes, by urgency: in person, and for the posts held. Subjects are grouped."""
    mine = Q(person=person_id) | Q(person=None, position__in=list(positions))
    rows = _of(company_id).filter(mine, state__in=[State.MISSED, State.OPEN, State.UNSET])
    return _grouped(rows, settled_too=True)


def upcoming(*, person_id: int | None, positions: Sequence[str], limit: int = 20) -> list[ObligationRow]:
    """What begins next; subjects are shown once."""
    mine = Q(person=person_id) | Q(person=None, position__in=list(positions))
    rows = _of(None).filter(mine, state=State.UPCOMING).order_by("requirement", "starts", "id")
    first = rows.distinct("requirement")
    return sorted(rows_of(list(first)), key=lambda r: r.starts)[:limit]


def obligations(  # noqa: PLR0913 -- one keyword for each filter of the list
    *,
    company_id: int | None = None,
    position: str | None = None,
    requirement: str | None = None,
    line: str | None = None,
    states: Sequence[str] = (),
    month: date | None = None,
    standing: bool = False,
    starts: date | None = None,
    person_id: int | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[ObligationRow]:
    """The filtered list, most urgent first. `standing`: only those without a month."""
    found = _filtered(company_id, position, requirement, line, states, month, standing, starts, person_id)
    total = found.count()
    size = min(size, LARGEST_PAGE)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = list(found.order_by(*URGENCY)[(page - 1) * size : page * size])
    return Page(rows_of(rows), page, pages, total)


def all_obligations(**filters: object) -> Iterator[ObligationRow]:
    """For export: the same filters, in steps of 2,000 rows."""
    page = 1
    found = _filtered_by_name(filters).order_by("id")
    last = 0
    while chunk := list(found.filter(id__gt=last)[:2000]):
        yield from rows_of(chunk)
        last, page = chunk[-1].pk, page + 1


def obligation(obligation_id: int) -> ObligationRow:
    """Raises NotFound outside the scope."""
    row = Obligation.objects.filter(id=obligation_id).first()
    if row is None:
        raise NotFound("没有这项义务，或您无权查看。")
    return rows_of([row])[0]


def siblings(obligation_id: int, *, limit: int = 13) -> list[ObligationRow]:
    """The same demand on the same holder and subject in other periods, newest first."""
    row = Obligation.objects.filter(id=obligation_id).first()
    if row is None:
        raise NotFound("没有这项义务，或您无权查看。")
    same = Obligation.objects.filter(
        company_id=row.company_id,
        requirement=row.requirement,
        person=row.person,
        subject_type=row.subject_type,
        subject=row.subject,
    )
    return rows_of(list(same.order_by("-starts", "-id")[:limit]))


def cites_and_facts(obligation_id: int) -> tuple[tuple[str, ...], tuple[int, ...], str, datetime]:
    """Clause ids, record ids, edition and the instant of the decision."""
    row = Obligation.objects.filter(id=obligation_id).first()
    if row is None:
        raise NotFound("没有这项义务，或您无权查看。")
    return tuple(row.cites), tuple(row.facts), row.edition, row.decided_at


def proved_by(record_id: int, *, company_id: int) -> list[ObligationRow]:
    """What a sealed record proves or makes late good."""
    found = Obligation.objects.filter(company_id=company_id, facts__contains=[record_id])
    return rows_of(list(found.order_by("requirement", "starts", "subject")[:LARGEST_PAGE]))


def post_standing(position: str, *, company_id: int | None = None) -> dict[str, RequirementStanding]:
    """Requirement id -> how it stands today; requirements without obligations are absent.

    The running period speaks; while it is open, the one before it speaks too. Older misses are only counted.
    """
    rows = _of(company_id).filter(position=position).exclude(state=State.UPCOMING)
    grouped = rows.values_list("requirement", "starts", "state").annotate(n=Count("id"))
    periods: dict[str, dict[date, dict[str, int]]] = {}
    for requirement, starts, state, count in grouped.order_by("requirement", "-starts"):
        periods.setdefault(requirement, {}).setdefault(starts, {})[state] = count
    return _standings(company_id, position, periods)


def line_state(states: Sequence[str]) -> str | None:
    """The worst of a line's parts; None when nothing is owed under it."""
    return next((s.value for s in WORST_FIRST if s.value in states), None)


def commitments(*, company_id: int | None = None) -> list[Commitment]:
    rows = Commitment.objects.order_by("requirement", "-since")
    return list(rows if company_id is None else rows.filter(company_id=company_id))


def companies_due(at: datetime) -> list[int]:
    """Companies that hold a verdict which has expired; inside the scope, for the sweep."""
    rows = Obligation.objects.filter(until__lte=at).order_by("company_id").distinct("company_id")
    return list(rows.values_list("company_id", flat=True))


def is_stale(company_id: int) -> bool:
    return Obligation.objects.filter(company_id=company_id, until__lte=current().at).exists()


def _of(company_id: int | None) -> QuerySet[Obligation]:
    rows = Obligation.objects.all()
    return rows if company_id is None else rows.filter(company_id=company_id)


def _filtered_by_name(filters: dict[str, object]) -> QuerySet[Obligation]:
    return _filtered(
        *(
            filters.get(name, default)  # type: ignore[arg-type]  # keywords of `obligations`, passed through
            for name, default in (
                ("company_id", None), ("position", None), ("requirement", None), ("line", None),
                ("states", ()), ("month", None), ("standing", False), ("starts", None), ("person_id", None),
            )
        )
    )  # fmt: skip


def _filtered(
    company_id: int | None,
    position: str | None,
    requirement: str | None,
    line: str | None,
    states: Sequence[str],
    month: date | None,
    standing: bool,
    starts: date | None,
    person_id: int | None,
) -> QuerySet[Obligation]:
    rows = _of(company_id)
    exact = {
        "position": position,
        "requirement": requirement,
        "month": month,
        "starts": starts,
        "person": person_id,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if line:
        rows = rows.filter(requirement__startswith=f"{line}.")
    if states:
        rows = rows.filter(state__in=list(states))
    if standing:
        rows = rows.filter(month=None)
    return rows


def _grouped(rows: QuerySet[Obligation], *, settled_too: bool) -> list[Group]:
    """Subjects of one requirement and period become one group, counted in the database."""
    single = list(rows.filter(subject=None).order_by(*URGENCY)[: LARGEST_PAGE * 5])
    many = list(
        rows.exclude(subject=None)
        .values("requirement", "starts", "due")
        .annotate(n=Count("id"), first=Min("id"))
        .order_by("due", "requirement")[:LARGEST_PAGE]
    )
    firsts = {o.pk: o for o in Obligation.objects.filter(id__in=[m["first"] for m in many])}
    totals = _totals(many) if settled_too else {}
    groups = [Group(row, 1, 0, row.state) for row in rows_of(single)]
    shown = rows_of([firsts[m["first"]] for m in many])
    for row, m in zip(shown, many, strict=True):
        total = totals.get((m["requirement"], m["starts"]), m["n"])
        groups.append(Group(row, total, total - m["n"], row.state))
    return sorted(groups, key=lambda g: (g.row.due is None, g.row.due or g.row.since, g.row.requirement))


def _totals(many: Sequence[dict[str, object]]) -> dict[tuple[str, date], int]:
    if not many:
        return {}
    rows = Obligation.objects.exclude(subject=None).filter(
        requirement__in={m["requirement"] for m in many}, starts__in={m["starts"] for m in many}
    )
    counted = rows.values_list("requirement", "starts").annotate(n=Count("id"))
    return {(requirement, starts): n for requirement, starts, n in counted}


def _standings(
    company_id: int | None, position: str, periods: dict[str, dict[date, dict[str, int]]]
) -> dict[str, RequirementStanding]:
    """Each requirement's worst current obligation stands for it."""
    current_counts: dict[str, dict[str, int]] = {}
    wanted = Q(pk=None)
    for requirement, by_start in periods.items():
        speaking = _speaking(by_start)
        counts = current_counts[requirement] = _merged([by_start[day] for day in speaking])
        wanted |= Q(requirement=requirement, starts__in=speaking, state=line_state(list(counts)))
    rows = _of(company_id).filter(wanted, position=position).order_by("requirement", "-starts", "id")
    shown = {row.requirement: row for row in rows_of(list(rows.distinct("requirement")))}
    return {
        requirement: RequirementStanding(
            requirement=requirement,
            state=row.state,
            counts=current_counts[requirement],
            obligation_id=row.id,
            reason_text=row.reason_text,
            due=row.due,
            missed_before=_merged(periods[requirement].values()).get(State.MISSED, 0)
            - current_counts[requirement].get(State.MISSED, 0),
        )
        for requirement, row in shown.items()
    }


def _speaking(by_start: dict[date, dict[str, int]]) -> list[date]:
    """Starts of the periods that speak now, newest first: the newest, those still open, and one before."""
    days = list(by_start)
    still_open = [day for day in days if State.OPEN in by_start[day]]
    return list(dict.fromkeys([days[0], *still_open, *days[1 : 1 + (days[0] in still_open)]]))


def _merged(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for one in counts:
        for state, count in one.items():
            merged[state] = merged.get(state, 0) + count
    return merged
