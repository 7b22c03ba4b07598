r"""Macros: the meanings that a document, its files and packages give to commands.

A definition is read as TeX reads it. One whose meaning cannot be told from its text (``\edef``, a
definition that depends on a condition) makes its command *refused*: a formula with it is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from derive.grammar.stream import Stream, Token, stripped, text_of
from derive.grammar.tokens import Unreadable

MOST_WORK = 60_000
"""Tokens that are gone through for the macros of one formula."""
MOST_WORK_IN_ALL = 3_000_000
"""The same for all formulas of one document."""
EVERYTHING = "*"
"""The name of the command that is refused where a document changes what signs mean."""
NO_VALUE = "-NoValue-"
"""What stands for an optional argument that is not given."""


@dataclass(frozen=True, slots=True)
class Parameter:
    r"""One parameter of a macro.

    `kind` is that of xparse: ``m`` for an argument, ``O`` for an optional one with a `default`
    between the signs `before` and `after`, ``s`` for a star, ``g`` for an optional group, ``e`` for
    one behind the sign `before`; and ``u`` for what reaches to the signs `after`, as in
    ``\def\x#1;{…}``.
    """

    kind: str
    before: str = "["
    after: tuple[str, ...] = ("]",)
    default: tuple[Token, ...] = (Token(NO_VALUE, 0, 0),)


@dataclass(frozen=True, slots=True)
class Macro:
    """What stands for a command: its parameters, and the tokens of its body.

    `head` has to stand before the first argument. `refused` says why it is not put in. One that is
    `packaged` comes with the program, and is a single thing where it stands above or below.
    """

    parameters: tuple[Parameter, ...] = ()
    body: tuple[Token, ...] = ()
    head: tuple[str, ...] = ()
    refused: str = ""
    packaged: bool = False


@dataclass
class Macros:
    r"""The meanings of commands at one place of a document.

    With `grouped`, as in TeX, a definition holds to the end of its group; in Markdown from there
    on. `conditional` counts the conditions around the present place.
    """

    grouped: bool = True
    conditional: int = 0
    work: int = 0
    own: dict[str, Macro] = field(default_factory=dict)
    _groups: list[dict[str, Macro | None]] = field(default_factory=list)

    def get(self, name: str) -> Macro | None:
        """What a command means by a definition; nothing if it means what it always does."""
        return self.own.get(name) or packages().get(name)

    @property
    def meant(self) -> bool:
        """Whether signs mean what they always do."""
        return EVERYTHING not in self.own

    def define(self, name: str, macro: Macro, *, everywhere: bool = False) -> None:
        """Give a command a meaning, to the end of the group or `everywhere` from here on."""
        if self.conditional and not macro.refused:
            macro = Macro(refused="depends on a condition")
        if everywhere or not self.grouped:
            for group in self._groups:
                group.pop(name, None)
        elif self._groups:
            self._groups[-1].setdefault(name, self.own.get(name))
        self.own[name] = macro

    def begin(self) -> int:
        """Begin a group; gives how many there were before."""
        self._groups.append({})
        return len(self._groups) - 1

    def end(self, count: int | None = None) -> None:
        """End a group, or all but so many: what was defined in it has its old meaning again."""
        count = len(self._groups) - 1 if count is None else count
        while len(self._groups) > max(count, 0):
            for name, before in self._groups.pop().items():
                if before is None:
                    self.own.pop(name, None)
                else:
                    self.own[name] = before

    def defined(self, command: Token, stream: Stream) -> bool:
        """Carry out a command if it is one that defines; the stream is then behind all of it.

        Raises :class:`Unreadable` for a definition that is none.
        """
        reader = _DEFINES.get(command.name)
        if reader is None:
            return False
        everywhere = command.name in ("gdef", "xdef")
        if command.name in _PREFIXES:
            everywhere = command.name == "global"
            stream.skip_blanks()
            follows = stream.next()
            while follows is not None and follows.name in _PREFIXES:
                everywhere = everywhere or follows.name == "global"
                stream.skip_blanks()
                follows = stream.next()
            if follows is None or follows.name not in _DEFINES:
                stream.push([follows] if follows is not None else [])
                return True
            command, reader = follows, _DEFINES[follows.name]
            everywhere = everywhere or command.name in ("gdef", "xdef")
        if stream.peek() == "*":
            stream.next()
        name, certain = _target(stream, command)
        try:
            macro = reader(self, stream, command) if certain else Macro(refused=_UNCLEAR)
        except Unreadable:
            macro = Macro(refused="is defined in a way that is not read")
        if command.name.lower().startswith("provide") and self.get(name) is not None:
            return True
        if name:
            self.define(name, macro, everywhere=everywhere)
        return True


_UNCLEAR = "is defined in a way that is not read"
_PREFIXES = frozenset({"long", "outer", "protected", "global"})


def _target(stream: Stream, command: Token) -> tuple[str, bool]:
    r"""The name that is defined, of \x or {\x}; that of \csname x\endcsname is not certain."""
    stream.skip_blanks()
    found = stripped(stream.argument(command))
    if found and found[0].text in ("\\csname", "\\expandafter"):
        while found[-1].text not in ("\\endcsname", "\n") and (token := stream.next()):
            found.append(token)
        name = re.fullmatch(r"(?:\\expandafter)?\\csname\s*([A-Za-z@]+)\\endcsname", text_of(found))
        return (name[1] if name else EVERYTHING), False
    if len(found) == 1 and found[0].text[0] == "\\":
        return found[0].text[1:], True
    # \newenvironment{name}; and a sign that becomes a command changes what is typed.
    plain = text_of(found)
    return plain if plain.isalpha() or not plain else EVERYTHING, False


Reader = Callable[[Macros, Stream, Token], Macro]


def _new_command(_: Macros, stream: Stream, command: Token) -> Macro:
    r"""\newcommand{\x}[2][default]{body}."""
    count = stream.between("[", "]", command)
    digits = text_of(stripped(count)) if count is not None else "0"
    if not digits.isdigit() or int(digits) > 9:
        raise Unreadable("this is no number of parameters", command.begin)
    default = stream.between("[", "]", command) if count is not None else None
    parameters = [Parameter("m")] * int(digits)
    if default is not None and parameters:
        parameters[0] = Parameter("O", default=tuple(default))
    return Macro(tuple(parameters), tuple(stream.argument(command)))


def _def(_: Macros, stream: Stream, command: Token) -> Macro:
    r"""\def\x(#1,#2){body}, with what has to stand before, between and behind the arguments."""
    written: list[Token] = []
    while stream.peek() not in ("{", ""):
        token = stream.next()
        assert token is not None
        written.append(token)
    parts: list[list[str]] = [[]]
    for token in written:
        if len(token.text) == 2 and token.text[0] == "#":
            if token.text != f"#{len(parts)}":
                raise Unreadable("the parameters are not in order", token.begin)
            parts.append([])
        elif token.text.isspace() or token.text == "#":
            raise Unreadable("a blank ends this argument, which is not read", token.begin)
        else:
            parts[-1].append(token.text)
    parameters = [Parameter("u", after=tuple(p)) if p else Parameter("m") for p in parts[1:]]
    return Macro(tuple(parameters), tuple(stream.argument(command)), tuple(parts[0]))


def _let(macros: Macros, stream: Stream, command: Token) -> Macro:
    r"""\let\x=\y: what \y means now, whatever it comes to mean."""
    if stream.peek(blanks=True) == "=":
        stream.skip_blanks()
        stream.next()
    stream.skip_blanks()
    token = stream.next()
    if token is None:
        raise Unreadable("there is nothing behind this", command.begin)
    meaning = macros.get(token.name) if token.name else None
    return meaning or Macro((), (token._replace(frozen=True),))


def _operator(_: Macros, stream: Stream, command: Token) -> Macro:
    r"""\DeclareMathOperator{\x}{name}."""
    name = stream.argument(command)
    operator = Token("\\operatorname", 0, 0, frozen=True)
    return Macro((), (operator, Token("{", 0, 0), *name, Token("}", 0, 0)))


def _pair(_: Macros, stream: Stream, command: Token) -> Macro:
    r"""\DeclarePairedDelimiter{\x}{\lvert}{\rvert}."""
    left, right = stream.argument(command), stream.argument(command)
    parameters = (Parameter("s"), Parameter("O"), Parameter("m"))
    return Macro(parameters, (*left, Token("#3", 0, 0), *right))


def _document_command(_: Macros, stream: Stream, command: Token) -> Macro:
    r"""\NewDocumentCommand{\x}{s O{2} m}{body}."""
    spec = Stream(text_of(stream.argument(command)))
    parameters: list[Parameter] = []
    while (token := spec.next()) is not None:
        if token.text == "+" or token.text.isspace():
            continue
        parameters += _parameters(token, spec)
    return Macro(tuple(parameters), tuple(stream.argument(command)))


def _parameters(kind: Token, spec: Stream) -> list[Parameter]:
    """The parameters that one letter of xparse's stands for."""
    if kind.text in ("m", "s", "g", "o"):
        return [Parameter("O" if kind.text == "o" else kind.text)]
    if kind.text in ("O", "G"):
        return [Parameter(kind.text.replace("G", "g"), default=tuple(spec.argument(kind)))]
    if kind.text == "e":
        return [Parameter("e", before=sign.text) for sign in spec.argument(kind)]
    if kind.text in ("d", "D"):
        before, after = (text_of(spec.argument(kind)) for _ in range(2))
        default = (Token(NO_VALUE, 0, 0),) if kind.text == "d" else tuple(spec.argument(kind))
        return [Parameter("O", before, (after,), default)]
    raise Unreadable(f"a parameter of the kind {kind.text} is not read", kind.begin)


def _refused(_: Macros, stream: Stream, command: Token) -> Macro:
    return Macro(refused=f"is defined by {command.text}, which is not read")


_DEFINES: dict[str, Reader] = {
    **dict.fromkeys(
        ("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"), _new_command
    ),
    **dict.fromkeys(("def", "gdef"), _def),
    "let": _let,
    "DeclareMathOperator": _operator,
    "DeclarePairedDelimiter": _pair,
    **{
        f"{way}{kind}DocumentCommand": _document_command
        for way in ("New", "Renew", "Provide", "Declare")
        for kind in ("", "Expandable")
    },
    **dict.fromkeys(
        ("edef", "xdef", "futurelet", "DeclareMathSymbol", "mathchardef", "chardef",
         "newenvironment", "renewenvironment", "NewDocumentEnvironment",
         "RenewDocumentEnvironment", "DeclareMathAlphabet", "newcommandx", "renewcommandx",
         "newmathsymbol", "DeclareMathAccent", "DeclareDocumentEnvironment"),
        _refused,
    ),
    **dict.fromkeys(_PREFIXES, _refused),
}  # fmt: skip
DEFINERS = frozenset(_DEFINES)

_PROSE = re.compile(
    r"(?P<define>\\(?:" + "|".join(sorted(_DEFINES, key=len)[::-1]) + r")(?![A-Za-z@]))"
    r"|(?P<open>\{|\\(?:begingroup|bgroup|begin\s*\{(?!document\})[^{}]*\}))"
    r"|(?P<close>\}|\\(?:endgroup|egroup|end\s*\{(?!document\})[^{}]*\}))"
    r"|\\newif\s*\\[A-Za-z]+|\\(?:iff|ifthenelse|ifmmode)(?![A-Za-z@])"
    r"|(?P<if>\\if[A-Za-z@]*)|(?P<fi>\\fi)(?![A-Za-z@])"
    r"|(?P<all>\\(?:catcode|mathcode|lowercase|uppercase)(?![A-Za-z@])"
    r"|\\usepackage\s*\{[^}]*active)"
    r"|\\(?:[A-Za-z@]+|.)",
    re.DOTALL,
)
_MAY_DEFINE = re.compile(
    r"\\(?:" + "|".join(sorted(_DEFINES, key=len)[::-1]) + r"|catcode|mathcode|usepackage)"
)


def read_definitions(macros: Macros, text: str, start: int, end: int, *, package: bool) -> None:
    """Take the definitions of a stretch of text that is no formula into the macros."""
    if not macros.own and not _MAY_DEFINE.search(text, start, end):
        return
    at = start
    while (match := _PROSE.search(text, at, end)) is not None:
        at = match.end()
        if match["define"]:
            stream = Stream(text, match.end(), package=package)
            command = Token(match["define"], match.start(), match.end())
            try:
                macros.defined(command, stream)
            except Unreadable:
                continue
            at = max(stream.at, at)
        elif match["open"]:
            macros.begin()
        elif match["close"]:
            macros.end()
        elif match["if"] or match["fi"]:
            macros.conditional = max(0, macros.conditional + (1 if match["if"] else -1))
        elif match["all"]:
            macros.define(EVERYTHING, Macro(refused="means something else"), everywhere=True)


@cache
def packages() -> dict[str, Macro]:
    """What the packages that authors use make of commands, and decorations: ``packages.tex``."""
    macros = Macros()
    text = files("derive.grammar").joinpath("packages.tex").read_text(encoding="utf-8")
    _collect(macros, re.sub(r"(?<!\\)%[^\n]*\n", "\n", text))
    return {
        name: Macro(macro.parameters, macro.body, macro.head, macro.refused, packaged=True)
        for name, macro in macros.own.items()
    }


def _collect(macros: Macros, text: str) -> None:
    """The definitions of the program's own file, of which none may go amiss."""
    stream = Stream(text, package=True)
    while (token := stream.next()) is not None:
        if not token.text.isspace() and not macros.defined(token, stream):
            raise AssertionError(f"packages.tex: {token.text} defines nothing")
