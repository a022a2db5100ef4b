"""The commands of an installation, from `anze init` to a restore elsewhere, as processes."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

PASSWORD = "an-administrator-42"
PHOTO = b"\xff\xd8\xff a photograph"
SEEN = b"\xff\xd8\xff seen at an assessment"
FILL = f"""
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from django.conf import settings
from anze.records.acting.context import SYSTEM, acting
from anze.records.evidence.models import Attachment, Record
from anze.records.assessments.models import Assessment, Photo
from anze.records.people.actions import NewPerson, employ
from anze.records.tenants.actions import register_company
now = datetime.now(UTC)
with acting(SYSTEM, reads=(), at=now):
    company = register_company(name="宁波甲客运", short_name="甲客运", trade="coach", area="330200",
        employees=20, vehicles=10, started_on=date(2020, 1, 1), judged_from=date(2026, 1, 1))
def put(content):
    digest = sha256(content).hexdigest()
    place = Path(settings.ATTACHMENTS_DIR) / digest[:2] / digest
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    return digest
digest = put({PHOTO!r})
with acting(SYSTEM, reads=(company,), at=now):
    record = Record.objects.create(company_id=company, kind="x", title="t", happened_at=now, captured_at=now)
    Attachment.objects.create(company_id=company, record=record, sha256=digest, name="a.jpg",
        media_type="image/jpeg", size=1, received_at=now)
    lead, second = employ(company_id=company, people=[NewPerson(n, date(2020, 3, 1)) for n in ("王", "丁")])
    assessment = Assessment.objects.create(company_id=company, kind="self", title="t", scheme="taxi-2012",
        edition="x", regime="x", target="third", since=date(2026, 1, 1), until=date(2027, 1, 1),
        lead_id=lead, reviewer_id=second, planned_at=now, salt="x")
    Photo.objects.create(company_id=company, assessment=assessment, item="x", sha256=put({SEEN!r}),
        name="b.jpg", media_type="image/jpeg", size=1, person_id=lead, at=now)
# Positions of two days, one of them moved into a file.
from datetime import timedelta
from django.db import connections
from anze.telemetry.cold import move_day
from anze.telemetry.rows import Position, day_of
from anze.telemetry.writer import SyncWriter
connections["owner"].ensure_connection()
owner = connections["owner"].connection
(terminal,) = owner.execute("SELECT telemetry.terminal_of('13800000001')").fetchone()
owner.execute("INSERT INTO telemetry.installation"
    " (terminal_id, company_id, vehicle_id, plate, plate_colour, since)"
    " VALUES (%s, %s, 7, '浙B00007', 2, '2020-01-01')", [terminal, company])
old = now - timedelta(days=5)
rows = [Position(terminal, at, at, 120000000, 30000000, 5, 300, 0, 0, 3, b"body") for at in (old, now)]
assert len(SyncWriter(owner).store(rows)) == 2
move_day(owner, Path(settings.POSITIONS_DIR), day_of(old))
"""
TRACK = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
from django.conf import settings
from django.db import connections
from anze.telemetry.track import track
connections["owner"].ensure_connection()
(company,) = connections["owner"].connection.execute("SELECT id FROM tenants_company").fetchone()
now = datetime.now(UTC)
print("positions:", len(track(connections["owner"].connection, Path(settings.POSITIONS_DIR), vehicle_id=7,
    company_ids=[company], since=now - timedelta(days=30), until=now + timedelta(days=1))))
"""

