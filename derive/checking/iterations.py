"""A step from one iteration to the next: W(i+1) = W(i) − η ∂E/∂W(i), θ_{t+1} = θ_t − η ∇_θ J(θ_t).

The number of the iteration says which value is meant, the one after the step or before it. Without
it the step is that of every iteration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from derive.checking.of_examples import is_parameter
from derive.formula import ETA, Array, Formula, Member, Name, Number
from derive.grammar.tokens import Token
from derive.grammar.written import Change, Copy, Unknown
from derive.model import Model

_RELATIONS = ("EQUALS", "BECOMES")
_RATES = ("μ", "ε", "γ", "ρ", "ν")
"""Letters that are rates where a step is said of a parameter, and that nothing else is called."""
_OF_ANY = ("w", "W", "b", "θ", "Θ")
_AFTER = ["NAME", "LPAR", "NAME", "PLUS", "NUMBER", "RPAR"]
_BEFORE = ["NAME", "LPAR", "NAME", "RPAR"]
_NUMBERING = frozenset("nktpim")
"""Letters that authors number iterations with, or the examples that they are of."""
_OF_STEPS = ("t", "n")
"""Letters of them that number no entries where the next is θ_{t+1}."""
_BELOW = re.compile(r"(.+?)_([a-z])(\+1)?")
_LAYOUT = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm)(?![A-Za-z])|[\s{}]")


def without_iteration(tokens: list[Token]) -> list[Token]:
    """The tokens without the number of the iteration behind its quantities: w_{ji}(n), E(n).

    That is one letter which is nothing else, behind two quantities at least.
    """
    behind = [
        place
        for place in range(1, len(tokens) - 2)
        if [t.kind for t in tokens[place - 1 : place + 3]] == _BEFORE
        and not isinstance(tokens[place - 1].formula, Unknown)
        and isinstance(tokens[place + 1].formula, Unknown)
    ]
    letters = {tokens[place + 1].text.strip() for place in behind}
    used = sum(t.kind == "NAME" and t.text.strip() in letters for t in tokens)
    alone = len(letters) == 1 and letters <= _NUMBERING and used == len(behind) > 1
    dropped = {place + n for place in behind for n in range(3)} if alone else set()
    return [token for place, token in enumerate(tokens) if place not in dropped]


def of_every_iteration(tokens: list[Token], model: Model) -> list[Token]:
    """The tokens of a step of a parameter without the numbers of its iterations; others as are.

    They have to be those of one step: of the next iteration on the left, of this one elsewhere.
    """
    place = next((n for n, t in enumerate(tokens) if t.kind in _RELATIONS), 0)
    if not place:
        return tokens
    left, rest = tokens[:place], tokens[place:]
    made = _with_arguments(left, rest, model) or _with_index(left, rest, model)
    if made is None and len(left) == 1 and _is_change(left[0], model):
        made = tokens
    steps = (t.kind in ("DTOP", "NABLA", "D") or _is_change(t, model) for t in rest)
    return [_as_rate(token) for token in made] if made is not None and any(steps) else tokens


def _with_arguments(
    left: Sequence[Token], rest: Sequence[Token], model: Model
) -> list[Token] | None:
    """The tokens of W(i+1) = W(i) + … as those of W = W + …."""
    one = left[-2].formula if [t.kind for t in left] == _AFTER else None
    if not isinstance(one, Number) or one.value != 1 or not _is_parameter(left[0].formula, model):
        return None
    name, letter = left[0].text.strip(), left[2].text.strip()
    found = [left[0]]
    skip = 0
    for at, token in enumerate(rest):
        if skip:
            skip -= 1
            continue
        found.append(token)
        changes = _is_change(token, model)
        if token.kind == "NAME" and (changes or token.text.strip() == name):
            numbered = _number_of(rest[at : at + 6])
            below = changes or (at > 0 and rest[at - 1].kind in ("D", "DTOP"))
            if numbered not in (((letter, 0), (letter, 1)) if changes else ((letter, 0),)):
                if numbered is not None or not below:
                    return None
                continue
            skip = 3 if numbered == (letter, 0) else 5
    return found


def _number_of(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """The letter of the iteration behind a name, and what is added to it; nothing if none is."""
    kinds = [token.kind for token in tokens]
    if kinds[:4] == _BEFORE:
        return tokens[2].text.strip(), 0
    one = tokens[4].formula if kinds == _AFTER else None
    return (tokens[2].text.strip(), 1) if isinstance(one, Number) and one.value == 1 else None


def _is_change(token: Token, model: Model) -> bool:
    """Whether this is Δw of a parameter."""
    return isinstance(token.formula, Change) and _is_parameter(token.formula.of, model)


def _with_index(left: Sequence[Token], rest: Sequence[Token], model: Model) -> list[Token] | None:
    """The tokens of θ_{t+1} = θ_t + …, or of W^{(t+1)} = W^{(t)} + …, without t."""
    after = _iterated(left[0]) if len(left) == 1 else None
    if after is None or after[2] != 1 or not _is_parameter(after[0], model):
        return None
    whole = after[1] in _OF_STEPS or any(token.kind == "NABLA" for token in rest)
    if isinstance(left[0].formula, Member) and not whole:
        return None
    found = [replace(left[0], formula=after[0])]
    for token in rest:
        now = _iterated(token)
        if now is not None and now[0] == after[0]:
            if now[1:] != (after[1], 0):
                return None
            found.append(replace(token, formula=after[0]))
        else:
            found.append(token)
    return found


def _iterated(token: Token) -> tuple[Formula, str, int] | None:
    """What a name with the number of an iteration is the name of, its letter, and what is added."""
    of = token.formula
    if isinstance(of, Member) and len(of.indices) == 1 and len(of.letters) == 1:
        # The θ_{t+1} of a gradient by the whole θ is no entry of it.
        letter, added = of.letters[0], of.indices[0][1]
        return (Array(Name(of.stem)), letter, added) if letter in _NUMBERING else None
    if isinstance(of, Copy) and len(of.at[0]) == 1:
        return of.of, of.at[0][0], of.at[1]
    written = _BELOW.fullmatch(_LAYOUT.sub("", of.text)) if isinstance(of, Unknown) else None
    if written is None or not isinstance(of, Unknown):
        return None
    stem = of.stem.partition("_")[0]
    return Unknown(stem, stem, 0), written[2], int(written[3] is not None)


def _is_parameter(formula: Formula | None, model: Model) -> bool:
    if isinstance(formula, Unknown):
        return formula.stem in _OF_ANY and "_" not in formula.stem
    return is_parameter(formula, model)


def _as_rate(token: Token) -> Token:
    of = token.formula
    is_rate = isinstance(of, Unknown) and of.stem in _RATES
    return replace(token, formula=ETA) if is_rate else token
