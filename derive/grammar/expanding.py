r"""A formula with its macros and decorations put in, and the way back to what the author wrote.

``\pd{E}{w}`` becomes ``\frac{\partial E}{\partial w}``, ``\color{red}{x}`` becomes ``x``. Every
character of the result stands for a place of the original: those of an argument for themselves, all
others for the whole use of the macro out of which they come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.grammar.connectives import is_remark
from derive.grammar.findings import Finding
from derive.grammar.macros import (
    DEFINERS,
    MOST_WORK,
    MOST_WORK_IN_ALL,
    Macro,
    Macros,
    Parameter,
    packages,
)
from derive.grammar.primitives import NO, PRIMITIVES, YES, Primitives, at
from derive.grammar.signs import ACCENTS, BOLD, FONTS, FRACTIONS
from derive.grammar.stream import HOPELESS, Stream, Token, stripped, text_of
from derive.grammar.tokens import LONGEST, Unreadable
from derive.grammar.ungrouping import normalized

_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_BORDER = re.compile(r"\\(?:begin|end)\s*\{([A-Za-z]+)\*?\}")
_MAY_CHANGE = re.compile(
    r"(?:\A|[-−=+*/(&,;≈·]|\\[\\;,:!]|\\(?:cdot|times|odot|otimes|circ|q?quad|approx)(?![A-Za-z]))\s*\{"
    r"|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˡᴸ]|\s\{|\\over(?![A-Za-z])|[_^]\s*\{[^{}]*\\[,;:!]"
    r"|\\left\s*\\(?:\{|lbrace)\s*\\begin|\\(?:over|wide)?(?:line|hat|bar|tilde)\s*\{[^\n]*?\^\s*\{\s*[(\[]"
)
_ARGUMENTS = {
    **dict.fromkeys(FRACTIONS, 2),
    **dict.fromkeys((*FONTS, *BOLD, "sqrt", "hat", "bar", "tilde", "mathcal", "dot"), 1),
}
"""How many arguments those commands take that a macro may stand in for."""

_TEXTS = frozenset({"text", "textrm", "mbox", "hbox"})
"""Commands with words in which a formula may stand between dollars: \\text{if $i = j$}."""
_WITH_WORDS = FONTS | BOLD | ACCENTS.keys()
_WITH_WORDS |= {"tag", "label", "begin", "end", "intertext", "shortintertext"}
"""Commands that are known, and may have a formula between dollars in their argument."""

_IN_DOLLARS = re.compile(r"\$[^$]*\$")
_WORDS_ALONE = re.compile(r"\s*\{\s*[A-Za-z]++(?:[ ,:-]++[A-Za-z]++){2,}+[\s.,;:]*+\}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")

_REFUSED = "\\refused"
"""The command that stands for what is not read; the reader has no such command."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A formula as it is read, what the author wrote, and where each character comes from.

    `begins` and `ends` hold for each character of `text` its place in `written`; they are empty
    where nothing had to be put in. `fault` says why nothing of it is to be read, `hopeless` that
    nobody knows what it would say, and `refused` what is not read in it and why. With `demanded`, a
    relation in it is one that shall hold. `labels` are the formulas at braces, with what to say.
    """

    written: str
    text: str
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    fault: Unreadable | None = None
    hopeless: bool = False
    refused: tuple[Unreadable, ...] = ()
    demanded: bool = False
    labels: tuple[Unreadable, ...] = ()

    def back(self, finding: Finding) -> Finding:
        """A finding at its place in what the author wrote."""
        if finding.start is None or not self.begins:
            return finding
        last = len(self.begins) - 1
        start = min(finding.start, last)
        stop = min(max(finding.end or 0, start + 1), last + 1)
        begin, end = min(self.begins[start:stop]), max(self.ends[start:stop])
        if finding.start > last:
            begin = end = self.ends[last]
        own = self.written[begin:end] == self.text[finding.start : finding.end]
        why = (r.message for r in self.refused if begin <= r.start < end)
        message = next(why, finding.message) if _REFUSED in finding.message else finding.message
        return replace(finding, message=message, start=begin, end=end, within_macro=not own)


def expanded(text: str, macros: Macros) -> Expanded:
    """A formula with everything put in; what it defines itself holds to its end, or from then on.

    It is left as it is, with a fault, where that takes too much work or cannot be done.
    """
    names = set(_COMMAND.findall(text))
    if not macros.meant:
        message = "the document changes what signs mean, and so it is not read"
        return Expanded(text, text, fault=Unreadable(message, 0))
    used = any(name in macros.own or name in packages() or name in DEFINERS for name in names)
    fault = _environment(text, macros)
    changed = used or "$" in text or _MAY_CHANGE.search(text) or _WORDS_ALONE.search(text)
    if len(text) > LONGEST or fault or not changed:
        return Expanded(text, text, fault=fault)
    before = macros.begin()
    expansion = _Expansion(text, macros)
    try:
        return expansion.all()
    except Unreadable as error:
        fault = Unreadable(error.message, error.start, error.end)
        return Expanded(text, text, fault=fault, hopeless=True)
    finally:
        macros.end(before)
        # What the formula itself is long is no work of its macros.
        macros.work += max(0, expansion.stream.taken - 4 * len(text))


def _environment(text: str, macros: Macros) -> Unreadable | None:
    """Why a formula is not read in which an environment stands that the document defines."""
    for border in _BORDER.finditer(text) if macros.own else ():
        if border[1] in macros.own and macros.own[border[1]].refused:
            message = f"the document gives {border[1]} a meaning of its own, which is not read"
            return Unreadable(message, *border.span())
    return None


class _Expansion(Primitives):
    """One pass over one formula."""

    def __init__(self, text: str, macros: Macros) -> None:
        self.text = text
        self.macros = macros
        self.stream = Stream(text)
        self.found: list[Token] = []
        self.refused: list[Unreadable] = []
        self.demanded = False
        self.labels: list[Unreadable] = []
        self.depth = 0
        self.waiting: list[tuple[int, int]] = []
        """The depths of commands whose argument is being read, and how many follow it."""

    def all(self) -> Expanded:
        """The whole formula."""
        while (token := self.stream.next()) is not None:
            self.check_work(token)
            try:
                self.step(token)
            except Unreadable as error:
                if error.code == HOPELESS:
                    raise
                error.start = min(error.start, token.begin) if error.end <= 1 else error.start
                self.refused.append(error)
                self.found.append(Token(_REFUSED, token.begin, token.end, frozen=True))
        text, begins, ends = [], [], []
        for token in normalized(self.found):
            text.append(token.text)
            own = token.end - token.begin == len(token.text)
            for place in range(len(token.text)):
                begins.append(token.begin + place if own else token.begin)
                ends.append(token.begin + place + 1 if own else token.end)
        whole = "".join(text)
        if whole == self.text:
            return Expanded(whole, whole)
        places = tuple(begins), tuple(ends)
        return Expanded(
            self.text,
            whole,
            *places,
            refused=tuple(self.refused),
            demanded=self.demanded,
            labels=tuple(self.labels),
        )

    def check_work(self, here: Token) -> None:
        """Raise where the macros of the formula, or of all of them, take too much."""
        taken = self.stream.taken
        if taken > MOST_WORK or self.macros.work + taken > MOST_WORK_IN_ALL:
            raise Unreadable(
                f"{self.text[here.begin : here.end][:40]} is written out without an end in sight:"
                f" more than {MOST_WORK:,} pieces",
                here.begin,
                here.end,
                HOPELESS,
            )

    def step(self, token: Token) -> None:
        """Take one token to the result, or what it stands for back to the stream."""
        name = token.name
        macro = self.macros.get(name) if name else None
        if macro is not None:
            self.put_in(macro, token)
        elif name in PRIMITIVES:
            PRIMITIVES[name](self, token)
        elif name in DEFINERS:
            self.define(token)
        elif self.parts_words(token):
            pass
        else:
            self.found.append(token)
            if token.text == "{":
                self.depth += 1
                self.macros.begin()
            elif token.text == "}":
                self.depth -= 1
                self.macros.end()
                if self.waiting and self.waiting[-1][0] >= self.depth:
                    self.brace_argument(self.waiting.pop()[1])
            elif name in _ARGUMENTS:
                self.brace_argument(_ARGUMENTS[name])
            elif len(name) > 1 and self.stream.peek() == "{" and self.may_hold_words(token):
                self.say_if_words(token)

    def may_hold_words(self, token: Token) -> bool:
        """Whether words may stand behind a command, with a formula between dollars or alone."""
        return "$" in self.text or _WORDS_ALONE.match(self.text, token.end) is not None

    def say_if_words(self, token: Token) -> None:
        r"""Take a command of which nobody knows, with words and $…$, or a remark, in its argument.

        In a formula that is allowed in words only: what it says is read as \text{…} is.
        """
        taken = self.group(token)
        argument = taken[1:-1]
        said = text_of(argument)
        beside = _IN_DOLLARS.sub("", said)
        words = is_remark(said) or (beside != said and _PROSE.search(beside))
        if token.name not in _WITH_WORDS and words:
            taken = [Token("\\derive@words", token.begin, token.end), *taken]
            self.found.pop()
        self.stream.push(taken)

    def group(self, token: Token) -> list[Token]:
        """The argument of a command in its braces; the stream stands behind it."""
        opening = self.stream.next()
        assert opening is not None
        self.stream.push([opening])
        argument = self.stream.argument(token)
        last = argument[-1].end if argument else opening.end
        return [opening, *argument, Token("}", last, last + 1)]

    def parts_words(self, token: Token) -> bool:
        r"""Whether \text{if $i = j$} has a formula in it, which is put back behind \text{if }."""
        if token.name not in _TEXTS or "$" not in self.text or self.stream.peek() != "{":
            return False
        taken = self.group(token)
        dollars = [place for place, part in enumerate(taken) if part.text == "$"]
        if len(dollars) != 2:
            self.stream.push(taken)
            return False
        first, last = dollars
        before, behind = (
            [token, at("{", words[0].begin), *words, at("}", words[-1].end)]
            if any(part.text.isalpha() for part in words)
            else words
            for words in (taken[1:first], taken[last + 1 : -1])
        )
        self.stream.push([*before, *taken[first + 1 : last], *behind])
        return True

    def define(self, token: Token) -> None:
        """Take a definition that stands in the formula."""
        known = dict(self.macros.own)
        self.macros.defined(token, self.stream)
        for name, macro in self.macros.own.items():
            if macro.refused and known.get(name) is not macro:
                raise Unreadable(f"\\{name} {macro.refused}", token.begin, token.end, HOPELESS)

    def brace_argument(self, left: int) -> None:
        r"""Put braces around an argument that is a macro: \frac\x\y takes what they stand for.

        `left` is how many arguments the command takes from here on.
        """
        follows = self.stream.peek(blanks=True) if left else ""
        if follows in ("", "}", "[", "&"):
            return
        if follows == "{":
            self.waiting.append((self.depth, left - 1))
            return
        self.stream.skip_blanks()
        token = self.stream.next()
        assert token is not None
        if self.macros.get(token.name) is not None:
            self.stream.push([at("{", token.begin), token, at("}", token.end)])
            self.waiting.append((self.depth, left - 1))
        else:
            self.found.append(token)
            self.brace_argument(left - 1)

    def put_in(self, macro: Macro, token: Token) -> None:
        """Put the body of a macro, with its arguments in it, before all that is to come."""
        if macro.refused:
            message = f"the document gives {token.text} a meaning of its own, which is not read"
            why = f"{message}: it {macro.refused}"
            raise Unreadable(why, token.begin, token.end)
        stream = self.stream
        stream.reached = token.end
        if token.text[1:].isalpha():
            stream.skip_blanks()
            stream.reached = token.end
        for sign in macro.head:
            if stream.peek() != sign:
                raise Unreadable(f"{sign} is expected behind {token.text}", token.begin, token.end)
            stream.next()
        arguments = [self.argument(parameter, token) for parameter in macro.parameters]
        # What came out of a macro stands at its use, and not where its arguments reach.
        use = Token(token.text, token.begin, max(token.end, stream.reached))
        body: list[Token] = []
        for piece in macro.body:
            if piece.text[0] == "#" and piece.text[1:].isdigit():
                body += arguments[int(piece.text[1:]) - 1] if self.has(arguments, piece) else []
            elif piece.text == "##":
                body.append(Token("#", use.begin, use.end))
            else:
                body.append(Token(piece.text, use.begin, use.end, piece.frozen))
            if len(body) > MOST_WORK:
                break
        stream.taken += len(body)
        self.check_work(use)
        stream.push(self.as_script(body, macro, use))

    def has(self, arguments: Sequence[object], piece: Token) -> bool:
        """Whether there is an argument for a parameter in a body; raises if there is not."""
        if int(piece.text[1:]) > len(arguments):
            raise Unreadable(f"a macro has no parameter {piece.text}", 0, code=HOPELESS)
        return True

    def as_script(self, body: list[Token], macro: Macro, use: Token) -> list[Token]:
        """A body in braces where it stands above or below; of a macro its first sign only.

        That is what TeX sets there.
        """
        last = next((t.text for t in reversed(self.found) if not t.text.isspace()), "")
        if last not in ("_", "^") or len(body) < 2:
            return body
        if macro.packaged:
            return [at("{", use.begin), *body, at("}", use.end)]
        if body[0].text[0] in "\\{":
            return body
        return [at("{", use.begin), body[0], at("}", use.end), *body[1:]]

    def argument(self, parameter: Parameter, of: Token) -> list[Token]:
        """The argument for one parameter, or what stands for one that is not given."""
        stream, kind = self.stream, parameter.kind
        if kind == "m":
            return stream.argument(of)
        if kind == "u":
            found = stream.until(parameter.after, of)
            inner = stripped(found)
            braced = found and found[0].text == "{" and found[-1].text == "}"
            return inner if braced else found
        if kind == "s":
            starred = stream.peek() == "*"
            if starred:
                stream.next()
            return [Token(YES if starred else NO, of.begin, of.end)]
        default = list(parameter.default)
        if kind == "g":
            return stream.argument(of) if stream.peek(blanks=True) == "{" else default
        if kind == "e":
            if stream.peek(blanks=True) != parameter.before:
                return default
            stream.skip_blanks()
            stream.next()
            return self.script(of)
        between = stream.between(parameter.before, parameter.after[0], of)
        return default if between is None else between

    def script(self, of: Token) -> list[Token]:
        r"""What stands above or below: a group, a sign, or a command with its group: \text{…}."""
        found = self.stream.argument(of)
        if len(found) == 1 and found[0].name in _ARGUMENTS and self.stream.peek() == "{":
            group = self.stream.argument(of)
            return [found[0], at("{", of.begin), *group, at("}", of.end)]
        return found
