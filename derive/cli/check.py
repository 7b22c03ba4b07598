"""``derive check``: formulas that somebody derived by hand."""

from __future__ import annotations

import difflib
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.checking.kinds import ENDINGS, KINDS
from derive.cli.options import network_settings
from derive.cli.progress import Progress
from derive.cli.streams import write_document

if TYPE_CHECKING:
    from derive.checking.claims import Report
    from derive.model import Model

STDIN = "<stdin>"
"""What standard input is called as a document."""
_FORMULA_SIGNS = frozenset("=*/^\\∂{(")


class _Format(click.ParamType):  # type: ignore[type-arg]  # older versions take none
    """The name of a format of reports; their table is not loaded before somebody asks for one."""

    name = "format"

    def get_metavar(self, *args: Any, **kwargs: Any) -> str:
        return f"[{'|'.join(_formats())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value not in _formats():
            self.fail(f"{value!r} is no format of reports; there are {', '.join(_formats())}.")
        return value

    def shell_complete(self, *args: Any) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in _formats() if name.startswith(args[-1])]


def _formats() -> list[str]:
    from derive.checking.reports import FORMATS

    return [*FORMATS]


def _schema(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Print the JSON Schema and end, whatever else is said or missing."""
    if value:
        from derive.checking.reports import schema

        write_document(schema())
        ctx.exit()


@click.command()
@click.argument("network", required=False)
@network_settings
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...")
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
@click.option(
    "--show-network", is_flag=True, help="Print the network that a document states, as a file."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--format", "format_", type=_Format(), default="text", help="Of the report.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and no report.")
@click.option("--fix", is_flag=True, help="Write the corrections into the documents.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_schema,
    help="Print the JSON Schema of --json and exit.",
)
def check(
    network: str | None,
    formulas: tuple[str, ...],
    files: tuple[str, ...],
    weight: str | None,
    show_network: bool,
    as_json: bool,
    format_: str,
    diff: bool,
    fix: bool,
    **options: Any,
) -> None:
    """Judge formulas about NETWORK that somebody derived by hand.

    A document may stand by itself, without NETWORK: it names its own, as with a comment 'derive:
    network=2-4-3-2', or its definitions are the network.

    FORMULA is LaTeX or plain text, like 'dE_total/dw31 = (out_d1 - target_d1)*out_c1'. A name of a
    document does for --file. Exits with 1 when a formula is refuted, with 3 when nothing is refuted
    but something is undecided or unreadable, or in documents nothing was judged at all. 'derive
    explain CODE' says what a finding means.
    """
    from derive.checking.claims import status_of
    from derive.checking.reports import FORMATS
    from derive.errors import InputError

    row = FORMATS["json" if as_json else format_]
    if diff and (fix or row.name != "text"):
        raise InputError("--diff prints a difference and nothing else; leave out the other option")
    if network is not None and _is_document(network):
        formulas, network = (network, *formulas), None
    typed = [formula for formula in formulas if not _is_document(formula)]
    paths = [*dict.fromkeys((*files, *(name for name in formulas if _is_document(name))))]
    _refuse_formulas(files, network)
    if fix and "-" in paths:
        raise InputError("--fix writes into files, and '-' is none; --diff prints what it would")
    if (fix or diff) and not paths:
        raise InputError("--fix and --diff correct documents; give one with --file notes.md")
    if show_network:
        _show_networks(network, paths, options["kind"])
        return
    judged = _judged(network, typed, paths, weight, correct=fix or diff or row.edits, **options)
    reports = [part for before, _ in judged for part in before.parts or [before]]
    if diff:
        click.echo("".join(_difference(before) for before, _ in judged), nl=False)
    if fix:
        for before, _ in judged:
            _fix(before)
        reports = [part for _, after in judged for part in after.parts or [after]]
    if not diff and (text := row.written(reports)):
        click.echo(text)
    click.get_current_context().exit(status_of(reports))


def _judged(
    network: str | None,
    typed: list[str],
    paths: list[str],
    weight: str | None,
    kind: str | None,
    macros: tuple[str, ...],
    seed: int | None,
    *,
    correct: bool,
    **options: Any,
) -> list[tuple[Report, Report]]:
    """The reports on the typed formulas and on each document, with that on the corrected one."""
    from derive.checking.check import check as judge
    from derive.checking.check import check_document
    from derive.checking.corrections import corrected
    from derive.errors import InputError

    notation = "own" if options["notation"] not in (None, "auto") else "auto"
    if notation == "auto":
        options["notation"] = None
    model = _model(network, seed, options)
    if any(not formula.strip() for formula in typed):
        raise InputError(
            "formula '' is empty; give an equation in quotes, like 'dE/dw31 = delta_d1*out_c1'"
        )
    read = [_read(path, kind) for path in paths]
    found = [(text, its, source) for text, its, source in read if its]
    piped = (text for text, its, _ in read if not its)
    typed += [line for text in piped for line in text.split("\n") if line.strip()]
    if not (typed or found):
        raise InputError(
            "nothing to check: give a formula in quotes, or a document with --file notes.md"
        )
    if model is None and typed:
        raise InputError(f"formula {typed[0]!r}: name the network that it is about before it")
    name = ", ".join(source for _, _, source in found) if model is None else model.network.name
    judged = []
    with Progress(f"check {name}") as watch:
        if model is not None and typed:
            report = judge(model, *typed, weight=weight, watch=watch, notation=notation)
            judged.append((report, report))
        for text, its, source in found:
            again = partial(
                check_document,
                model,
                kind=its,
                source=source,
                weight=weight,
                watch=watch,
                notation=notation,
                macros=macros,
            )
            report = again(text)
            judged.append(corrected(report, again) if correct else (report, report))
    return judged


def _model(network: str | None, seed: int | None, options: dict[str, Any]) -> Model | None:
    """The model of NETWORK, with numbers drawn from the seed if it has none."""
    from derive.errors import InputError
    from derive.networks.sources import build, read

    if network is None:
        given = next((key for key, value in options.items() if value is not None), None)
        if given is not None:
            raise InputError(f"{given}: the document states its network itself; name one before it")
        return None
    found = read(network, **options)
    return build(found if seed is None else found.numbered(seed))


def _show_networks(network: str | None, paths: list[str], kind: str | None) -> None:
    """Print the network that each document states, as a file that can be kept."""
    from derive.checking.check import network_of
    from derive.errors import InputError

    if network is not None or not paths:
        raise InputError("--show-network: give a document, and no NETWORK before it")
    for path in paths:
        text, its, source = _read(path, kind)
        if its is None:
            raise InputError(
                f"{source}: bare formulas state no network; say with --kind what it is"
            )
        click.echo(network_of(text, its, source).rstrip())


def _read(path: str, kind: str | None) -> tuple[str, str | None, str]:
    """A document's text, its kind and its name; bare formulas of standard input have no kind."""
    from derive.checking.documents import kind_in, kind_of
    from derive.files import read_input, read_text

    if path == "-":
        text = read_input()
        return text, kind or kind_in(text), STDIN
    its = kind or kind_of(Path(path))
    return read_text(Path(path)), its, path


def _is_document(text: str) -> bool:
    """Whether an argument names a document and is no formula."""
    if not text.lower().endswith(tuple(ENDINGS)):
        return False
    from derive.files import exists

    return exists(text) or not _FORMULA_SIGNS & set(Path(text).name)


def _refuse_formulas(files: tuple[str, ...], network: str | None) -> None:
    """Raise :class:`InputError` for a formula where a document should be named."""
    from derive.errors import InputError
    from derive.files import exists

    for text in files:
        if "=" in text and not _is_document(text) and not exists(text):
            command = f"derive check {f'{network} ' if network else ''}'{text}'"
            raise InputError(
                f"--file takes a document, and '{text}' looks like a formula, which needs no"
                f" option: {command}"
            )


def _difference(report: Report) -> str:
    """What the corrections change in a document, as a unified diff."""
    if not report.edits or report.source is None:
        return ""
    old, new = (io.StringIO(text, newline="\n").readlines() for text in _before_and_after(report))
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(old, new, report.source, report.source)
    )


def _before_and_after(report: Report) -> tuple[str, str]:
    """A document as it stands in its file, without and with the corrections."""
    from derive.checking.corrections import applied
    from derive.errors import InputError
    from derive.files import read_both

    assert report.source is not None
    assert report.text is not None
    text = raw = report.text
    if report.source != STDIN:
        text, raw = read_both(Path(report.source))
    if text != report.text:
        raise InputError(f"{report.source}: was changed while it was read; check it again")
    return raw, applied(text, report.edits, raw)


def _fix(report: Report) -> None:
    """Write a document with its corrections, and say how many there are."""
    from derive.checking.claims import Verdict
    from derive.files import write_whole

    refuted = report.count(Verdict.REFUTED)
    if not refuted or report.source is None:
        return
    if report.edits:
        written = _before_and_after(report)[1]
        write_whole(Path(report.source), written, "--diff prints what it would be")
    fixed = len({id(edit.claim) for edit in report.edits})
    what = "formula is" if refuted == 1 else "formulas are"
    left = "notebooks" if report.source.endswith(".ipynb") else "documents of several parts"
    why = f" ({left} are left as they are)" if report.text is None else ""
    click.echo(f"{report.source}: {fixed} of {refuted} refuted {what} corrected{why}", err=True)
