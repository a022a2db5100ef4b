"""`anze uplink`: entering, listing and switching accounts; what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from anze.cli import uplink
from anze.cli.__main__ import parser
from anze.cli.installation import InstallationError, Kind
from tests.cast import Cast, committed_cast
from tests.fleet import as_owner
from tests.uplink import forget

__all__ = ["committed_cast"]

ADD = [
    "uplink", "add", "--name", "市平台", "--version", "2019", "--host", "192.0.2.1", "--port", "9000",
    "--access-code", "31000001", "--user", "12", "--slave-address", "192.0.2.2", "--slave-port", "7001",
]  # fmt: skip


@pytest.fixture
def there(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The database of the tests is the installation."""
    from contextlib import nullcontext

    monkeypatch.setattr(uplink.installation, "opened", nullcontext)
    monkeypatch.setattr(uplink.installation, "kind", lambda: Kind.OWN)
    monkeypatch.setenv(uplink.PASSWORD, "geheim")
    forget()
    return committed_cast


def act(*words: str) -> Any:
    arguments = parser().parse_args(list(words))
    return arguments.act(arguments)


def test_an_account_is_entered_listed_and_switched(there: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    act("uplink", "list")
    act(*ADD, "--company", "安达客运")
    act("uplink", "list")
    said = capsys.readouterr().out
    assert "还没有登记上级平台" in said
    assert "192.0.2.1:9000  JT/T 809-2019  接入码 31000001  从链路 192.0.2.2:7001  未连接" in said
    assert "geheim" not in said
    (row,) = uplink.entered()
    assert row.company_id == there.a.id
    act("uplink", "disable", str(row.id))
    assert uplink.entered()[0].enabled is False
    act("uplink", "list")
    act("uplink", "enable", str(row.id))
    assert uplink.entered()[0].enabled is True
    assert "已停用" in capsys.readouterr().out
    with pytest.raises(InstallationError, match="已经登记过"):
        act(*ADD, "--company", str(there.a.id))
    with pytest.raises(InstallationError, match="没有编号为 0"):
        act("uplink", "enable", "0")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--company", "没有的企业"), "没有企业叫"),
        (("--company", "安达客运", "--port", "0"), "端口应在"),
        (("--company", "安达客运", "--platform-id", "123456789012"), "平台唯一编码"),
        (("--company", "安达客运", "--user", "99999999999"), "用户名"),
    ],
)
def test_what_cannot_be_is_refused(there: Cast, words: tuple[str, ...], problem: str) -> None:
    with pytest.raises(InstallationError, match=problem):
        act(*ADD, *words)
    assert uplink.entered() == []


def test_a_password_that_does_not_fit_is_named(there: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(uplink.PASSWORD, "zu-lang-fuer-acht")
    with pytest.raises(InstallationError, match="密码") as refusal:
        act(*ADD, "--company", "安达客运")
    assert "zu-lang" not in str(refusal.value)


def test_the_password_is_asked_for_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(uplink.PASSWORD, raising=False)
    monkeypatch.setattr(uplink.getpass, "getpass", lambda prompt: "")
    with pytest.raises(InstallationError, match="不能为空"):
        uplink.ask_password()
    monkeypatch.setattr(uplink.getpass, "getpass", lambda prompt: "geheim")
    assert uplink.ask_password() == "geheim"


def test_the_numbers_of_an_encrypted_link_are_asked_for_and_kept(
    there: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["1,2,3", "30000000，20000000,20000000, 9", "30000000,4294967296,1,9"])
    monkeypatch.delenv(uplink.CIPHER, raising=False)
    monkeypatch.setattr(uplink.getpass, "getpass", lambda prompt: next(typed))
    with pytest.raises(InstallationError, match="四个整数"):
        act(*ADD, "--company", "安达客运", "--encrypted")
    act(*ADD, "--company", "安达客运", "--encrypted")
    with pytest.raises(InstallationError, match="IA1"):
        act(*ADD, "--company", "安达客运", "--encrypted", "--slave-port", "7002", "--user", "13")
    act("uplink", "list")
    assert "30000000" not in capsys.readouterr().out
    with as_owner() as owner:
        found = owner.execute("SELECT m1, ia1, ic1, key FROM telemetry.uplink").fetchall()
    assert found == [(30_000_000, 20_000_000, 20_000_000, 9)]


def test_a_demonstration_reports_to_nobody() -> None:
    with pytest.raises(InstallationError, match="演示数据库"):
        uplink.spare_authorities(Kind.DEMONSTRATION, "192.0.2.1")
    uplink.spare_authorities(Kind.DEMONSTRATION, "127.0.0.1")
    uplink.spare_authorities(Kind.OWN, "192.0.2.1")
