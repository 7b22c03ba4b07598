"""``derive check``: formulas that somebody derived by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.cli.options import network_options, read_network
from derive.cli.progress import Progress

if TYPE_CHECKING:
    from derive.checking.claims import Report

FORMATS = ("text", "json", "junit", "sarif", "github")
_DOCUMENTS = (".md", ".markdown", ".tex", ".ltx", ".txt", ".ipynb", ".qmd", ".rmd")
_FORMULA_SIGNS = frozenset("=*/^\\∂{(")


@click.command()
@network_options
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...")
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    metavar="PATH",
    help="A document: .md, .tex, .txt or .ipynb; may be repeated. '-' is standard input: a"
    " document, or formulas, one a line.",
)
@click.option(
    "--kind",
    type=click.Choice(("md", "tex", "txt", "ipynb")),
    help="Of the documents, where their names or looks do not say it.",
)
@click.option("-w", "--weight", metavar="W", help="Bare expressions are gradients by W.")
@click.option(
    "--seed", type=int, help="Numbers as 'derive notes' draws them, for a network without any."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="Of the report."
)
def check(
    formulas: tuple[str, ...],
    files: tuple[str, ...],
    kind: str | None,
    weight: str | None,
    seed: int | None,
    as_json: bool,
    format_: str,
    **options: Any,
) -> None:
    """Judge formulas about NETWORK that somebody derived by hand.

    FORMULA is LaTeX or plain text, like 'dE_total/dw31 = (out_d1 - target_d1)*out_c1'. A name of a
    document does for --file. Exits with 1 when a formula is refuted, with 3 when nothing is refuted
    but something is undecided or unreadable.
    """
    from derive.checking.check import check as judge
    from derive.checking.check import check_document, check_file
    from derive.checking.documents import kind_in
    from derive.errors import InputError
    from derive.files import read_input
    from derive.networks.build import build

    notation = "own" if options["notation"] not in (None, "auto") else "auto"
    if notation == "auto":
        options["notation"] = None
    network = read_network(**options)
    if seed is not None and network.numbers is None:
        network = network.with_random_numbers(seed)
    model = build(network)
    typed = [formula for formula in formulas if not _is_document(formula)]
    if any(not formula.strip() for formula in typed):
        raise InputError(
            "formula '' is empty; give an equation in quotes, like 'dE/dw31 = delta_d1*out_c1'"
        )
    paths = [*files, *(formula for formula in formulas if _is_document(formula))]
    piped = None
    if "-" in paths:
        paths.remove("-")
        text = read_input()
        piped = kind or kind_in(text)
        typed += [line for line in text.split("\n") if line.strip()] if piped is None else []
    if not (typed or paths or piped):
        raise InputError(
            "nothing to check: give a formula in quotes, or a document with --file notes.md"
        )
    with Progress(f"check {network.name}") as watch:
        reports = [judge(model, *typed, weight=weight, watch=watch)] if typed else []
        if piped is not None:
            reports.append(check_document(model, text, piped, "<stdin>", weight, watch, notation))
        reports += [check_file(model, path, weight, watch, kind, notation) for path in paths]
    _print(reports, "json" if as_json else format_)
    statuses = {report.status for report in reports}
    click.get_current_context().exit(1 if 1 in statuses else max(statuses))


def _is_document(text: str) -> bool:
    """Whether an argument names a document and is no formula."""
    if not text.lower().endswith(_DOCUMENTS):
        return False
    from derive.files import exists

    return exists(text) or not _FORMULA_SIGNS & set(Path(text).name)


def _print(reports: list[Report], format_: str) -> None:
    from derive.checking import reports as formats

    if format_ != "text":
        write = {
            "json": formats.as_json,
            "junit": formats.as_junit,
            "sarif": formats.as_sarif,
            "github": formats.as_github,
        }[format_]
        click.echo(write(reports))
        return
    width = shutil.get_terminal_size((100, 24)).columns
    for report in reports:
        from_file = report.source is not None
        for line in formats.as_text(report, colour=True, width=width, from_file=from_file):
            click.echo(line)