EQUIP = """
from datetime import UTC, date, datetime
from django_otp.plugins.otp_totp.models import TOTPDevice
from anze.records.acting.context import SYSTEM, acting
from anze.records.people.actions import NewPerson, employ, open_account
from anze.records.people.models import Account
now = datetime.now(UTC)
with acting(SYSTEM, reads=(1,), at=now):
    (person,) = employ(company_id=1, people=[NewPerson("张某", date(2020, 3, 1))])
    account = open_account(username="zhang", password="一句只有本人知道的口令", person_id=person)
Account.objects.filter(pk=account).update(second_factor_since=now)
TOTPDevice.objects.create(user_id=account, name="x")
"""
LOOK = """
from datetime import UTC, datetime
from django_otp.plugins.otp_totp.models import TOTPDevice
from anze.records.acting.context import SYSTEM, acting
from anze.records.journal.models import Entry
from anze.records.people.models import Account
account = Account.objects.get(username="zhang")
with acting(SYSTEM, reads=(1,), at=datetime.now(UTC)):
    last = Entry.objects.order_by("-number").first()
    print(account.second_factor_since, TOTPDevice.objects.count(), last.action)
"""


@dataclass
class Installation:
    home: Path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "anze.cli", *words]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "ANZE_HOME": str(self.home)}

    def anze(self, *words: str, code: int = 0, told: str = "") -> str:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            input=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="anze-cli-"))
    path.chmod(0o755)
    (path / "password").write_text(PASSWORD + "\n")
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def filled(work: Path) -> Installation:
    """An installation with one company and one attachment."""
    installation = Installation(work / "filled")
    installation.anze("init", "--username", "admin", "--password-file", str(work / "password"))
    installation.anze("django", "shell", "-c", FILL)
    return installation


@pytest.fixture(scope="module")
def archive(work: Path, filled: Installation) -> Path:
    (work / "backups").mkdir()
    said = filled.anze("backup", str(work / "backups"))
    assert "附件 2 个，历史定位文件 1 个" in said
    (path,) = (work / "backups").glob("*.tar")
    return path


@pytest.fixture
def fresh(work: Path) -> Iterator[Installation]:
    path = Path(tempfile.mkdtemp(prefix="fresh-", dir=work))
    yield Installation(path)
    shutil.rmtree(path)


def altered(archive: Path, target: Path, change: str) -> Path:
    """A copy of the archive in which something is wrong."""
    with tarfile.open(archive) as source, tarfile.open(target, "w") as copy:
        for info in source:
            content = source.extractfile(info).read()  # type: ignore[union-attr]
            if change == "drop" and info.name.startswith("attachments/"):
                continue
            if change == "flip" and info.name.startswith("attachments/"):
                content = bytes([content[0] ^ 1]) + content[1:]
            if change == "dump" and info.name == "database.dump":
                content = content[:-10] + bytes(10)
            if change == "format" and info.name == "manifest.json":
                content = json.dumps({**json.loads(content), "format": 99}).encode()
            if change == "unreadable" and info.name == "manifest.json":
                content = b"{"
            info.size = len(content)
            copy.addfile(info, io.BytesIO(content))
        if change == "extra":
            info = tarfile.TarInfo("../outside")
            copy.addfile(info, io.BytesIO(b""))
    return target


def test_init_makes_one_administrator_and_not_twice(filled: Installation, work: Path) -> None:
    said = filled.anze("init", "--username", "b", "--password-file", str(work / "password"), code=1)
    assert "已有数据" in said
    assert stat_mode(filled.home / "secrets.json") == 0o600


def stat_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_weak_password_is_refused_and_nothing_is_made(fresh: Installation, work: Path) -> None:
    weak = fresh.home / "weak"
    weak.write_text("12345")
    said = fresh.anze("init", "--username", "admin", "--password-file", str(weak), code=1)
    assert "密码" in said
    fresh.anze("init", "--username", "admin", "--password-file", str(work / "password"))


def test_a_second_factor_is_reset_at_the_server_and_noted(filled: Installation) -> None:
    filled.anze("django", "shell", "-c", EQUIP)
    assert "已重置" in filled.anze("account", "reset-second-factor", "zhang")
    assert "没有登录名" in filled.anze("account", "reset-second-factor", "nobody", code=1)
    found = filled.anze("django", "shell", "-v", "0", "-c", LOOK)
    assert "None 0 people.reset_second_factor" in found


