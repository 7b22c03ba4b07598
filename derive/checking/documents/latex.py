r"""Formulas in LaTeX, with the numbers that LaTeX prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from derive.checking.documents.counters import Counters
from derive.checking.documents.delimiters import OPENING, Delimiters, Next, split_by_tags
from derive.checking.documents.items import COMMENT, Comment, Input, Item, Page
from derive.checking.documents.rows import NAMES

_SKIPPED = "verbatim|Verbatim|lstlisting|minted|comment|tikzpicture|filecontents"
_NO_TEXT = re.compile(
    r"\\(?:verb\*?|lstinline(?:\[[^\]\n]*+\])?)(?P<quote>[^\w\s*])"
    rf"|\\begin\s*+\{{(?P<skipped>(?:{_SKIPPED})\*?)\}}"
    r"|\\iffalse(?![A-Za-z])"
    r"|\\url\s*+\{[^{}\n]*+\}"
    r"|\\(?:short)?intertext\s*+\{(?:[^{}]++|\{[^{}]*+\})*+\}"
    r"|\\."
    r"|(?P<comment>%[^\n]*+)",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"\\\\"
    rf"|{OPENING}"
    r"|\\(?P<part>begin|end)\s*+\{subequations\}"
    r"|\\(?P<heading>chapter|(?:sub){0,2}section)\s*+(?=[\[{])"
    r"|\\(?P<change>setcounter|addtocounter)\s*+\{\s*+(?P<counter>[A-Za-z]++)\s*+\}"
    r"\s*+\{\s*+(?P<value>[-+]?[0-9]{1,6})\s*+\}"
    r"|\\(?:ref)?stepcounter\s*+\{\s*+(?P<stepped>[A-Za-z]++)\s*+\}"
    r"|\\(?:numberwithin|counterwithin)\s*+\{equation\}\s*+\{\s*+(?P<within>[A-Za-z]++)\s*+\}"
    r"|\\documentclass\s*+(?:\[[^\[\]]*+\]\s*+)?\{\s*+(?P<style>\w++)"
    r"|\\renewcommand\*?\s*+\{?\s*+\\theequation\s*+\}?\s*+"
    r"\{(?P<format>(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+)\}"
    r"|\\(?:input|include|subfile)(?:\s*+\{(?P<file>[^{}]*+)\}|[ \t]++(?P<bare>[^\s{}\\]++))"
    r"|\\(?:usepackage|RequirePackage)\s*+(?:\[[^\[\]]*+\]\s*+)?\{(?P<packages>[^{}]*+)\}"
    r"|\\(?P<appendix>appendix)(?![A-Za-z])"
    r"|\\.",
    re.DOTALL,
)
_NEW = r"(?:re|provide)?newcommand\*?\s*+"
_OWN = re.compile(
    r"\\(?:g?def\s*+\\(?P<def>[A-Za-z]++)(?P<marks>(?:#[1-9])*+)"
    rf"|{_NEW}\{{?\s*+\\(?P<new>[A-Za-z]++)\s*+\}}?"
    r"(?:\s*+\[(?P<count>[1-9])\](?:\s*+\[(?P<default>[^\[\]]*+)\])?)?)"
    r"\s*+\{\s*+(?:\\\[|\$\$"
    rf"|\\(?P<way>begin|end)\s*+\{{(?P<environment>{NAMES})\}}(?P<alone>\s*+\}})?)"
)
r"""The definition of a command that begins or ends a display, or is one: ``\def\eq#1{\[#1\]}``."""
_GROUP = re.compile(
    r"\s*+\{(?:[^{}]++|\{(?:[^{}]++|\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\})*+\})*+\}"
)
_OPTIONAL = re.compile(r"\s*+\[[^\[\]]*+\]")
_DEFINES = re.compile(rf"\\(?:g?def\s*|{_NEW})\{{?\s*\Z")
_LONGEST_COMMAND = 30
_WITH_CHAPTERS = frozenset({"book", "report", "scrbook", "scrreprt", "memoir"})
_LONGEST_FORMAT = 200
r"""Characters of a ``\theequation`` that are read: it is gone through for every equation."""


def find_latex(text: str, counters: Counters | None = None) -> Page:
    """What stands in a text in LaTeX; `counters` go on from the file that takes it in."""
    comments: list[Comment] = []
    text = _without_comments(text, comments)
    counters = counters or Counters()
    for own in _OWN.finditer(text):
        name = own["def"] or own["new"]
        count = len(own["marks"]) // 2 if own["def"] else int(own["count"] or 0)
        if own["alone"] and not count:
            counters.borders[name] = (own["way"], own["environment"])
        elif not own["alone"] and own["way"] != "end":
            needed = count - (own["default"] is not None)
            counters.wholes[name] = (needed, own["environment"] or "")
    return Page(text, _items(text, counters), comments)


