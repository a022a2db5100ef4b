"""Files stored by their SHA-256 under the attachments directory.

Rule 1: the file and its directory are fsynced before any row names it.
Rule 2: a file that is too large is cut off while it streams in, and nothing of a refused file stays.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

from anze.records.evidence.drafts import InvalidAttachment
from anze.records.evidence.formats import ACCEPTED, format_of

LARGEST = 50 * 1024 * 1024
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    media_type: str
    extension: str
    size: int


def path_of(sha256: str) -> Path:
    return _root() / sha256[:2] / sha256


def store(chunks: Iterable[bytes], name: str) -> Stored:
    """Raises InvalidAttachment: too large, empty, or not a kind of file that is kept."""
    incoming = _root() / ".incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=incoming)
    path = Path(temporary)
    try:
        sha256, size = _receive(handle, chunks, name)
        found = format_of(path)
        if isinstance(found, str):
            raise InvalidAttachment(f"“{_shown(name)}”实际是{found}，不能作为附件。可以上传：{ACCEPTED}。")
        _keep(path, path_of(sha256))
        return Stored(sha256, found.media_type, found.extension, size)
    finally:
        path.unlink(missing_ok=True)


def tidy_name(name: str, extension: str) -> str:
    """The last part of the name as sent, printable, with the extension that its bytes have."""
    stem = PurePosixPath(_shown(name)).stem.strip(" .") or "附件"
    return stem[: LONGEST_NAME - len(extension)] + extension


def _shown(name: str) -> str:
    """Without directories and without characters that are invisible or reorder the text."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = (c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return "".join(c for c in kept if c not in '<>:"|?*')[:LONGEST_NAME] or "附件"


def _receive(handle: int, chunks: Iterable[bytes], name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                limit = LARGEST // (1024 * 1024)
                raise InvalidAttachment(f"“{_shown(name)}”超过 {limit} MB，请压缩或拆分后再上传。")
            digest.update(chunk)
            file.write(chunk)
        if size == 0:
            raise InvalidAttachment(f"“{_shown(name)}”是空文件。")
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _keep(temporary: Path, final: Path) -> None:
    """A second copy of the same bytes replaces the first: a torn earlier write heals."""
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary.replace(final)
    _sync(final.parent)
    _sync(final.parent.parent)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _root() -> Path:
    return Path(settings.ATTACHMENTS_DIR)
