"""What the files of people and of vehicles show alike: certificates with their standing, newest records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.dossiers.concerning import Concerning, newest_of, paper_of
from anze.records.lawbook import lawbook
from anze.rules.catalogue.dossier_model import Certificate
from anze.rules.dossiers.validity import Holder, Standing, Validity, standing_of

SHOWN = 12


@dataclass(frozen=True, slots=True)
class CertificateLine:
    certificate: Certificate
    standing: Standing
    record: Concerning | None


def certificate_lines(of: str, rows: Sequence[Concerning], holder: Holder) -> tuple[CertificateLine, ...]:
    """Those that are asked of this `person` or `vehicle`, and others that are on record."""
    found = []
    for certificate in lawbook().dossiers.certificates.values():
        if certificate.of != of:
            continue
        record = newest_of(rows, certificate.wanted)
        standing = standing_of(certificate, paper_of(record) if record else None, holder, current().today)
        if standing.state is not Validity.UNASKED:
            found.append(CertificateLine(certificate, standing, record))
    return tuple(found)


def shown_of(rows: Sequence[Concerning], kinds: tuple[str, ...]) -> tuple[Concerning, ...]:
    return tuple(row for row in rows if row.about and row.kind in kinds)[:SHOWN]
