"""Fuzzing with atheris: ``python -m tests.formulas.fuzz --runs 20000``, or ``--seconds 600``.

The fuzzer runs in a process of its own and goes on behind what it finds: each finding of a new kind
is a file in a folder, and an exit status of 1 in the end.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

_MORE = 10
"""How many times more calls instrumented code makes."""


def main() -> int:
    """Fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.formulas.fuzz")
    parser.add_argument("--runs", type=int, default=-1, help="so many inputs")
    parser.add_argument("--seconds", type=int, default=0, help="for so long")
    parser.add_argument("--seed", type=int, default=1, help="other inputs with another one")
    parser.add_argument("--found", type=Path, help="folder for findings")
    parser.add_argument("--corpus", type=Path, help="folder for inputs that reach new code")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("skipped: atheris is not installed; pip install 'derive-backprop[fuzz]'")
        return 0
    found = options.found or Path(tempfile.mkdtemp(prefix="derive-fuzz-"))
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix="derive-corpus-"))
    for folder in (found, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    if options.child:
        _fuzz(options.runs, options.seconds, options.seed, found, corpus)
        return 0
    command = [sys.executable, "-m", "tests.formulas.fuzz", "--child"]
    command += [
        "--runs",
        str(options.runs),
        "--seconds",
        str(options.seconds),
        "--seed",
        str(options.seed),
    ]
    command += ["--found", str(found), "--corpus", str(corpus)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    runs = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    findings = sorted(found.glob("*.txt"))
    for finding in findings:
        print(finding, finding.read_text(encoding="utf-8", errors="backslashreplace"), sep="\n")
    if runs is None:
        print(done.stderr[-3000:])
        print("the fuzzer itself came to an end")
        return 1
    print(f"{runs[1]} inputs in {runs[2]} seconds, {len(findings)} findings in {found}")
    return 1 if findings else 0


def _fuzz(runs: int, seconds: int, seed: int, folder: Path, corpus: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["derive.checking"]):
        from tests.formulas.fuzz import demands, inputs
    from tests.work import MOST_CALLS, limited

    networks = tuple(inputs.NETWORKS)
    for network in networks:
        inputs.right(network)
        inputs.names(network)
    known: set[str] = set()

    def once(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)

        def choose(count: int) -> int:
            return int(provider.ConsumeIntInRange(0, count - 1))

        target, network = choose(8), networks[choose(len(networks))]
        kind = demands.KINDS[choose(len(demands.KINDS))]
        if target == 0:
            text = inputs.document(choose, network)
        elif target in (1, 2):
            text = provider.ConsumeUnicode(4_000)
        else:
            text = inputs.GENERATORS[choose(len(inputs.GENERATORS))](choose, network)
        demand: Callable[[str, str], None]
        if target in (0, 1):
            demand, about = demands.find, kind
        else:
            demand, about = (demands.read, demands.judge)[target % 2], network
        try:
            with limited(MOST_CALLS * _MORE):
                demand(text, about)
        except Exception as error:  # noqa: BLE001
            _keep(error, f"{demand.__name__}({text!r}, {about!r})", folder, known)

    options = [
        f"-runs={runs}",
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        "-timeout=900",
        "-rss_limit_mb=2000",
        "-max_len=4000",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], once)
    atheris.Fuzz()


def _keep(error: Exception, call: str, folder: Path, known: set[str]) -> None:
    """Write down an error, unless one at the same place has been."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "derive" in f.filename]
    place = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames[:-4:-1])
    # Too much work may be stopped anywhere: one for each kind of demand is enough to begin with.
    key = f"{type(error).__name__} {call[:5] if 'Work' in type(error).__name__ else place}"
    if key in known:
        return
    known.add(key)
    name = hashlib.sha256(key.encode()).hexdigest()[:12]
    text = f"{type(error).__name__}: {error}\n{place}\n{call}\n"
    (folder / f"{name}.txt").write_text(text, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
