"""Measure every promised ratio in one run and say which hold: ``python -m tests.benchmarks``.

Every time is the processor time of a whole process, the least of several runs, so that it matters
little what else the machine does; the two sides of a ratio take turns. What is printed is the table
of the README. The exit status is 1 if a ratio does not hold.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = (("22-22-22", "223-223-223"), ("64-14-10", "784-30-10", "784-126-10"))
COUNTED = {"2-4-3-2": (88, 48), "3-5-5-3": (176, 101), "4-8-8-4": (392, 232)}
DEEP = {
    "recurrent": ("step of a recurrent network", (25, 50, 100, 200)),
    "chain": ("definition of a chain", (25, 50, 100, 200)),
    # Up to 30 layers the proof is another one, through SymPy.
    "layered": ("layer of 1-1-…-1", (50, 100, 200)),
}
RECURRENT = """family = "recurrent"
steps = 200
inputs = 64
hidden = 64
outputs = 10
bias = "neuron"
"""
IMPORT_SYMPY = ("-c", "import sympy")
IMPORT_CLICK = ("-c", "import click")


@dataclass(frozen=True)
class Line:
    """One line of the table: a promise, what was measured, and whether it holds."""

    what: str
    target: str
    measured: str
    holds: bool


def run(arguments: Sequence[str], status: int = 0) -> tuple[float, str]:
    """The processor seconds of a whole Python process, and what it printed, with this `status`.

    The program is compiled once, as the libraries are with which it is compared.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    start = _spent()
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    spent = _spent() - start
    if done.returncode not in (0, status):
        raise click.ClickException(f"{' '.join(arguments)}\n{done.stderr}")
    return spent, done.stdout


