"""A step from one iteration to the next: W(i+1) = W(i) − η ∂E/∂W(i), θ_{t+1} = θ_t − η ∇_θ J(θ_t).

The number of the iteration says which value is meant, the one after the step or before it. Without
it the step is that of every iteration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from derive.formula import ETA, Array, Formula, Name, Number
from derive.grammar.tokens import Token
from derive.grammar.written import Copy, Unknown
from derive.model import PARAMETERS, Model

_RELATIONS = ("EQUALS", "BECOMES")
_RATES = ("μ", "ε", "γ", "ρ", "ν")
"""Letters that are rates where a step is said of a parameter, and that nothing else is called."""
_OF_ANY = ("w", "W", "b", "θ", "Θ")
_AFTER = ["NAME", "LPAR", "NAME", "PLUS", "NUMBER", "RPAR"]
_BEFORE = ["NAME", "LPAR", "NAME", "RPAR"]
_NUMBERING = frozenset("nktpim")
"""Letters that authors number iterations with, or the examples that they are of."""
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
    if made is None or not any(token.kind in ("DTOP", "NABLA", "D") for token in rest):
        return tokens
    return [_as_rate(token) for token in made]


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
        if token.kind == "NAME" and token.text.strip() == name:
            here = rest[at : at + 4]
            if [t.kind for t in here] != _BEFORE or here[2].text.strip() != letter:
                return None
            skip = 3
    return found


def _with_index(left: Sequence[Token], rest: Sequence[Token], model: Model) -> list[Token] | None:
    """The tokens of θ_{t+1} = θ_t + …, or of W^{(t+1)} = W^{(t)} + …, without t."""
    after = _iterated(left[0]) if len(left) == 1 else None
    if after is None or after[2] != 1 or not _is_parameter(after[0], model):
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
    of = formula.of if isinstance(formula, Array) else formula
    stems = {quantity.family for quantity in model.having(*PARAMETERS)}
    return isinstance(of, Name) and (of.name in model.parameters or of.name in stems)


def _as_rate(token: Token) -> Token:
    of = token.formula
    is_rate = isinstance(of, Unknown) and of.stem in _RATES
    return replace(token, formula=ETA) if is_rate else token
