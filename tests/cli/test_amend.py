"""`anze catalogue apply`: what is printed, what is written, and what a kill in the middle leaves behind."""

from __future__ import annotations

import json
import os
import signal
from contextlib import nullcontext

import pytest
from django.db import connections

from anze.cli import amend, upkeep
from anze.cli.__main__ import main
from anze.cli.installation import InstallationError
from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import amending, deciding
from anze.records.duties.models import Application
from tests.cast import NOW, Cast, build_cast
from tests.shelf import MANAGER, NEW, STUDY, Shelf, shelf

__all__ = ["shelf"]
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def installed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two companies, judged; the command uses the database of the tests."""
    monkeypatch.setattr(amend.installation, "opened", lambda *_: nullcontext())
    monkeypatch.setattr(amend, "require_known_schema", lambda: None)
    cast = build_cast()
    with acting(SYSTEM, reads=(cast.a.id, cast.b.id), at=NOW):
        deciding.redecide_companies(company_ids=[cast.a.id, cast.b.id])
    return cast


def applied(*companies: int) -> list[int]:
    """How many sets of editions each stands on."""
    with acting(SYSTEM, reads=companies, writes=(), at=NOW):
        return [Application.objects.filter(company_id=company).count() for company in companies]


def test_nothing_to_apply(installed: Cast, capsys: pytest.CaptureFixture[str]):
    assert main(["catalogue", "apply"]) == 0
    assert capsys.readouterr().out == "没有需要套用的变更。\n"
    assert main(["catalogue", "apply", "--yes"]) == 0
    assert capsys.readouterr().out == "没有需要套用的变更。\n"
    amend.tell_if_due()
    assert capsys.readouterr().out == ""


def test_files_that_do_not_check_are_not_applied(
    installed: Cast, shelf: Shelf, capsys: pytest.CaptureFixture[str]
):
    shelf.change(MANAGER, "        text: 每月至少组织一次驾驶员安全学习", "times: 1", "times: 2")
    for words in (["catalogue", "apply"], ["catalogue", "apply", "--yes"]):
        assert main(words) == 1
        assert f"{MANAGER}:0: 这一版尚未发布" in capsys.readouterr().err
    assert main(["catalogue", "publish", "--root", str(shelf.root)]) == 1
    assert "已公布的内容" in capsys.readouterr().err
    assert applied(installed.a.id, installed.b.id) == [1, 1]


def test_the_preview_says_what_changes_for_whom(
    installed: Cast, shelf: Shelf, capsys: pytest.CaptureFixture[str]
):
    shelf.change_law()
    assert main(["catalogue", "apply"]) == 0
    said = capsys.readouterr().out
    assert "变更 3 项，涉及企业 2 家" in said
    assert "〔调整〕安全生产管理人员" in said
    assert "2026-09-01 起：每月至少1次" in said
    assert "安达客运：新增任务" in said
    assert "没有写入任何数据" in said
    assert main(["catalogue", "apply", "--json", "--company", "安达"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {(row["sort"], row["requirement"]) for row in told["changes"]} >= {
        ("new", NEW),
        ("changed", STUDY),
    }
    [company] = told["companies"]
    assert company["id"] == installed.a.id
    assert company["opened"] > 0
    assert applied(installed.a.id, installed.b.id) == [1, 1]


def test_it_is_applied_company_by_company(installed: Cast, shelf: Shelf, capsys: pytest.CaptureFixture[str]):
    shelf.change_law()
    amend.tell_if_due()
    assert "尚未套用于 2 家企业" in capsys.readouterr().out
    assert main(["catalogue", "apply", "--yes", "--company", str(installed.b.id)]) == 0
    assert "[1/1] 通途客运：新增任务" in capsys.readouterr().out
    assert applied(installed.a.id, installed.b.id) == [1, 2]
    assert main(["catalogue", "apply", "--yes"]) == 0
    assert "已套用于 1 家企业。" in capsys.readouterr().out
    assert applied(installed.a.id, installed.b.id) == [2, 2]


def test_killed_in_the_middle_and_gone_on_with(
    installed: Cast, shelf: Shelf, capsys: pytest.CaptureFixture[str]
):
    shelf.change_law()
    connections.close_all()
    child = os.fork()
    if child == 0:
        written = amending.corrections.keep

        def killed(company_id: int, *rest: object) -> int:
            if company_id == installed.b.id:
                os.kill(os.getpid(), signal.SIGKILL)
            return written(company_id, *rest)  # type: ignore[arg-type]

        amending.corrections.keep = killed  # type: ignore[assignment]
        main(["catalogue", "apply", "--yes"])
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert applied(installed.a.id, installed.b.id) == [2, 1]
    capsys.readouterr()
    assert main(["catalogue", "apply", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "[1/1] 通途客运" in said
    assert "安达客运" not in said
    assert applied(installed.a.id, installed.b.id) == [2, 2]


def test_which_company_is_meant(installed: Cast, shelf: Shelf):
    shelf.change_law()
    with pytest.raises(InstallationError, match="没有企业“无此”"):
        amend._chosen("无此")
    with pytest.raises(InstallationError, match="符合多家企业"):
        amend._chosen("客运")


def test_an_edition_that_vanished(installed: Cast, shelf: Shelf, capsys: pytest.CaptureFixture[str]):
    assert main(["catalogue", "check", "--stored", "--root", str(shelf.root)]) == 0
    assert "全部在标准库中" in capsys.readouterr().out
    old = shelf.edition(MANAGER)
    shelf.change_law()
    shelf.lose(old)
    assert main(["catalogue", "check", "--stored", "--root", str(shelf.root)]) == 1
    assert f"catalogue/editions/{old}.yaml" in capsys.readouterr().err
    for words in (["catalogue", "apply"], ["catalogue", "apply", "--yes"]):
        assert main(words) == 1
        assert old in capsys.readouterr().err


def test_upgrading_says_that_applying_is_due(
    installed: Cast, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    shelf.change_law()
    monkeypatch.setattr(upkeep.installation, "alone", lambda *_: nullcontext())
    monkeypatch.setattr(upkeep, "schema_gap", lambda: ([], []))
    monkeypatch.setattr(upkeep, "migrate", lambda: None)
    assert main(["upgrade"]) == 0
    assert "尚未套用于 2 家企业" in capsys.readouterr().out
