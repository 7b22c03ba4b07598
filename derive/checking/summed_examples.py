r"""Sums and means over examples: Σ_i of what is x^{(i)}'s, Δ := Δ + …; read for one example.

A network has one example. What holds for each of several holds for it. The error of all of them,
its gradients and what stands behind a Σ over examples are sums or means: an equation between such
holds for any number of examples if and only if it holds for one of them without the Σ, and without
the 1/m before it where the error is their mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.checking.of_examples import SAME_WEIGHT, WHOSE, bare, has_examples, is_parameter
from derive.checking.over_examples import Lifted, OfExamplesError
from derive.formula import (
    Formula,
    Name,
    Partial,
    Sum,
    is_number,
    transform,
    walk,
)
from derive.formula.tree import total
from derive.grammar.findings import Finding, Severity
from derive.grammar.tokens import SumSign, Token
from derive.grammar.written import Change, Gathered, Unknown
from derive.grammar.written import Examples as OverExamples
from derive.model import Model

_OF_ONE = re.compile(r"\^.*\(([a-z])\)|_(x)\Z")
_D = frozenset({"D", "DTOP"})
_RELATIONS = frozenset({"EQUALS", "APPROX", "BECOMES"})


def marks(tokens: Sequence[Token], model: Model) -> Mapping[Token, str]:
    """The letters of the examples of which names are: i of x^{(i)}, x of C_x and of y(x)."""
    if not model.has_neurons:
        return {}
    table = model.network.naming.table
    layers = (table.layer, table.last)
    found: dict[Token, str] = {}
    for place, token in enumerate(tokens):
        if token.kind != "NAME":
            continue
        written = _OF_ONE.search(bare(token.text))
        if written and (written[1] or token.formula == Name(model.total)):
            found[token] = written[1] or written[2]
        elif token.formula is not None and (letter := _argument(tokens, place + 1)):
            found[token] = letter
    return {token: letter for token, letter in found.items() if letter not in layers}


def _argument(tokens: Sequence[Token], at: int) -> str:
    """The x of y(x), or the i of J(w; x^{(i)}), behind a name."""
    if at >= len(tokens) or tokens[at].kind != "LPAR":
        return ""
    end = next((n for n in range(at, len(tokens)) if tokens[n].kind == "RPAR"), at)
    inside = [bare(token.text) for token in tokens[at + 1 : end]]
    if inside == ["x"]:
        return "x"
    found = {m[1] for text in inside if (m := _OF_ONE.search(text)) and m[1]}
    return found.pop() if len(found) == 1 and "," in inside else ""


def without_examples(tokens: Sequence[Token], letters: Mapping[Token, str]) -> list[Token]:
    """The tokens without the (x) of y(x) where a Σ counts the examples x."""
    summed = {letter for token in tokens for letter in _counted(token)}
    left = [*tokens]
    for token, letter in letters.items():
        at = left.index(token) + 1
        if letter in summed and [t.text for t in left[at : at + 3]] == ["(", letter, ")"]:
            del left[at : at + 3]
    return left


@dataclass
class Examples:
    """What is said of several examples in the formulas about one model."""

    model: Model
    way: str = ""
    """Whether the error is the sum over the examples or their mean, as far as it has been said."""
    said: list[Finding] = field(default_factory=list)
    """What is to be said of the last formula."""

    def __post_init__(self) -> None:
        network = self.model.network
        known = network.examples > 1 or network.reduction == "mean"
        self.lifted = False
        self.way = network.reduction if known else ""

    def as_one(
        self,
        tokens: Sequence[Token],
        letters: Mapping[Token, str],
        sides: tuple[Formula, ...],
    ) -> tuple[Formula, ...]:
        """The sides of a formula with sums over examples as those of one example.

        `letters` are those of its names, as :func:`marks` has them.
        Raises :class:`Unreadable` where they are not the same for one.
        """
        self.said = []
        sides = gathered(sides, self.model)
        summed = {letter for t in tokens for letter in _counted(t)} & set(letters.values())
        nodes = [node for side in sides for node in walk(side)]
        self.lifted = bool(summed) or any(isinstance(node, OverExamples) for node in nodes)
        if not self.lifted:
            return sides
        self._check_names(tokens, letters, summed)
        try:
            lifted = Lifted(self.model, sides, shorthand=not any(t.kind in _D for t in tokens))
        except OfExamplesError as error:
            raise tokens[0].error(str(error)) from None
        if lifted.way:
            self._settle(lifted, tokens[0])
        return lifted.sides

    def _settle(self, lifted: Lifted, first: Token) -> None:
        """Keep whether the error is a sum or a mean; raise where that is said to be otherwise.

        That it is the sum has to be stated, for who leaves out 1/m says so of its gradients.
        """
        defines = any(side == Name(self.model.total) for side in lifted.sides)
        if self.way not in ("", lifted.way) or (self.way + lifted.way == "sum" and not defines):
            raise first.error(_UNSURE[lifted.way])
        if not self.way:
            message = f"the error is taken for the {lifted.way} over the examples"
            self.said.append(Finding("layout", message, Severity.NOTE))
        self.way = lifted.way

    def _check_names(
        self,
        tokens: Sequence[Token],
        letters: Mapping[Token, str],
        summed: set[str],
    ) -> None:
        """Raise where names are of other examples than those of the Σ before them, or of none."""
        if len(set(letters.values())) > 1:
            raise tokens[0].error(WHOSE)
        behind = False
        for token in tokens:
            begins = bool(set(_counted(token)) & summed)
            behind = (behind or begins) and token.kind not in _RELATIONS
            total = token.formula == Name(self.model.total)
            own = has_examples(token.formula, self.model)
            misplaced = own and bool(letters) and not behind
            unmarked = own and token not in letters
            if misplaced or unmarked or (total and (token in letters) != behind):
                raise tokens[0].error(WHOSE)
            if token in letters and is_parameter(token.formula, self.model):
                raise token.error(SAME_WEIGHT)


_UNSURE = {
    "sum": "it may be right if the error is the sum over the examples; state the error before it",
    "mean": "it may be right if the error is the mean over the examples, and it is their sum",
}


def gathered(sides: tuple[Formula, ...], model: Model) -> tuple[Formula, ...]:
    """The sides of Δ := Δ + …, which adds the derivative of one example's error by a weight.

    Elsewhere Δ is the error's derivative by it, or the Σ of those where it is divided by m. What
    it is before the first example is no claim.
    """
    first, *others = sides
    nodes = [node for side in sides for node in walk(side)]
    added = others[0] if len(others) == 1 else None
    changes = isinstance(first, Change) and is_parameter(first.of, model)
    begins = isinstance(added, Sum) and added.terms[0] == first
    if isinstance(added, Sum) and begins and (changes or isinstance(first, Gathered)):
        assert isinstance(first, Change | Gathered)
        rest = total(added.terms[1:])
        if not any(isinstance(node, Change | Gathered) for node in walk(rest)):
            return Partial(Name(model.total), first.of), rest
    if isinstance(first, Unknown) or any(is_number(side) for side in others):
        return tuple(transform(side, _as_unknown) for side in sides)
    divided = any(isinstance(node, Unknown) for node in nodes)

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Gathered):
            return None
        slope = Partial(Name(model.total), node.of)
        return OverExamples(slope) if divided else slope

    return tuple(transform(side, rule) for side in sides)


def _as_unknown(node: Formula) -> Formula | None:
    return Unknown("Δ", "Δ", 0) if isinstance(node, Gathered) else None


def _counted(token: Token) -> tuple[str, ...]:
    return token.formula.counted if isinstance(token.formula, SumSign) else ()
