"""The pack: what is in it, who may take it, that it is noted, and that it verifies without the product."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence.files import path_of
from anze.records.journal import queries as journal
from anze.records.journal.verify import digest_of, entry_digest
from anze.records.packs import queries as packs
from anze.records.packs import verify
from tests.cast import Cast, meeting
from tests.web.conftest import Browse, seal_study
from tests.web.records.conftest import JPEG

PERIOD = {"since": "2026-01-01", "until": "2026-11-20"}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "files"


def sealed(cast: Cast, *, files: int = 1, **changes: object) -> int:
    with cast.acts("safety_manager"):
        record_id = evidence.draft_record(draft=meeting(cast.a, **changes))
        for n in range(files):
            evidence.attach_file(record_id=record_id, name=f"签到表{n}.jpg", chunks=[JPEG, bytes([n])])
        duties.seal_records(record_ids=[record_id])
    return record_id


def taken(client: Client, address: str = "/pack/", **asked: object) -> bytes:
    answer = client.post(address, PERIOD | asked)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/zip"
    content: bytes = answer.getvalue()
    return content


def unpacked(content: bytes, to: Path) -> Path:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(to)
    (folder,) = (path for path in to.iterdir() if path.name != "files")
    return folder


@pytest.fixture
def folder(decided: Cast, manager: Client, tmp_path: Path) -> Path:
    sealed(decided, files=2)
    seal_study(decided, decided.a)
    return unpacked(taken(manager), tmp_path / "unpacked")


def problems(folder: Path) -> list[str]:
    return list(verify.problems_in(folder))


def test_it_holds_index_records_facts_files_and_sums(folder: Path) -> None:
    assert folder.name == "安达客运迎检资料包20260101-20261120"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "SHA256SUMS",
        "verify.py",
        "核验说明.txt",
        "目录.csv",
        "目录.html",
        "资料包.json",
        "记录/LD-2026-0001/事实.json",
        "记录/LD-2026-0001/记录.html",
        "记录/LD-2026-0001/附件/01-签到表0.jpg",
        "记录/LD-2026-0001/附件/02-签到表1.jpg",
        "记录/XX-2026-0001/事实.json",
        "记录/XX-2026-0001/记录.html",
    }
    page = (folder / "记录/LD-2026-0001/记录.html").read_text("utf-8")
    for words in ("安全生产领导机构会议记录", "赵甬", "主持人（签字）", "%E9%99%84%E4%BB%B6/01-"):
        assert words in page


def test_the_index_goes_by_post_line_and_record_and_names_the_gaps(folder: Path) -> None:
    page = (folder / "目录.html").read_text("utf-8")
    for words in ("主要负责人", "履职清单：", "LD-2026-0001", "未证明的责任", "逾期未履行"):
        assert words in page
    assert page.index("主要负责人") < page.index("LD-2026-0001") < page.index("全部记录，按种类")
    assert "http" not in page.split("</style>")[1]  # nothing that needs a network
    rows = list(csv.DictReader(StringIO((folder / "目录.csv").read_text("utf-8-sig"))))
    study = [row for row in rows if row["记录编号"] == "XX-2026-0001"]
    assert {row["岗位"] for row in study} >= {"安全生产管理人员", ""}
    assert all((folder / row["文件"]).is_file() for row in study)
    gaps = [row for row in rows if "逾期未履行" in row["情况"]]
    assert gaps
    assert all(row["岗位"] and row["要求"] and not row["记录编号"] for row in gaps)


def test_it_verifies_with_sha256sum_and_by_its_own_program(folder: Path) -> None:
    assert problems(folder) == []
    code, said = checked_alone(folder)
    assert code == 0, said
    assert "核验无误" in said
    if program := shutil.which("sha256sum"):
        subprocess.run([program, "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def checked_alone(folder: Path) -> tuple[int, str]:
    """By the pack's own program, with the standard library and nothing of this product in reach."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py"],
        cwd=folder, env={"LANG": "C.UTF-8"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_one_byte_changed_is_told_by_its_own_program(folder: Path) -> None:
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".jpg", ".html", ".csv")
    )
    assert len(files) > 4
    for path in files:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        code, said = checked_alone(folder)
        assert code == 1
        assert path.name in said
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert checked_alone(folder)[0] == 0


def test_its_digests_are_those_of_the_journal(decided: Cast, folder: Path) -> None:
    seal = json.loads((folder / "资料包.json").read_text("utf-8"))
    facts = json.loads((folder / "记录/LD-2026-0001/事实.json").read_text("utf-8"))
    assert digest_of(facts["content"]) == verify.digest_of(facts["content"]) == facts["digest"]
    assert entry_digest(seal["entry"]) == seal["entry"]["digest"]
    with decided.acts("safety_manager"):
        head = journal.head(company_id=decided.a.id)
        (last, *_) = journal.entries(company_id=decided.a.id).rows
    assert seal["entry"]["digest"] == head.digest == last.digest == seal["company_head"]["head"]
    assert last.action == "packs.take"
    assert facts["names"][f"person:{decided.a.principal}"] == "赵甬"