def _spent() -> float:
    """The processor seconds of all processes that were run so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def least(*commands: Sequence[str], repeats: int) -> list[float]:
    """The least time of each command; the commands take turns, and one round warms up."""
    times: list[list[float]] = [[] for _ in commands]
    for number in range(repeats + 1):
        for command, spent in zip(commands, times, strict=True):
            seconds, _ = run(command, status=1 if "check" in command else 0)
            if number:
                spent.append(seconds)
    return [min(spent) for spent in times]


def megabytes(command: Sequence[str]) -> float:
    """The most memory that a whole Python process holds."""
    watched = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, *sys.argv[1:]], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    return float(run(("-c", watched, *command))[1])


def job(*arguments: str) -> dict[str, Any]:
    """What a job of :mod:`tests.benchmarks.jobs` reports."""
    result: dict[str, Any] = json.loads(run(("-m", "tests.benchmarks.jobs", *arguments))[1])
    return result


def at_most(what: str, limit: float, ours: float, theirs: float) -> Line:
    """A promise of the form ours ≤ limit · theirs."""
    ratio = ours / theirs
    measured = f"{ratio:.2f} × ({ours:.3f} s to {theirs:.3f} s)"
    return Line(what, f"≤ {limit:g} ×", measured, ratio <= limit)


def at_least(what: str, limit: float, ours: float, theirs: float) -> Line:
    """A promise of the form: ours is so many times faster than theirs."""
    ratio = theirs / ours
    measured = f"{ratio:.1f} × ({ours:.3f} s to {theirs:.2f} s)"
    return Line(what, f"≥ {limit:g} ×", measured, ratio >= limit)


def written(spec: str, folder: str) -> tuple[str, ...]:
    """The command that writes the document of a network into a folder."""
    return ("-m", "derive", "notes", spec, "-o", str(Path(folder) / f"{spec}.md"))


def starts(repeats: int) -> list[Line]:
    """The commands, whole process, to the import of the library they cannot do without."""
    with tempfile.TemporaryDirectory() as folder:
        ours, sympy = least(written("2-4-3-2", folder), IMPORT_SYMPY, repeats=repeats)
    helps, clicks = least(("-m", "derive", "--help"), IMPORT_CLICK, repeats=2 * repeats)
    return [
        at_most("derive notes 2-4-3-2, to import sympy", 1.5, ours, sympy),
        at_most("derive --help, to import click", 2, helps, clicks),
    ]


def large(repeats: int) -> list[Line]:
    """All weights of 784-30-10: time and memory; and time per weight as nets grow."""
    spec = "784-30-10"
    command = ("-m", "tests.benchmarks.jobs", "typeset", spec)
    ours, sympy = least(command, IMPORT_SYMPY, repeats=repeats)
    found = job("typeset", spec)
    lines = [
        at_most(f"all {found['weights']:,} weights of {spec}, to import sympy", 5, ours, sympy),
        Line(
            f"memory for {spec}",
            "≤ 300 MB",
            f"{found['megabytes']:.0f} MB",
            found["megabytes"] <= 300,
        ),
    ]
    largest, count = "784-512-512-10", 668_672
    with tempfile.TemporaryDirectory() as folder:
        commands = written(spec, folder), written(largest, folder)
        notes, most, sympy = least(*commands, IMPORT_SYMPY, repeats=repeats)
        held = megabytes(commands[1])
    each, of_most = notes / found["weights"], most / count
    lines += [
        at_most(f"derive notes {spec}, to import sympy", 3, notes, sympy),
        at_most(f"derive notes {largest}, {count:,} weights, to import sympy", 6, most, sympy),
        Line(f"memory for derive notes {largest}", "≤ 400 MB", f"{held:.0f} MB", held <= 400),
        Line(
            f"time per weight of derive notes, {largest} to {spec}",
            "≤ 0.2 ×",
            f"{of_most / each:.2f} × ({1e6 * each:.1f} to {1e6 * of_most:.1f} µs)",
            of_most <= each / 5,
        ),
    ]
    for family in FAMILIES:
        times = list(job("growth", *family)["seconds_per_weight"].values())
        ratio = times[-1] / times[0]
        shown = " to ".join(f"{1e6 * spent:.1f}" for spent in times)
        lines.append(
            Line(
                f"time per weight, {family[-1]} to {family[0]}",
                "≤ 1 ×",
                f"{ratio:.2f} × ({shown} µs)",
                ratio <= 1,
            )
        )
    return lines


def against_expanding(repeats: int, full: bool) -> list[Line]:
    """The same result by differentiating the whole E_total, whole process against whole process."""
    small, wide = "2-4-3-2", "4-8-8-4"
    ours, theirs, ours_wide, sympy = least(
        ("-m", "tests.benchmarks.jobs", "typeset", small),
        ("-m", "tests.benchmarks.jobs", "expanded", small),
        ("-m", "tests.benchmarks.jobs", "typeset", wide),
        IMPORT_SYMPY,
        repeats=repeats,
    )
    found = job("expanded", wide, "0" if full else "2")
    sample = "" if full else f", {found['done']} of {found['weights']} weights scaled up"
    return [
        at_least(f"to expanding E_total, {small}", 5, ours, theirs),
        at_least(f"to expanding E_total, {wide}{sample}", 200, ours_wide, sympy + found["seconds"]),
    ]


def checked(repeats: int) -> list[Line]:
    """The checker: a whole document, single formulas against simplify, and long documents."""
    notes = ("-m", "derive", "check", "2-4-3-2", "tests/data/hand-derived.md")
    ours, sympy = least(notes, IMPORT_SYMPY, repeats=repeats)
    lines = [at_most("derive check of 25 equations, to import sympy", 3, ours, sympy)]
    wide = ("3-5-5-3", "w11", "none")
    quick, slow = job("judging", *wide, "3"), job("simplifying", *wide)
    for kind in ("right", "wrong"):
        more = " or more" if slow.get(f"{kind} given up") else ""
        line = at_least(
            f"a {kind} ∂E/∂w11 of 3-5-5-3, to simplify{more}", 50, quick[kind], slow[kind]
        )
        lines.append(line)
    each = job("judging", "2-4-3-2", "w21", "none", "50")["right"]
    lines.append(
        Line(
            "judging ∂E/∂w21 of 2-4-3-2, in the time of import sympy",
            "≥ 200/s",
            f"{1 / each:.0f}/s, {sympy / each:.0f} in one import",
            1 / each >= 200,
        )
    )
    times = job("documents", "200", "2000")["seconds"]
    lines.append(
        at_most("a file of 2,000 formulas to one of 200", 10.5, times["2000"], times["200"])
    )
    return lines


def scaled(repeats: int) -> list[Line]:
    """Long recurrences and deep chains stay linear; a large convolution is derived at once."""
    lines = []
    for kind, (what, sizes) in DEEP.items():
        times = list(job("steps", kind, *map(str, sizes))["seconds_per_step"].values())
        shown = " to ".join(f"{1e6 * spent:.0f}" for spent in times)
        ratio = times[-1] / times[0]
        measured = f"{ratio:.2f} × ({shown} µs)"
        promise = f"time per {what}, {sizes[-1]} to {sizes[0]}"
        lines.append(Line(promise, "≤ 1.5 ×", measured, ratio <= 1.5))
    command = ("-m", "tests.benchmarks.jobs", "convolution")
    ours, sympy = least(command, IMPORT_SYMPY, repeats=repeats)
    found = job("convolution")
    what = f"a 3 × 3 convolution over 28 × 28, {found['definitions']:,} definitions"
    lines.append(at_most(f"{what}, to import sympy", 5, ours, sympy))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recurrent.toml"
        path.write_text(RECURRENT, encoding="utf-8")
        command = ("-m", "derive", "notes", str(path), "-o", f"{folder}/recurrent.md", "--force")
        ours, sympy = least(command, IMPORT_SYMPY, repeats=min(repeats, 3))
        held = megabytes(command)
    what = "derive notes of a recurrent network, 200 steps of 64 units, 1,600,000 products"
    return [
        *lines,
        at_most(f"{what}, to import sympy", 10, ours, sympy),
        Line(f"memory for {what}", "≤ 400 MB", f"{held:.0f} MB", held <= 400),
    ]


def counted() -> list[Line]:
    """Multiplications and additions of all gradients, forward pass included."""
    lines = []
    for spec, (times, plus) in COUNTED.items():
        found = job("operations", spec)
        measured = (found["multiplications"], found["additions"])
        lines.append(
            Line(
                f"operations of {spec}",
                f"{times} ·, {plus} +",
                f"{measured[0]} ·, {measured[1]} +",
                measured == (times, plus),
            )
        )
    return lines


@click.command()
@click.option("--repeats", default=7, show_default=True, help="Runs of each process.")
@click.option("--full", is_flag=True, help="Expand 4-8-8-4 for every weight; takes minutes.")
def main(repeats: int, full: bool) -> None:
    """Measure the promised ratios; exit with 1 if one does not hold."""
    click.echo("| what | promised | measured | holds |\n| --- | --- | --- | --- |")
    failed = 0
    for measure in (
        lambda: starts(repeats),
        lambda: large(min(repeats, 5)),
        lambda: against_expanding(min(repeats, 5), full),
        lambda: checked(min(repeats, 5)),
        lambda: scaled(min(repeats, 5)),
        counted,
    ):
        for line in measure():
            failed += not line.holds
            holds = "yes" if line.holds else "**no**"
            click.echo(f"| {line.what} | {line.target} | {line.measured} | {holds} |")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