def test_the_journal_of_every_owner_is_verified(filled: Installation) -> None:
    assert "1 条链，全部完好" in filled.anze("journal", "verify")


def test_an_export_is_verified_without_a_database(work: Path, filled: Installation) -> None:
    export = work / "broken.jsonl"
    export.write_text("not json\n")
    assert "读不懂" in filled.anze("journal", "verify", "--export", str(export), code=1)


def test_only_trades_with_a_standard_are_estimated(filled: Installation) -> None:
    assert "已测算 0 家企业" in filled.anze("estimate")
    assert "已测算 0 家企业" in filled.anze("estimate", "--authority", "1", "--again")


def test_upgrade_and_migrate_on_the_newest_schema_change_nothing(filled: Installation) -> None:
    assert "已更新 0 项" in filled.anze("upgrade")
    assert "0 项更新" in filled.anze("migrate")
    assert not (filled.home / "backups").exists()


def test_a_schema_of_the_future_is_refused(filled: Installation, archive: Path) -> None:
    row = "INSERT INTO django_migrations (app, name, applied) VALUES ('duties', '0099_future', now())"
    undo = "DELETE FROM django_migrations WHERE name = '0099_future'"
    statement = "from django.db import connections; connections['owner'].cursor().execute(\"{}\")"
    filled.anze("django", "shell", "-c", statement.format(row))
    try:
        for command in ("migrate", "upgrade", "sweep", "run"):
            assert "不认识" in filled.anze(command, code=1)
    finally:
        filled.anze("django", "shell", "-c", statement.format(undo))


def test_a_backup_is_restored_into_an_empty_home(archive: Path, fresh: Installation) -> None:
    assert "核对无误" in fresh.anze("restore", str(archive))
    digest = sha256(PHOTO).hexdigest()
    assert (fresh.home / "attachments" / digest[:2] / digest).read_bytes() == PHOTO
    assert "文件：3 个，全部完好" in fresh.anze("files", "verify")
    assert "positions: 2" in fresh.anze("django", "shell", "-c", TRACK)
    assert "1 条链，全部完好" in fresh.anze("journal", "verify")
    assert "已有数据" in fresh.anze("restore", str(archive), code=1)
    fresh.anze("restore", "--replace", str(archive))


def test_the_digest_of_the_manifest_pins_the_archive(archive: Path, fresh: Installation) -> None:
    with tarfile.open(archive) as tar:
        digest = sha256(tar.extractfile("manifest.json").read()).hexdigest()  # type: ignore[union-attr]
    assert "清单摘要" in fresh.anze("restore", "--sha256", "0" * 64, str(archive), code=1)
    fresh.anze("restore", "--sha256", digest, str(archive))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("flip", "已损坏或被改动"),
        ("dump", "已损坏或被改动"),
        ("drop", "备份不完整"),
        ("extra", "清单以外"),
        ("format", "更新的版本"),
        ("unreadable", "清单读不懂"),
    ],
)
def test_an_altered_archive_changes_nothing(
    archive: Path, filled: Installation, work: Path, change: str, said: str
) -> None:
    broken = altered(archive, work / f"{change}.tar", change)
    assert said in filled.anze("restore", "--replace", str(broken), code=1)
    assert "1 条链，全部完好" in filled.anze("journal", "verify")
    assert not (work / "outside").exists()


def test_what_is_no_archive_is_refused(filled: Installation, archive: Path, work: Path) -> None:
    cut = work / "cut.tar"
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "备份" in filled.anze("restore", "--replace", str(cut), code=1)
    assert "找不到" in filled.anze("restore", "--replace", str(work / "none.tar"), code=1)
    empty = work / "empty.tar"
    with tarfile.open(empty, "w"):
        pass
    assert "缺少清单" in filled.anze("restore", "--replace", str(empty), code=1)


def test_a_backup_never_overwrites(archive: Path, filled: Installation, work: Path) -> None:
    assert "不覆盖" in filled.anze("backup", str(archive), code=1)
    assert "不存在" in filled.anze("backup", str(work / "none" / "x.tar"), code=1)


