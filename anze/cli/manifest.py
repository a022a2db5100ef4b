"""What a backup is made of: a tar of a manifest and the files that it names, each with its hash.

Nothing comes out of one that the manifest does not name or that differs from what it promises.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from anze.cli import archived_files

MANIFEST, DUMP = "manifest.json", "database.dump"
FORMAT = 1


CHUNK = 1024 * 1024


class ArchiveError(RuntimeError):
    """The archive cannot be made or used; the text says why."""


@dataclass(frozen=True, slots=True)
class Member:
    sha256: str
    size: int


@dataclass(slots=True)
class Manifest:
    made_at: str
    version: str
    files: dict[str, Member] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def text(self) -> bytes:
        files = {name: {"sha256": file.sha256, "size": file.size} for name, file in self.files.items()}
        content = {
            "format": FORMAT,
            "made_at": self.made_at,
            "version": self.version,
            "files": files,
            "missing": self.missing,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def write_tar(stream: IO[bytes], manifest: Manifest, sources: dict[str, Path]) -> None:
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        text = manifest.text()
        tar.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))
        for name, source in sources.items():
            with source.open("rb") as content:
                tar.addfile(_header(name, manifest.files[name].size), content)
    stream.flush()
    os.fsync(stream.fileno())


def _header(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def measure(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def unpack(path: Path, work: Path, expected: str | None) -> Manifest:
    """Every member into `work`, checked against the manifest; nothing else is written anywhere."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = _read_manifest(tar, expected)
            seen = set()
            for info in tar:
                if info.name == MANIFEST and info.isreg() and MANIFEST not in seen:
                    seen.add(MANIFEST)
                    continue
                _unpack_member(tar, info, manifest, work)
                seen.add(info.name)
    except FileNotFoundError:
        raise ArchiveError(f"找不到 {path}。") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveError(f"{path} 不是完整的备份文件：{error}") from None
    lacking = sorted(set(manifest.files) - seen)
    if lacking:
        raise ArchiveError(f"备份不完整，缺少 {len(lacking)} 个文件：{lacking[0]}")
    return manifest


def _read_manifest(tar: tarfile.TarFile, expected: str | None) -> Manifest:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if stream is None:
        raise ArchiveError("这不是安责的备份：缺少清单。")
    text = stream.read()
    if expected is not None and hashlib.sha256(text).hexdigest() != expected.strip().lower():
        raise ArchiveError("清单摘要与给出的不符：备份已被改动，或不是同一份。")
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise ArchiveError(f"备份格式 {content['format']} 来自更新的版本，本程序不认识。")
        files = {
            name: Member(str(file["sha256"]), int(file["size"])) for name, file in content["files"].items()
        }
        return Manifest(content["made_at"], content["version"], files, list(content["missing"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ArchiveError("清单读不懂：备份已损坏。") from None


def _unpack_member(tar: tarfile.TarFile, info: tarfile.TarInfo, manifest: Manifest, work: Path) -> None:
    promised = manifest.files.get(info.name)
    wanted = info.isreg() and (info.name == DUMP or archived_files.is_ours(info.name))
    content = tar.extractfile(info) if promised is not None and wanted else None
    if promised is None or content is None:
        raise ArchiveError(f"备份里有清单以外的文件：{info.name}")
    target = work / info.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as stream:
        while chunk := content.read(CHUNK):
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    if measure(target) != (promised.sha256, promised.size):
        raise ArchiveError(f"{info.name} 与清单不符：备份已损坏或被改动。")
