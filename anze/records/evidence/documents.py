"""The register of documents: every sealed version, and which of them is valid today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook
from anze.rules.documents import Version, VersionState, version_standings

KIND = "document.register"
LABELS = {
    VersionState.VALID: "现行有效",
    VersionState.UPCOMING: "待施行",
    VersionState.SUPERSEDED: "已被取代",
    VersionState.ABOLISHED: "已废止",
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """`by`: number of the version that took its place. `review_due`: its review is overdue."""

    record_id: int
    record_number: str
    code: str
    name: str
    category: str
    version: str
    number: str
    effective: date
    review_by: date | None
    state: VersionState
    label: str
    by: int | None
    by_version: str
    review_due: bool


def versions(company_id: int, *, category: str = "", with_old: bool = False) -> list[VersionRow]:
    """By document number, the newest first. Without the old: valid and coming versions."""
    require("see_company")
    rows = Record.objects.filter(company=company_id, kind=KIND, status=Record.Status.SEALED)
    records = {record.pk: record for record in rows}
    standings = version_standings(map(_version, records.values()), current().today)
    shown = (VersionState.VALID, VersionState.UPCOMING)
    found = [
        _row(record, standings[key].state, records.get(standings[key].by or 0))
        for key, record in records.items()
        if (with_old or standings[key].state in shown)
        and (not category or record.values.get("category") == category)
    ]
    found.sort(key=lambda row: (row.effective, row.record_id), reverse=True)
    return sorted(found, key=lambda row: row.code)


def categories() -> dict[str, str]:
    spec = next(spec for spec in lawbook().kinds[KIND].fields if spec.id == "category")
    return dict(spec.choices)


def _version(record: Record) -> Version:
    assert record.received_at is not None
    values = record.values
    code, effective = values["code"].casefold(), date.fromisoformat(values["effective"])
    return Version(record.pk, code, effective, record.received_at, values["action"] == "abolished")


def _row(record: Record, state: VersionState, by: Record | None) -> VersionRow:
    values = record.values
    review = date.fromisoformat(values["review_by"]) if "review_by" in values else None
    return VersionRow(
        record_id=record.pk,
        record_number=record.number or "",
        code=values["code"],
        name=values["name"],
        category=categories().get(values["category"], values["category"]),
        version=values["version"],
        number=values.get("number", ""),
        effective=date.fromisoformat(values["effective"]),
        review_by=review,
        state=state,
        label=LABELS[state],
        by=by.pk if by else None,
        by_version=by.values["version"] if by else "",
        review_due=state is VersionState.VALID and review is not None and review < current().today,
    )