def test_a_lost_attachment_is_named_and_the_rest_is_kept(
    archive: Path, fresh: Installation, work: Path
) -> None:
    fresh.anze("restore", str(archive))
    digest = sha256(PHOTO).hexdigest()
    (fresh.home / "attachments" / digest[:2] / digest).write_bytes(b"spoiled")
    assert digest in fresh.anze("backup", str(work / "lossy.tar"), code=1)
    other = sha256(SEEN).hexdigest()
    with tarfile.open(work / "lossy.tar") as tar:
        kept = [name for name in tar.getnames() if not name.startswith("positions/")]
        assert kept == ["manifest.json", "database.dump", f"attachments/{other[:2]}/{other}"]


def test_files_that_the_database_names_are_verified(archive: Path, fresh: Installation) -> None:
    """Those of records, and photos of assessments."""
    fresh.anze("restore", str(archive))
    first, second = (sha256(content).hexdigest() for content in (PHOTO, SEEN))
    (fresh.home / "attachments" / first[:2] / first).write_bytes(b"spoiled")
    (fresh.home / "attachments" / second[:2] / second).unlink()
    said = fresh.anze("files", "verify", code=1)
    assert f"{first} 被改动" in said
    assert f"{second} 不见了" in said
    assert "2 个有问题" in said


def test_a_lost_file_of_positions_is_named(archive: Path, fresh: Installation, work: Path) -> None:
    fresh.anze("restore", str(archive))
    (place,) = (fresh.home / "positions").iterdir()
    place.unlink()
    assert place.name in fresh.anze("backup", str(work / "holed.tar"), code=1)


def test_a_broken_journal_is_not_restored(archive: Path, fresh: Installation, work: Path) -> None:
    fresh.anze("restore", str(archive))
    forge = "from django.db import connections; connections['owner'].cursor().execute(\"{}\")"
    fresh.anze("django", "shell", "-c", forge.format("UPDATE journal_entry SET action = 'forged'"))
    assert "已被改动" in fresh.anze("journal", "verify", code=1)
    fresh.anze("backup", str(work / "forged.tar"))
    said = fresh.anze("restore", "--replace", str(work / "forged.tar"), code=1)
    assert "没有恢复" in said


def test_it_serves_backs_up_meanwhile_and_stops_cleanly(filled: Installation, work: Path) -> None:
    log = work / "run.log"
    with log.open("w") as stream:
        running = subprocess.Popen(
            filled.command("run"), env=filled.environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        address = wait_for_address(log)
        assert get(address + "healthz") == "ok\n"
        assert "正在运行" in filled.anze("restore", "--replace", str(log), code=1)
        filled.anze("backup", str(work / "while-serving.tar"))
        assert get(address + "healthz") == "ok\n"
    finally:
        running.send_signal(signal.SIGINT)
        code = running.wait(30)
    assert code == 0, log.read_text()
    assert not (filled.home / "postgres" / "data" / "postmaster.pid").exists()
    assert (work / "while-serving.tar").exists()


def test_only_this_machine_until_the_names_are_told(filled: Installation) -> None:
    assert "ANZE_HOSTS" in filled.anze("run", "--host", "0.0.0.0", code=1)


def test_an_external_server_needs_both_accounts(
    filled: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://anze_app@127.0.0.1:1/anze")
    assert "ANZE_OWNER_URL" in filled.anze("sweep", code=1)
    monkeypatch.setenv("ANZE_OWNER_URL", "postgresql://anze_owner@127.0.0.1:1/anze")
    assert "连不上数据库" in filled.anze("sweep", code=1)


def wait_for_address(log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        words = log.read_text().split()
        found = [word for word in words if word.startswith("http://")]
        if found and answers(found[0]):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def answers(address: str) -> bool:
    try:
        return get(address + "healthz") == "ok\n"
    except OSError:
        return False


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())
