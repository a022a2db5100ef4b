"""The benchmarks run, at a size that takes seconds; what they measure is never asserted."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from anze.cli import bench
from anze.cli.bench import company_year, pages, starting, wire
from anze.cli.bench.figures import Figure, Outcome, machine, milliseconds, spread, table
from anze.cli.bench.scales import SMALL
from anze.cli.home import Home
from anze.cli.postgres import Server

SERVES = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def superuser(transactional_db: None) -> Iterator[Any]:
    with Server(settings.HOME).connect("postgres", "anze") as connection:
        yield connection


def test_a_large_company_holds_all_eleven_posts():
    outcome = company_year.run(people=12, vehicles=25, times=1)
    assert outcome.size.startswith("11 posts, 12 people, 25 vehicles")
    assert outcome.figures[0].value > 0


def test_every_benchmark_on_a_database_runs(superuser: Any):
    found = {outcome.name: outcome for outcome in bench.on_database(None, superuser, SMALL)}
    assert tuple(found) == bench.ON_DATABASE
    assert "20 companies" in found["recompute"].size
    moved, _, memory, still, first, _ = found["recompute"].figures
    assert " 0 written" not in moved.what + first.what
    assert memory.unit == "MB"
    assert still.value > 0
    assert len(found["sealing"].figures) == 2
    assert [f.what for f in found["pages"].figures if f.queries is None] == [
        f"safety manager, `{page}`" for page in pages.DETAILS
    ]
    assert (
        superuser.execute(
            "SELECT count(*) FROM evidence_record WHERE kind = 'training.driver-study'"
        ).fetchone()[0]
        > 20
    )


def test_pages_alone_make_the_city_that_the_bureau_needs(superuser: Any):
    (outcome,) = bench.on_database("pages", superuser, SMALL)
    assert "under a bureau over 21 companies" in outcome.size


def test_a_page_that_fails_is_no_measurement(superuser: Any, monkeypatch: pytest.MonkeyPatch):
    answer = argparse.Namespace(status_code=500)
    monkeypatch.setattr(Client, "get", lambda client, address: answer)
    with pytest.raises(RuntimeError, match="500"):
        list(bench.on_database("pages", superuser, SMALL))


def test_a_start_is_timed_until_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(starting, "command", lambda port: [sys.executable, "-c", SERVES, str(port)])
    second, first = starting.run(tmp_path).figures
    assert second.most == 5
    assert first.most is None


def test_a_start_that_ends_by_itself_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(starting, "command", lambda port: [sys.executable, "-c", ""])
    with pytest.raises(RuntimeError, match="结束"):
        starting.start(tmp_path)


def test_figures_are_kept_and_the_manual_is_written_once_all_are_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bench, "PAGE", tmp_path / "benchmarks.md")
    some = [Outcome(name, name, "a size", (Figure("it", 1.5, "s", 2),)) for name in bench.NAMES]
    bench.keep(home, some[:2], "a machine")
    assert not bench.PAGE.exists()
    bench.keep(home, some[2:], "a machine with PostgreSQL")
    assert set(json.loads((home.path / "benchmarks.json").read_text())) == set(bench.NAMES)
    written = bench.PAGE.read_text()
    assert "Machine: a machine with PostgreSQL." in written
    assert written.count("| it | 1.5 s | ≤ 2 s | pass |") == len(bench.NAMES)


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (Figure("told", 0.25, "s"), "| told | 0.25 s |  |  |"),
        (Figure("slow", 61, "s", 60), "| slow | 61 s | ≤ 60 s | **miss** |"),
        (Figure("page", 12.34, "ms", 300, 21), "| page | 12.3 ms, 21 queries | ≤ 300 ms, ≤ 20 | **miss** |"),
        (Figure("page", 1234, "ms", 3000, 20), "| page | 1,234 ms, 20 queries | ≤ 3,000 ms, ≤ 20 | pass |"),
    ],
)
def test_a_line_of_the_table(figure: Figure, line: str):
    assert line in table(Outcome("x", "X", "size", (figure,)))


def test_median_and_percentile():
    median, late = spread("it", [float(n) for n in range(1, 21)], 50)
    assert (median.value, late.value) == (10.5, 19)
    assert len(milliseconds(lambda: None, times=3)) == 3


def test_the_machine_names_what_counts():
    assert machine(None).endswith(sys.version.split()[0])
    assert machine("18.6").endswith("PostgreSQL 18.6")


@pytest.mark.parametrize("small", [True, False])
def test_the_command_prints_and_keeps_unless_small(
    small: bool, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ANZE_HOME", str(home.path))
    asked = []

    def outcomes_of(only: str | None, used: Home, scale: object) -> Iterator[tuple[Outcome, str]]:
        asked.append((only, used.secrets_file.exists(), scale))
        yield Outcome("pages", "Pages", "a size", ()), "18"

    monkeypatch.setattr(bench, "outcomes_of", outcomes_of)
    assert bench.measure(argparse.Namespace(only="pages", small=small, held=None)) == 0
    assert asked == [("pages", True, bench.SMALL if small else bench.FULL)]
    assert "## Pages" in capsys.readouterr().out
    assert (home.path / "benchmarks.json").exists() is not small


def test_the_codec_is_measured():
    outcome = wire.run(seconds=0.0)
    assert [figure.what for figure in outcome.figures if figure.least] == [
        "bodies with all items, one by one",
        "bodies in batches",
    ]
    assert all(figure.value > 0 for figure in outcome.figures)


def test_a_figure_may_have_to_reach_its_target():
    assert Figure("w", 5.0, "/s", least=4).passed is True
    assert Figure("w", 3.0, "/s", least=4).passed is False
    assert "| ≥ 4 /s | **miss** |" in table(Outcome("n", "N", "s", (Figure("w", 3.0, "/s", least=4),)))


def test_positions_are_stored_and_found(home: Home, tmp_path: Path, django_db_setup: None):
    """On the cluster of the tests, whose days it leaves as it found them."""
    from anze.cli.bench import positions
    from anze.telemetry import schema

    server = Server(settings.HOME)
    vehicles, rounds = SMALL.fleet
    with server.connect("anze_owner", "anze") as owner:
        schema.empty(owner)
        outcome = positions.run(server, tmp_path, vehicles=vehicles, rounds=rounds, times=2)
        schema.empty(owner)
    assert f"{vehicles * rounds:,} positions" in outcome.size
    assert f"{2 * rounds} positions in table and file" in outcome.size
    assert len(list(tmp_path.iterdir())) == 1
