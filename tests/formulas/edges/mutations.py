"""Damage to formulas: tokens and characters put in, taken out and replaced, each with its kind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.formulas.edges import pieces

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
NAME = re.compile(
    r"(?:\\[a-z]+\{[a-z]+\}|\\delta|[A-Za-z]+[0-9]*)_(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[A-Za-z0-9_]+)"
    r"|\b(?!d[A-Z])[a-z]+[0-9]+\b"
)
WEIGHT = re.compile(r"w_\{[0-9,]+\}|w_[0-9]\b|\bw[0-9]+(?:_[0-9]+)?\b")
RELATION = re.compile(r"(?<![:<>!])=")
SIDE = re.compile(
    r"(?P<before>.*=\s*)(?P<side>[^=\\&]*(?:\\(?!\\|begin|end|tag)[^=\\&]*)*)$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged formula, what was done to it, and whether nothing was."""

    text: str
    kind: str
    harmless: bool = False
    poisoned: bool = False
    """Whether it is no true claim, whatever the undamaged formula says."""


Damage = Callable[[random.Random, str, Sequence[str]], str | None]


def _inserted(choices: Sequence[str]) -> Damage:
    """One of `choices` at a boundary between tokens."""

    def damage(draw: random.Random, text: str, names: Sequence[str]) -> str:
        places = [found.start() for found in TOKEN.finditer(text)] + [len(text)]
        at = draw.choice(places)
        return text[:at] + draw.choice(choices) + text[at:]

    return damage


