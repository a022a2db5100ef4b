"""The data directory: where it is, whose it is, its secrets and its socket directory.

An ordinary user's home is `var` in the checkout. Root's is `/var/lib/anze/<hash of the checkout's path>`:
PostgreSQL refuses to run as root, and its user may not be able to read the checkout. Importing makes nothing.
"""

from __future__ import annotations

import grp
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_USER = "anze"
LONGEST_SOCKET_DIRECTORY = 80  # sun_path holds 107 bytes, the socket's own name and lock included
SECRETS = ("secret_key", "superuser_password", "owner_password", "app_password", "gateway_password")


class HomeError(RuntimeError):
    """The data directory cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    @property
    def attachments(self) -> Path:
        return self.path / "attachments"

    @property
    def positions(self) -> Path:
        return self.path / "positions"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def socket(self) -> Path:
        inside = self.path / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY:
            return inside
        mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/run" if os.geteuid() == 0 else tempfile.gettempdir()) / f"anze-{os.geteuid()}-{mark}"

    def secrets(self) -> dict[str, str]:
        """Empty until `prepare` has run."""
        try:
            found: dict[str, str] = json.loads(self.secrets_file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def prepare(self) -> None:
        """Make what is missing. Safe to repeat."""
        if os.geteuid() == 0 and not self.path.exists() and self.path.parent == _root_homes():
            _root_homes().mkdir(mode=0o755, parents=True, exist_ok=True)
        _private_directory(self.path, shared_parents=True)
        _check_way(self.path)
        for part in (self.postgres, self.socket):
            _private_directory(part)
        for part in (self.attachments, self.positions):
            part.mkdir(mode=0o700, exist_ok=True)
        self._write_secrets()

    def _write_secrets(self) -> None:
        have = self.secrets()
        if all(have.get(name) for name in SECRETS):
            return
        have.update({name: secrets.token_urlsafe(32) for name in SECRETS if not have.get(name)})
        draft = self.secrets_file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(have, stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.secrets_file)


def _root_homes() -> Path:
    return Path("/var/lib/anze")


def current_home() -> Home:
    """`ANZE_HOME` wins."""
    named = os.environ.get("ANZE_HOME")
    if named:
        return Home(Path(named).expanduser().resolve())
    if os.geteuid() == 0:
        return Home(_root_homes() / hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12])
    return Home(CHECKOUT / "var")


@cache
def server_user() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as; None: as ourselves. Root makes the system user when it is missing."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        command = [useradd, "-r", "-U", "-M", "-d", "/nonexistent", "-s", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            made = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError as missing:
            raise HomeError(
                "以 root 运行时需要系统用户 anze，但本机没有 useradd。请先建立该用户，或改用普通用户运行。"
            ) from missing
        if made.returncode not in (0, 9):  # 9: another process was faster
            raise HomeError(f"无法建立系统用户 anze：{made.stderr.strip()}") from None
    return pwd.getpwnam(SYSTEM_USER)


def server_group() -> int | None:
    user = server_user()
    return None if user is None else grp.getgrgid(user.pw_gid).gr_gid


def give_to_server(path: Path) -> None:
    user = server_user()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _check_way(path: Path) -> None:
    """As root: the server's user must be able to walk to the directory."""
    user = server_user()
    if user is None:
        return
    for parent in path.parents:
        found = parent.stat()
        if not (found.st_mode & 0o001 or found.st_uid == user.pw_uid):
            raise HomeError(
                f"系统用户 {SYSTEM_USER} 无法进入 {parent}，不能在其下运行数据库。请用 ANZE_HOME 指定别处。"
            )


def _private_directory(path: Path, *, shared_parents: bool = False) -> None:
    """A directory that only the server's user (and root) may enter; refuses one that somebody else made."""
    path.mkdir(mode=0o700, parents=shared_parents, exist_ok=True)
    found = path.lstat()
    user = server_user()
    allowed = {os.geteuid()} if user is None else {0, user.pw_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise HomeError(f"目录 {path} 属于其他用户，不能使用。请用 ANZE_HOME 指定另一个数据目录。")
    give_to_server(path)
    path.chmod(0o700)
