"""The `anze` command."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys

from django.db.utils import OperationalError

from anze.cli import accounts, archive, gateway, run, simulate, upkeep, uplink
from anze.cli.database import SchemaError
from anze.cli.home import HomeError
from anze.cli.installation import InstallationError
from anze.cli.manifest import ArchiveError
from anze.cli.programs import ServerError

# Commands that bring their own parser: `add_parser(commands)`.
GUESTS = ("anze.cli.catalogue", "anze.cli.bench")
REFUSALS = (SchemaError, HomeError, InstallationError, ServerError, ArchiveError)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="anze", description="安责：把安全职责变成可运行的软件")
    commands = whole.add_subparsers(dest="command", required=True, metavar="命令")
    for module in (run, gateway, uplink, simulate, upkeep, accounts, archive):
        module.add_parser(commands)
    for name in GUESTS:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).add_parser(commands)
    return whole


def main(words: list[str] | None = None) -> int:
    """0: done. 1: refused or found something wrong. 2: the command line is wrong. 130: interrupted."""
    arguments = parser().parse_args(words)
    try:
        return int(arguments.act(arguments) or 0)
    except REFUSALS as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"连不上数据库：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