def _replaced(pattern: re.Pattern[str], choices: Sequence[str]) -> Damage:
    """One match of `pattern` as one of `choices`, where X is what stood there."""

    def damage(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
        found = list(pattern.finditer(text))
        if not found:
            return None
        one = draw.choice(found)
        new: str = draw.choice(choices).replace("X", one[0])
        return text[: one.start()] + new + text[one.end() :]

    return damage


def _side(choices: Sequence[str]) -> Damage:
    """The last side of an equation as one of `choices`, where X is the side."""

    def damage(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
        found = SIDE.match(text)
        if found is None or not found["side"].strip():
            return None
        side = found["side"].strip().rstrip(".,;")
        return found["before"] + draw.choice(choices).replace("X", side)

    return damage


def _template(choices: Sequence[str]) -> Damage:
    return lambda draw, text, names: draw.choice(choices).replace("BASE", text)


def _behind(choices: Sequence[str]) -> Damage:
    return lambda draw, text, names: text + draw.choice(choices)


def _before(choices: Sequence[str]) -> Damage:
    return lambda draw, text, names: draw.choice(choices) + text


def _token(draw: random.Random, text: str, change: Callable[[list[str], int], object]) -> str:
    tokens = TOKEN.findall(text)
    change(tokens, draw.randrange(len(tokens)))
    return "".join(tokens)


def token_deleted(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A token taken out."""
    return _token(draw, text, lambda tokens, at: tokens.__delitem__(at))


def token_doubled(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A token twice."""
    return _token(draw, text, lambda tokens, at: tokens.insert(at, tokens[at]))


def tokens_swapped(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A token behind the next."""

    def swap(tokens: list[str], at: int) -> None:
        tokens.insert(at + 1, tokens.pop(at))

    return _token(draw, text, swap)


def token_moved(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A token somewhere else."""

    def move(tokens: list[str], at: int) -> None:
        token = tokens.pop(at)
        tokens.insert(draw.randrange(len(tokens) + 1), token)

    return _token(draw, text, move)


def character_deleted(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A character taken out."""
    at = draw.randrange(len(text))
    return text[:at] + text[at + 1 :]


def character_inserted(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A character put in anywhere."""
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice("0123456789..,,!'+-*/^_=(){}[]&; xwdeEo∂·²½√|\\:") + text[at:]


def character_replaced(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A character as another."""
    at = draw.randrange(len(text))
    return (
        text[:at] + draw.choice("0123456789..,,!'+-*/^_=(){}[]&; xwdeEo∂·²½√|\\:") + text[at + 1 :]
    )


def stretch_deleted(draw: random.Random, text: str, names: Sequence[str]) -> str:
    """A few tokens in a row taken out."""
    tokens = TOKEN.findall(text)
    at = draw.randrange(len(tokens))
    return "".join(tokens[:at] + tokens[at + draw.randint(2, 6) :])


def digit_changed(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """A digit as another."""
    places = [place for place, sign in enumerate(text) if sign in "0123456789"]
    if not places:
        return None
    at = draw.choice(places)
    return text[:at] + draw.choice("0123456789") + text[at + 1 :]


def name_changed(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """A name as another of the formula, or of the network."""
    found = list(NAME.finditer(text))
    if not found:
        return None
    one = draw.choice(found)
    others = [other[0] for other in found] if draw.random() < 0.5 else list(names)
    return text[: one.start()] + draw.choice(others) + text[one.end() :]


def sign_changed(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """A sign as another."""
    found = list(re.finditer(r"[-+−*·/=^]|\\cdot|\\times", text))
    if not found:
        return None
    one = draw.choice(found)
    new = draw.choice(("+", "-", "*", "/", "=", "^", " ", "·", r"\cdot ", ""))
    return text[: one.start()] + new + text[one.end() :]


def name_multiplied(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """A name with something beside it, by which it may be multiplied."""
    choices = ("X 5", "5 X", "X(5)", "(5)X", "X.5", ".5X", "5.X", "X,5", "X{5}", "X!", "X^1", "X^5", "X'", "X*1", "X/1", "X X", "X(X)", "X_5", "2{X + X}", "X^{2}/X", "X+0", "X-0", "X·1")  # fmt: skip
    return _replaced(NAME, choices)(draw, text, names)


def function_changed(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """A function with a power, a prime, or as another."""
    choices = ("X'", "X^2", "X^{-1}", "X^{2}", "tanh", "relu", r"\exp", r"\ln", "sig", "-X", "X ", "X^+", "X X", "", "d X", "X_1", "f")  # fmt: skip
    found = re.compile(
        r"\\mathrm\{sig\}|\\operatorname\{sig\}|\bsig\b|\\sigma|\\?tanh|\\?exp|\\?ln\b"
    )
    return _replaced(found, choices)(draw, text, names)


def function_bared(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """The brackets of a function left out: ln x for ln(x), and a power or a factor behind it."""
    function = r"(?P<f>\\mathrm\{sig\}|\\operatorname\{sig\}|\bsig|\\sigma|σ|\\?tanh|\\?exp|\\?ln)"
    found = list(re.finditer(function + r"'?\((?P<x>[^()+−-]*)\)(?P<power>\^2|\^\{2\})?", text))
    if not found:
        return None
    one = draw.choice(found)
    behind = draw.choice(("", "", "", "^2", " " + draw.choice(names), "^{1}", "/2"))
    bare = f"{one['f']} {one['x']}{one['power'] or ''}{behind}"
    return text[: one.start()] + bare + text[one.end() :]


def decorated(draw: random.Random, text: str, names: Sequence[str]) -> str | None:
    """One of the decorations."""
    if r"\begin" in text:
        return None
    pattern, piece = draw.choice(pieces.DECORATIONS)
    if piece == r"\tag{7}" and (r"\tag" in text or "\\" not in text):
        return None
    if (piece in ".," and re.search(r"[.,;]\s*$", text)) or (piece == "&" and text.count("=") > 1):
        return None
    if "\\" in piece and "\\" not in text:
        return None
    places = [found.start() for found in re.finditer(pattern, text)]
    places = [at for at in places if not re.search(r"[_^{:]\s*$", text[:at])]
    if not places:
        return None
    at = draw.choice(places)
    return text[:at] + piece + text[at:]


KINDS: Mapping[str, Damage] = {
    "words": _inserted(pieces.WORDS),
    "punctuation": _inserted(pieces.PUNCTUATION),
    "commands": _inserted(pieces.COMMANDS),
    "signs": _inserted(pieces.SIGNS),
    "behind": _behind(pieces.BEHIND),
    "before": _before(pieces.BEFORE),
    "rows": _template(pieces.ROWS),
    "placeholder": _replaced(WEIGHT, pieces.PLACEHOLDERS),
    "root of a name": _replaced(NAME, pieces.ROOTS),
    "root of a side": _side(tuple(one.replace("X", "(X)") for one in pieces.ROOTS)),
    "decimals": _side(pieces.DECIMALS),
    "number as decimal": _replaced(
        re.compile(r"(?<![\w.{_^])[0-9]+(?![\w.}])"),
        ("X.0", "X.01", "X.", ".X", "X.0.0", "0X", "X,0", "X 0", "X!", "X.5", "0.X", "X^2", "X0"),
    ),
    "token deleted": token_deleted,
    "token doubled": token_doubled,
    "tokens swapped": tokens_swapped,
    "token moved": token_moved,
    "stretch deleted": stretch_deleted,
    "character deleted": character_deleted,
    "character inserted": character_inserted,
    "character replaced": character_replaced,
    "digit": digit_changed,
    "name": name_changed,
    "sign": sign_changed,
    "beside a name": name_multiplied,
    "function": function_changed,
    "bare function": function_bared,
    "decoration": decorated,
}
TWICE = 0.2
"""The share of formulas that are damaged twice."""


def mutants(
    text: str,
    names: Sequence[str],
    draw: random.Random,
    count: int,
    only: Sequence[str] | None = None,
) -> list[Mutant]:
    """`count` damaged forms of a formula, of all kinds or of some in turn."""
    made: list[Mutant] = []
    kinds = list(only or KINDS)
    draw.shuffle(kinds)
    for number in range(2 * count):
        kind = kinds[number % len(kinds)]
        new = KINDS[kind](draw, text, names)
        harmless = kind == "decoration"
        if new and draw.random() < TWICE:
            other = draw.choice(kinds)
            new = KINDS[other](draw, new, names) or new
            kind, harmless = f"{kind} + {other}", harmless and other == "decoration"
        if new and new != text:
            made.append(Mutant(new, kind, harmless))
        if len(made) == count:
            break
    return made


def poisoned(text: str, draw: random.Random, count: int) -> list[Mutant]:
    """A formula with what makes it no true claim before or behind it, whatever it says."""
    made = []
    for _ in range(count):
        if draw.random() < 0.6:
            made.append(Mutant(text + draw.choice(pieces.POISON), "poison behind", poisoned=True))
        elif draw.random() < 0.5:
            new = draw.choice(pieces.POISON_BEFORE) + text
            made.append(Mutant(new, "poison before", poisoned=True))
        else:
            tokens = TOKEN.findall(text)
            at = draw.randrange(len(tokens) + 1)
            word = draw.choice((r"\text{ times five }", r"\text{ not }", r"\text{ plus five }"))
            new = "".join([*tokens[:at], word, *tokens[at:]])
            made.append(Mutant(new, "poison inside", poisoned=True))
    return made
