"""The files of others are those that the manifest names."""

from __future__ import annotations

import io
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from anze.web.ui.vendoring import MANIFEST, VENDOR, faults, manifest, refresh

WEB = VENDOR.parent.parent


def test_every_vendored_file_is_as_the_manifest_says() -> None:
    assert faults() == []


def test_each_package_names_its_licence_and_ships_it() -> None:
    for package in manifest():
        assert package["licence"]
        assert any(entry["target"] == "LICENSE" for entry in package["files"]), package["name"]


def test_no_file_refers_to_a_source_map_that_is_not_here() -> None:
    for path in [*VENDOR.rglob("*.css"), *VENDOR.rglob("*.js")]:
        assert b"sourceMappingURL" not in path.read_bytes(), path


@pytest.mark.parametrize("harm", ["change", "remove", "add"])
def test_a_changed_missing_or_foreign_file_is_found(harm: str, tmp_path: Path) -> None:
    place = tmp_path / "vendor"
    shutil.copytree(VENDOR, place)
    victim = place / "htmx.org-2.0.11" / "htmx.min.js"
    if harm == "change":
        victim.write_bytes(victim.read_bytes() + b" ")
    elif harm == "remove":
        victim.unlink()
    else:
        (place / "stray.js").write_text("")
    assert len(faults(place)) == 1
    assert (place / MANIFEST).is_file()


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (VENDOR / "tabler-icons-3.51.0" / "sprite.svg").read_text("utf-8")
    held = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named: set[str] = set()
    for path in WEB.rglob("*.html"):
        named |= set(re.findall(r'{% (?:icon|empty) "([^"]+)"', path.read_text("utf-8")))
    for path in WEB.rglob("*.py"):
        named |= set(re.findall(r'icon="([^"]+)"', path.read_text("utf-8")))
    assert len(named) > 10
    assert named <= held


def test_refreshing_unpacks_cuts_source_maps_builds_the_sprite_and_writes_the_digests(tmp_path: Path) -> None:
    packs, place = tmp_path / "packs", tmp_path / "vendor"
    (place / "lib-1.0").mkdir(parents=True)
    (place / "lib-1.0" / "LICENSE").write_text("kept as it lies here")
    packs.mkdir()
    pack(
        packs / "lib-1.0.tgz",
        {
            "dist/lib.js": "run();\n//# sourceMappingURL=lib.js.map",
            "icons/outline/dot.svg": '<svg\n a="b">\n<path stroke="none" d="M0"/>\n<path d="M1"/>\n</svg>',
        },
    )
    files = [("dist/lib.js", "lib.js"), ("icons", "sprite.svg"), ("", "LICENSE")]
    listed = "".join(f'{{ source = "{s}", target = "{t}", sha256 = "" }},\n' for s, t in files)
    (place / MANIFEST).write_text(
        '[[package]]\nname = "lib"\nversion = "1.0"\nlicence = "MIT"\n'
        f'icons = ["dot"]\nfiles = [\n{listed}]\n'
    )
    refresh(packs, place)
    assert faults(place) == []
    assert (place / "lib-1.0" / "lib.js").read_text() == "run();\n"
    assert (
        '<symbol id="dot" viewBox="0 0 24 24"><path d="M1"/></symbol>'
        in (place / "lib-1.0" / "sprite.svg").read_text()
    )


def pack(path: Path, members: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
