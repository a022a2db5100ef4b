"""Front-end files of others: taken from npm packs, named with version, licence and SHA-256 in one manifest.

`python -m anze.web.ui.vendoring PACKS` unpacks `<name>-<version>.tgz` from the folder PACKS and rewrites the
digests; `faults` says what differs from the manifest.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
MANIFEST = "MANIFEST.toml"
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n]*?(\*/)?\s*$")
SVG_BODY = re.compile(r"<path[^>]*stroke=\"none\"[^>]*/>")


def manifest(folder: Path = VENDOR) -> list[dict[str, Any]]:
    """The packages, each with its `files` (source, target, sha256)."""
    packages: list[dict[str, Any]] = tomllib.loads((folder / MANIFEST).read_text("utf-8"))["package"]
    return packages


def faults(folder: Path = VENDOR) -> list[str]:
    """One sentence for each file that is missing, changed or not named."""
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    answers: list[str] = []
    named: set[str] = set()
    for package in manifest(folder):
        for entry in package["files"]:
            target = f"{package['name']}-{package['version']}/{entry['target']}"
            named.add(target)
            if target not in found:
                answers.append(f"{target} is missing")
            elif _digest((folder / target).read_bytes()) != entry["sha256"]:
                answers.append(f"{target} differs from its digest")
    return answers + [f"{name} is not named in {MANIFEST}" for name in sorted(found - named)]


def refresh(packs: Path, folder: Path = VENDOR) -> None:
    """Write every named file anew from its pack, and its digest into the manifest."""
    head, *sections = (folder / MANIFEST).read_text("utf-8").split("[[package]]")
    for number, package in enumerate(manifest(folder)):
        name, version = package["name"], package["version"]
        place = folder / f"{name}-{version}"
        place.mkdir(exist_ok=True)
        with tarfile.open(packs / f"{name}-{version}.tgz") as pack:
            for entry in package["files"]:
                content = _content(pack, package, entry, place)
                (place / entry["target"]).write_bytes(content)
                stands = rf'(target = "{re.escape(entry["target"])}", sha256 = ")[0-9a-f]*'
                sections[number] = re.sub(stands, rf"\g<1>{_digest(content)}", sections[number])
    (folder / MANIFEST).write_text("[[package]]".join((head, *sections)), "utf-8")


def _content(pack: tarfile.TarFile, package: dict[str, Any], entry: dict[str, str], place: Path) -> bytes:
    source = entry["source"]
    if source == "icons":
        return _sprite(pack, package["icons"]).encode()
    if source == "":  # a licence that the pack names but does not hold: kept as it lies here
        return (place / entry["target"]).read_bytes()
    return (
        SOURCE_MAP.sub(b"\n", _member(pack, source))
        if source.endswith(("css", "js"))
        else _member(pack, source)
    )


def _member(pack: tarfile.TarFile, source: str) -> bytes:
    member = pack.extractfile(f"package/{source}")
    if member is None:
        raise FileNotFoundError(source)
    return member.read()


def _sprite(pack: tarfile.TarFile, icons: list[str]) -> str:
    symbols = []
    for icon in sorted(icons):
        svg = _member(pack, f"icons/outline/{icon}.svg").decode()
        body = SVG_BODY.sub("", svg[svg.index(">") + 1 : svg.rindex("</svg>")])
        symbols.append(f'<symbol id="{icon}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    refresh(Path(sys.argv[1]))
    sys.stdout.write("\n".join(faults()) or "as the manifest says\n")
