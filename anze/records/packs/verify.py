"""Is a pack of records as it was taken? Standard library only: it lies in the pack and runs by itself.

    python verify.py

Rule 1: every file has the digest that SHA256SUMS names, and there is no file that it does not name.
Rule 2: the digest of a record covers its facts and the digests of its files, as they were when it was sealed.
Rule 3: the digest of the pack covers the digests of all its records; the entry of the journal covers it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FORMAT = "anze-pack-1"
SUMS, SEAL, FACTS = "SHA256SUMS", "资料包.json", "事实.json"
HASHED = ("chain", "number", "at", "account", "actor", "action", "rows", "reason_digest", "previous")
HELD = ("format", "company", "choice", "at", "records")
CHUNK = 1 << 20


def digest_of(values: Any) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def held_of(seal: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of a pack covers."""
    return {name: seal[name] for name in HELD}


def problems_in(folder: Path) -> Iterator[str]:
    """Everything wrong with an unpacked pack, in words."""
    sums = _sums(folder)
    yield from _changed(folder, sums)
    try:
        seal = json.loads((folder / SEAL).read_text("utf-8"))
        yield from _seal_broken(seal)
        expected = {number: digest for _, number, digest in seal["records"]}
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{SEAL}：读不懂或不存在，资料包不完整。"
        return
    present = {path.parent.name: path for path in folder.glob(f"*/*/{FACTS}")}
    for number in sorted(expected.keys() - present.keys()):
        yield f"{number}：资料包中应有这条记录，现已不存在。"
    for number, path in sorted(present.items()):
        yield from (f"{number}：{problem}" for problem in _record_broken(path, expected.get(number), sums))


def _sums(folder: Path) -> dict[str, str]:
    """Name -> digest, as sha256sum reads them."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {line[66:]: line[:64] for line in lines if line[64:66] == "  "}


def _changed(folder: Path, sums: Mapping[str, str]) -> Iterator[str]:
    if not sums:
        yield f"{SUMS}：不存在或是空的。"
    for name, digest in sums.items():
        path = folder / name
        if not path.is_file():
            yield f"{name}：文件不存在。"
        elif _file_digest(path) != digest:
            yield f"{name}：文件已被改动。"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in sums and name != SUMS and "__pycache__" not in name:
            yield f"{name}：不是资料包原有的文件。"


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _seal_broken(seal: Mapping[str, Any]) -> Iterator[str]:
    entry = seal["entry"]
    if seal["format"] != FORMAT:
        yield f"{SEAL}：格式 {seal['format']} 不是本程序能核验的。"
    if digest_of({name: entry[name] for name in HASHED}) != entry["digest"]:
        yield f"{SEAL}：操作日志条目的内容与其摘要不符。"
    if digest_of(held_of(seal)) not in [row[2] for row in entry["rows"]]:
        yield f"{SEAL}：记录清单与操作日志记下的摘要不符。"


def _record_broken(path: Path, expected: str | None, sums: Mapping[str, str]) -> Iterator[str]:
    try:
        facts = json.loads(path.read_text("utf-8"))
        content, files = facts["content"], facts["content"]["attachments"]
        digest = digest_of(content)
        named = [(row[0], row[1]) for row in files]
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{FACTS} 读不懂，文件已损坏。"
        return
    if expected is None:
        yield "不在资料包的记录清单中。"
    elif digest != expected:
        yield "事实与封存时的摘要不符，已被改动。"
    folder = f"{path.parent.parent.name}/{path.parent.name}/"
    held = {found for name, found in sums.items() if name.startswith(folder)}
    for sha256, name in named:
        if sha256 not in held:
            yield f"附件“{name}”缺失或与封存时不同。"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    problems = list(problems_in(folder))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sound = "核验无误：全部文件和记录与封存时一致。"
    sys.stdout.write(f"{len(problems)} 处不符。\n" if problems else f"{sound}\n")
    try:
        entry = json.loads((folder / SEAL).read_text("utf-8"))["entry"]
        told = f"操作日志 {entry['chain']} 第 {entry['number']} 条，摘要 {entry['digest']}"
        sys.stdout.write(f"{told}：可与监管部门公布的链头核对。\n")
    except (OSError, ValueError, KeyError, TypeError):
        return 1
    return 1 if problems else 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a console that lacks a character
    raise SystemExit(main(sys.argv[1:]))
