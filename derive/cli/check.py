"""``derive check``: formulas that somebody derived by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.checking.kinds import ENDINGS, KINDS
from derive.cli.options import overriding, read_network
from derive.cli.progress import Progress

if TYPE_CHECKING:
    from derive.checking.claims import Report

FORMATS = ("text", "json", "junit", "sarif", "github")
_FORMULA_SIGNS = frozenset("=*/^\\∂{(")


@click.command()
@overriding
@click.argument("given", nargs=-1, metavar="[NETWORK] [FORMULA]...")
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    metavar="PATH",
    help=f"A document: {', '.join(ENDINGS)}; may be repeated. '-' is standard input: a"
    " document, or formulas, one a line.",
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="Of the documents, where their names or looks do not say it.",
)
@click.option(
    "--macros",
    multiple=True,
    metavar="PATH",
    help="A file of macros that hold in the documents, .tex or .sty; may be repeated.",
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
    given: tuple[str, ...],
    files: tuple[str, ...],
    kind: str | None,
    macros: tuple[str, ...],
    weight: str | None,
    seed: int | None,
    as_json: bool,
    format_: str,
    **options: Any,
) -> None:
    """Judge formulas about NETWORK that somebody derived by hand.

    FORMULA is LaTeX or plain text, like 'dE_total/dw31 = (out_d1 - target_d1)*out_c1'. A name of a
    document does for --file. NETWORK may be left out where all documents name their own, as with a
    comment 'derive: network=2-4-3-2'. Exits with 1 when a formula is refuted, with 3 when nothing
    is refuted but something is undecided or unreadable, or in documents nothing was judged at all.
    """
    from derive.checking.check import check as judge
    from derive.checking.check import check_document, check_file
    from derive.checking.claims import status_of
    from derive.checking.documents import kind_in
    from derive.errors import InputError
    from derive.files import read_input
    from derive.networks.build import build

    network = given[0] if not all(map(_is_document, given)) else None
    formulas = given if network is None else given[1:]
    typed = [formula for formula in formulas if not _is_document(formula)]
    paths = [*files, *(formula for formula in formulas if _is_document(formula))]
    if network is None and (typed or not paths):
        raise InputError("no network is named; 'derive check NETWORK FORMULA', or a document")
    if any(not formula.strip() for formula in typed):
        raise InputError(
            "formula '' is empty; give an equation in quotes, like 'dE/dw31 = delta_d1*out_c1'"
        )
    model = None
    if network is not None:
        facts = read_network(network, **options)
        if seed is not None and facts.numbers is None:
            facts = facts.with_random_numbers(seed)
        model = build(facts)
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
    with Progress(f"check {model.network.name if model else paths[0]}") as watch:
        reports = [judge(model, *typed, weight=weight, watch=watch)] if typed and model else []
        if piped is not None:
            reports.append(check_document(model, text, piped, "<stdin>", weight, watch, macros))
        reports += [check_file(model, path, weight, watch, kind, macros) for path in paths]
    parts = [part for report in reports for part in report.parts or [report]]
    _print(parts, "json" if as_json else format_)
    click.get_current_context().exit(status_of(parts))


def _is_document(text: str) -> bool:
    """Whether an argument names a document and is no formula."""
    if not text.lower().endswith(tuple(ENDINGS)):
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