@pytest.mark.parametrize("name", ["记录/LD-2026-0001/附件/01-签到表0.jpg", "目录.html", "verify.py"])
def test_a_changed_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")
    assert problems(folder) == [f"{name}：文件已被改动。"]


def test_a_missing_and_a_foreign_file_are_named(folder: Path) -> None:
    (folder / "记录/LD-2026-0001/附件/01-签到表0.jpg").unlink()
    (folder / "记录/补一张.jpg").write_bytes(JPEG)
    assert problems(folder) == [
        "记录/LD-2026-0001/附件/01-签到表0.jpg：文件不存在。",
        "记录/补一张.jpg：不是资料包原有的文件。",
    ]


def forge(folder: Path) -> None:
    """Write SHA256SUMS anew over whatever lies there."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
        if name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def test_changed_facts_show_even_with_new_sums(folder: Path) -> None:
    path = folder / "记录/LD-2026-0001/事实.json"
    path.write_text(path.read_text("utf-8").replace("三楼会议室", "二楼会议室"), "utf-8")
    forge(folder)
    assert problems(folder) == ["LD-2026-0001：事实与封存时的摘要不符，已被改动。"]


def test_a_swapped_attachment_shows_even_with_new_sums(folder: Path) -> None:
    (folder / "记录/LD-2026-0001/附件/01-签到表0.jpg").write_bytes(JPEG + b"another")
    forge(folder)
    assert problems(folder) == ["LD-2026-0001：附件“签到表0.jpg”缺失或与封存时不同。"]


def test_a_record_taken_out_or_put_in_shows_even_with_new_sums(folder: Path) -> None:
    (folder / "记录/XX-2026-0001").rename(folder / "记录/XX-2026-0009")
    forge(folder)
    assert problems(folder) == [
        "XX-2026-0001：资料包中应有这条记录，现已不存在。",
        "XX-2026-0009：不在资料包的记录清单中。",
    ]
    seal = json.loads((folder / "资料包.json").read_text("utf-8"))
    seal["records"] = [row for row in seal["records"] if row[1] != "XX-2026-0001"]
    (folder / "资料包.json").write_text(json.dumps(seal), "utf-8")
    shutil.rmtree(folder / "记录/XX-2026-0009")
    forge(folder)
    assert problems(folder) == ["资料包.json：记录清单与操作日志记下的摘要不符。"]


def test_a_rewritten_entry_and_an_unreadable_pack_show(folder: Path) -> None:
    path = folder / "资料包.json"
    path.write_text(path.read_text("utf-8").replace('"packs.take"', '"packs.took"'), "utf-8")
    (folder / "记录/LD-2026-0001/事实.json").write_text("{", "utf-8")
    forge(folder)
    assert problems(folder) == [
        "资料包.json：操作日志条目的内容与其摘要不符。",
        "LD-2026-0001：事实.json 读不懂，文件已损坏。",
    ]
    assert verify.main([str(folder)]) == 1
    path.unlink()
    (folder / "SHA256SUMS").unlink()
    found = problems(folder)
    assert "SHA256SUMS：不存在或是空的。" in found
    assert "资料包.json：读不懂或不存在，资料包不完整。" in found
    assert verify.main([str(folder)]) == 1


def test_chinese_names_carry_the_flag_and_files_are_not_compressed_again(
    decided: Cast, manager: Client
) -> None:
    sealed(decided)
    with zipfile.ZipFile(BytesIO(taken(manager))) as archive:
        for entry in archive.infolist():
            assert entry.flag_bits & 0x800, entry.filename
            stored = entry.filename.endswith(".jpg")
            assert entry.compress_type == (zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


def test_void_records_are_in_it_marked_and_drafts_are_not(
    decided: Cast, manager: Client, tmp_path: Path
) -> None:
    record_id = sealed(decided)
    with decided.acts("safety_manager"):
        duties.void_records(record_ids=[record_id], reason="写错日期")
        evidence.draft_record(draft=meeting(decided.a, title="还没封存"))
    folder = unpacked(taken(manager), tmp_path / "unpacked")
    assert "已作废" in (folder / "目录.html").read_text("utf-8")
    assert "写错日期" in (folder / "记录/LD-2026-0001/记录.html").read_text("utf-8")
    assert "还没封存" not in (folder / "目录.html").read_text("utf-8")
    assert problems(folder) == []


def test_posts_and_kinds_narrow_it(decided: Cast, manager: Client, tmp_path: Path) -> None:
    sealed(decided)
    seal_study(decided, decided.a)
    post = unpacked(taken(manager, post="coach.principal"), tmp_path / "post")
    assert [path.name for path in (post / "记录").iterdir()] == ["LD-2026-0001"]
    kind = unpacked(taken(manager, kind="training.driver-study"), tmp_path / "kind")
    assert [path.name for path in (kind / "记录").iterdir()] == ["XX-2026-0001"]
    assert "未证明的责任</h2>" not in (kind / "目录.html").read_text("utf-8").replace("\n", "")
    both = unpacked(taken(manager, post="coach.principal", kind="training.driver-study"), tmp_path / "both")
    assert len(list((both / "记录").iterdir())) == 2
    old = unpacked(taken(manager, since="2025-01-01", until="2025-12-31"), tmp_path / "old")
    assert not (old / "记录").exists()


def test_a_lost_or_damaged_file_is_told_and_breaks_nothing(
    decided: Cast, manager: Client, tmp_path: Path
) -> None:
    record_id = sealed(decided, files=3)
    with decided.acts("safety_manager"):
        lost, damaged, _ = packs.packed([record_id])[0].files
    path_of(lost.sha256).unlink()
    path_of(damaged.sha256).write_bytes(b"something else")
    folder = unpacked(taken(manager), tmp_path / "unpacked")
    page = (folder / "目录.html").read_text("utf-8")
    assert "LD-2026-0001：附件“签到表0.jpg”的文件已丢失，未能收入。" in page
    assert "LD-2026-0001：附件“签到表1.jpg”与封存时不同。" in page
    assert sorted(problems(folder)) == [
        f"LD-2026-0001：附件“{file.name}”缺失或与封存时不同。" for file in (lost, damaged)
    ]


def test_one_looks_before_one_takes(decided: Cast, manager: Client) -> None:
    sealed(decided)
    first = manager.get("/pack/").content.decode()
    assert 'value="2026-01-01"' in first
    assert "下载资料包" not in first
    with decided.acts("safety_manager"):
        before = journal.head(company_id=decided.a.id)
    seen = manager.get("/pack/", PERIOD | {"post": "coach.principal"}).content.decode()
    assert "下载资料包" in seen
    assert '<input type="hidden" name="post" value="coach.principal">' in seen
    with decided.acts("safety_manager"):
        assert journal.head(company_id=decided.a.id) == before


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"since": "昨天"}, "开始日期看不懂"),
        ({"since": ""}, "请填写开始日期"),
        ({"since": "2026-12-01"}, "结束日期早于开始日期"),
        ({"since": "0001-01-01"}, "年份不合理"),
        ({"since": "2020-01-01"}, "最多三年"),
        ({"post": "no.such"}, "不存在"),
        ({"kind": "no.such"}, "不存在"),
    ],
)
def test_a_question_that_cannot_be_read_is_told(
    decided: Cast, manager: Client, asked: dict[str, str], told: str
) -> None:
    for answer in (manager.get("/pack/", PERIOD | asked), manager.post("/pack/", PERIOD | asked)):
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_too_much_is_refused(decided: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(decided)
    monkeypatch.setattr(packs, "MOST_RECORDS", 0)
    assert "请缩短期间" in manager.post("/pack/", PERIOD).content.decode()


def test_an_officer_takes_that_of_a_company_and_it_stands_on_the_authoritys_chain(
    decided: Cast, officer: Client, tmp_path: Path
) -> None:
    sealed(decided)
    content = taken(officer, f"/bureau/companies/{decided.a.id}/pack/")
    folder = unpacked(content, tmp_path / "unpacked")
    assert problems(folder) == []
    seal = json.loads((folder / "资料包.json").read_text("utf-8"))
    assert seal["entry"]["chain"] == f"authority:{decided.authority}"
    assert seal["company_head"]["chain"] == f"company:{decided.a.id}"


def test_who_may_not(decided: Cast, browse: Browse) -> None:
    for member in ("monitor", "driver", "clerk"):
        assert browse(member).get("/pack/").status_code == 403
        assert browse(member).post("/pack/", PERIOD).status_code == 403
    assert browse("other_safety_manager").post(f"/bureau/companies/{decided.a.id}/pack/").status_code == 403
    assert browse("stranger_officer").post(f"/bureau/companies/{decided.a.id}/pack/").status_code == 404


def test_a_broken_off_download_leaves_nothing(decided: Cast, manager: Client, tmp_path: Path) -> None:
    sealed(decided)
    before = sorted(tmp_path.rglob("*"))
    answer: Any = manager.post("/pack/", PERIOD)
    assert next(answer._iterator)
    answer._iterator.close()
    assert sorted(tmp_path.rglob("*")) == before
    assert manager.get("/pack/").status_code == 200


def resident() -> int:
    """Bytes of this process that are in memory now."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells its memory on Linux only")
def test_hundreds_of_megabytes_pass_through_a_little_memory(decided: Cast, manager: Client) -> None:
    block, files, blocks = bytes(1 << 20), 5, 40
    with decided.acts("safety_manager"):
        record_id = evidence.draft_record(draft=meeting(decided.a))
        for n in range(files):
            chunks = [JPEG, bytes([n]), *([block] * blocks)]
            evidence.attach_file(record_id=record_id, name=f"录像{n}.jpg", chunks=chunks)
        duties.seal_records(record_ids=[record_id])
    answer: Any = manager.post("/pack/", PERIOD)
    sent, peak, before = 0, 0, resident()
    for chunk in answer.streaming_content:
        sent += len(chunk)
        peak = max(peak, resident())
    assert sent > files * blocks << 20
    assert peak - before < 40 << 20