def _without_comments(text: str, comments: list[Comment]) -> str:
    """The text with blanks for all that is no text: comments, verbatim text, drawings."""
    parts: list[str] = []
    line_end = Next(r"\n|\Z", text)
    ends: dict[str, Next] = {}
    at = 0
    while match := _NO_TEXT.search(text, at):
        begin, end, blank = match.start(), match.end(), " "
        if match["comment"]:
            blank = COMMENT
            comments.append(Comment(match["comment"].lstrip("%"), begin, end))
        elif match["quote"]:
            end = text.find(match["quote"], end, line_end.start(end)) + 1
        elif match["skipped"] or match[0] == r"\iffalse":
            closing = rf"\\end\s*+\{{{re.escape(match['skipped'] or '')}\}}"
            closing = closing if match["skipped"] else r"\\fi(?![A-Za-z])"
            close = ends.setdefault(closing, Next(closing, text)).at(end)
            end = close.end() if close else begin
        elif not match[0].startswith((r"\url", r"\intertext", r"\shortintertext")):
            end = begin
        if end <= begin:
            parts.append(text[at : match.end()])
        else:
            parts += [text[at:begin], re.sub(r"[^\r\n]", blank, text[begin:end])]
        at = max(end, match.end())
    parts.append(text[at:])
    return "".join(parts)


def _items(text: str, counters: Counters) -> Iterator[Item | Input]:
    formulas = Delimiters(text, careful=False)
    begin = re.search(r"\\begin\s*+\{document\}", text)
    body = begin.end() if begin else 0
    finish = re.compile(r"\\end\s*+\{document\}").search(text, body) if begin else None
    at, end = 0, finish.start() if finish else len(text)
    begins, ends = _own_borders(counters.borders, text)
    wholes = rf"\\(?P<whole>{'|'.join(counters.wholes)})(?![A-Za-z])|" if counters.wholes else ""
    token = re.compile(begins + wholes + _TOKEN.pattern, _TOKEN.flags)
    while (match := token.search(text, at, end)) is not None:
        item, at = formulas.opened(match) if match.start() >= body else (None, match.end())
        name = match["own"] if begins else None
        close = ends[counters.borders[name][1]].at(at) if name and match.start() >= body else None
        if name and close:
            environment = counters.borders[name][1]
            at = close.end()
            item = Item(*match.span(), close.start(), at, environment=environment)
        if wholes and match["whole"] and match.start() >= body:
            item = _whole(text, match, *counters.wholes[match["whole"]])
            at = item.after if item else at
        for group, count in _COUNTS.items():
            if match[group]:
                count(counters, match)
        yield from _inputs(match, defines=match.start() < body)
        if item:
            yield from split_by_tags(text, replace(item, barrier=body), counters.step_equation)


def _whole(text: str, match: re.Match[str], arguments: int, environment: str) -> Item | None:
    """The display that a command makes, which is put in when it is read; none where it is defined.

    It takes so many arguments in braces, and an optional one.
    """
    start, end = match.span()
    if _DEFINES.search(text, max(0, start - _LONGEST_COMMAND), start):
        return None
    optional = _OPTIONAL.match(text, end)
    end = optional.end() if optional else end
    for _ in range(arguments):
        group = _GROUP.match(text, end)
        end = group.end() if group else end
    return Item(start, start, end, end, environment=environment)


def _own_borders(borders: Mapping[str, tuple[str, str]], text: str) -> tuple[str, dict[str, Next]]:
    r"""What the document's own commands like \be begin: a pattern for them, and their ends."""
    begins = [name for name, (way, _) in borders.items() if way == "begin"]
    ends = {}
    for environment in {borders[name][1] for name in begins}:
        own = [
            rf"{n}(?![A-Za-z])" for n, border in borders.items() if border == ("end", environment)
        ]
        ends[environment] = Next(
            rf"\\(?:{'|'.join([*own, 'end' + re.escape('{' + environment + '}')])})", text
        )
    return rf"\\(?P<own>{'|'.join(begins)})(?![A-Za-z])|" if begins else "", ends


def _inputs(match: re.Match[str], *, defines: bool) -> Iterator[Input]:
    """The files that a command takes in; of packages those that lie beside the document."""
    name = match["file"] or match["bare"]
    if name:
        yield Input(name.strip(), *match.span(), defines)
    for package in (match["packages"] or "").split(","):
        if package.strip():
            yield Input(f"{package.strip()}.sty", *match.span(), defines=True, wanted=False)


def _change(counters: Counters, match: re.Match[str]) -> None:
    r"""Give a counter the value of \setcounter, or add that of \addtocounter."""
    counter, before = match["counter"], 0
    if match["change"] == "addtocounter":
        before = counters.value(counter)
    counters.set(counter, before + int(match["value"]))


def _format(counters: Counters, match: re.Match[str]) -> None:
    if len(match["format"]) <= _LONGEST_FORMAT:
        counters.format = match["format"]


def _style(counters: Counters, match: re.Match[str]) -> None:
    if match["style"] in _WITH_CHAPTERS:
        counters.have_chapters()


_COUNTS: dict[str, Callable[[Counters, re.Match[str]], None]] = {
    "heading": lambda counters, match: counters.step(match["heading"]),
    "part": lambda counters, match: counters.part(match["part"]),
    "change": _change,
    "stepped": lambda counters, match: counters.step(match["stepped"]),
    "within": lambda counters, match: counters.number_within(match["within"]),
    "format": _format,
    "appendix": lambda counters, _: counters.begin_appendix(),
    "style": _style,
}
"""What a command does to the counters, by the group of the pattern that it is found by."""
