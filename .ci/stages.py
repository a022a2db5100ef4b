"""Runs the named make targets one after the other, all of them, and prints how long each took.

python .ci/stages.py lint types units
"""

from __future__ import annotations

import subprocess
import sys
import time


def main(names: list[str]) -> int:
    results: list[tuple[str, float, int]] = []
    for name in names:
        sys.stdout.write(f"== {name}\n")
        sys.stdout.flush()
        started = time.monotonic()
        done = subprocess.run(["make", "-s", name], check=False)
        results.append((name, time.monotonic() - started, done.returncode))
    sys.stdout.write("\n")
    for name, seconds, code in results:
        sys.stdout.write(f"{name:<12}{seconds:7.1f} s  {'FAILED' if code else 'ok'}\n")
    sys.stdout.write(f"{'total':<12}{sum(seconds for _, seconds, _ in results):7.1f} s\n")
    return 1 if any(code for _, _, code in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
