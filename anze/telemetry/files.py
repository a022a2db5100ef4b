"""The directory of position files: names, durable writing, and DuckDB's door to them."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{16}\.parquet")
DRAFT = ".draft"
CHUNK = 1024 * 1024


class FileLost(RuntimeError):  # noqa: N818 -- a state
    """A live file is missing or cannot be read; the text names it."""


def new_name(day: date) -> str:
    """Never given twice, so that a restored file cannot meet another of its name."""
    return f"{day.isoformat()}-{secrets.token_hex(8)}.parquet"


def open_duckdb(root: Path) -> duckdb.DuckDBPyConnection:
    """In memory, bounded, without a network; what does not fit goes into a directory of its own."""
    import duckdb  # thirty megabytes that a process without old positions does not need

    return duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "memory_limit": "512MB",
            "temp_directory": str(root / f"spill-{secrets.token_hex(8)}{DRAFT}"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def settle(draft: Path, place: Path) -> None:
    """The draft under its name; both survive a power cut when this returns."""
    draft.chmod(0o600)
    _sync(draft)
    draft.rename(place)
    _sync(place.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
