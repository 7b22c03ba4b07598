r"""Sums and means over examples: Σ_i of what is x^{(i)}'s, Δ := Δ + …; read for one example.

A network has one example. What holds for each of several holds for it. The error of all of them,
its gradients and what stands behind a Σ over examples are sums or means: an equation between such
holds for any number of examples if and only if it holds for one of them without the Σ, and without
the 1/m before it where the error is their mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.checking.accumulators import gathered
from derive.checking.examples import is_capital
from derive.checking.layer_letters import numbered
from derive.checking.of_examples import SAME_WEIGHT, WHOSE, bare, has_examples, is_parameter
from derive.checking.over_examples import Lifted, OfExamplesError
from derive.formula import (
    ONES,
    Formula,
    Gradient,
    Name,
    Negative,
    Number,
    Partial,
    Quotient,
    transform,
    walk,
)
from derive.grammar.findings import Finding, Severity
from derive.grammar.tokens import SumSign, Token
from derive.grammar.unfinished import STEPS, Chain, index_letters
from derive.grammar.written import Change, Unknown
from derive.grammar.written import Examples as OverExamples
from derive.model import Model

_OF_ONE = re.compile(r"\^.*\(([a-z])\)|_(x)\Z")
_ABOVE, _BELOW = re.compile(r"\^\(([a-z])\)"), re.compile(r"_([a-z])\Z")
_D = frozenset({"D", "DTOP"})
_RELATIONS = frozenset({"EQUALS", "APPROX", "BECOMES", "GROWS", "FALLS"})


def marks(tokens: Sequence[Token], model: Model) -> Mapping[Token, str]:
    """The letters of the examples of which names are: i of x^{(i)}, x of C_x and of y(x)."""
    table = model.network.naming.table
    layers = (table.layer, table.last) if model.has_neurons else ()
    found: dict[Token, str] = {}
    for place, token in enumerate(tokens):
        if token.kind != "NAME":
            continue
        text = bare(token.text)
        written = _OF_ONE.search(text)
        if not model.has_neurons:
            counts = has_examples(token.formula, model) or token.formula == Name(model.total)
            if counts and (letter := _numbered(token, text)) is not None:
                found[token] = letter
        elif written and (written[1] or token.formula == Name(model.total)):
            found[token] = written[1] or written[2]
        elif token.formula is not None and (letter := _argument(tokens, place + 1)):
            found[token] = letter
    return {token: letter for token, letter in found.items() if letter not in layers}


def _numbered(token: Token, text: str) -> str | None:
    """The i of x_j^{(i)} or of y_i, in a network whose x_j and y are called so."""
    of = token.formula
    above, below = _ABOVE.search(text), _BELOW.search(text)
    if above and of is not None and above[1] not in index_letters(of):
        return numbered(f"({above[1]})") or None
    single = isinstance(of, Name) and "_" not in of.name
    return numbered(f"({below[1]})") or None if below and single else None


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


def without_examples(
    tokens: Sequence[Token], letters: Mapping[Token, str]
) -> tuple[list[Token], Mapping[Token, str]]:
    """The tokens, and those of examples, without the (x) of y(x) where a Σ counts the examples x.

    That x^{(i)} is x needs no remark.
    """
    summed = {letter for token in tokens for letter in _counted(token)}
    left = [replace(token, alias=False) if token in letters else token for token in tokens]
    kept = {replace(token, alias=False): letter for token, letter in letters.items()}
    for token, letter in kept.items():
        at = left.index(token) + 1
        if letter in summed and [t.text for t in left[at : at + 3]] == ["(", letter, ")"]:
            del left[at : at + 3]
    return left, kept


@dataclass
class Examples:
    """What is said of several examples in the formulas about one model."""

    model: Model
    way: str = ""
    """Whether the error is the sum over the examples or their mean, as far as it has been said."""
    said: list[Finding] = field(default_factory=list)
    """What is to be said of the last formula."""
    lifted: bool = False
    """Whether the last formula was one of several examples, or of what a row adds."""
    asked: set[str] = field(default_factory=set)
    """The formulas that may be right if the error is the sum, and were not read for that."""
    averages: bool = False
    """Whether a number of examples divides anything in the document."""
    several: bool = False
    """Whether its sides are not what is written, but the same for one example."""

    def __post_init__(self) -> None:
        network = self.model.network
        known = network.examples > 1 or network.reduction == "mean"
        self.way = network.reduction if known else ""

    @property
    def found_out(self) -> str:
        """That the error is the sum, where several formulas ask for it and nothing is a mean."""
        return "sum" if len(self.asked) > 1 and not self.way and not self.averages else ""

    def hear(self, text: str) -> None:
        """Look for means in a text."""
        self.averages = self.averages or _MEAN.search(text) is not None

    def as_one(self, tokens: Sequence[Token], letters: Mapping[Token, str], chain: Chain) -> Chain:
        """A formula with sums over examples as one of one example.

        `letters` are those of its names, as :func:`marks` has them.
        Raises :class:`Unreadable` where they are not the same for one.
        """
        self.said = []
        try:
            sides, grows = gathered(chain, self.model)
        except ValueError as error:
            raise tokens[0].error(str(error)) from None
        summed = {letter for t in tokens for letter in _counted(t)} & set(letters.values())
        nodes = [node for side in sides for node in walk(side)]
        columns = self._are_columns(tokens, sides)
        self.lifted = (
            bool(summed) or columns or any(isinstance(node, OverExamples) for node in nodes)
        )
        if not self.lifted:
            self.lifted, self.several = grows, bool(letters)
            if grows:
                self._check_letters(tokens, letters)
            return self._made(chain, sides, tokens, grows)
        self.several = True
        if columns:
            sides = tuple(transform(side, self._of_columns) for side in sides)
        else:
            self._check_names(tokens, letters, summed)
        if grows:
            sides = (OverExamples(sides[0]), *sides[1:])
        try:
            lifted = Lifted(self.model, sides, shorthand=not any(t.kind in _D for t in tokens))
        except OfExamplesError as error:
            raise tokens[0].error(str(error)) from None
        if lifted.way:
            self._settle(lifted, tokens, columns)
        return self._made(chain, lifted.sides, tokens, grows)

    def _made(
        self, chain: Chain, sides: tuple[Formula, ...], tokens: Sequence[Token], grows: bool
    ) -> Chain:
        """The chain with other sides; what a row adds begins behind the value before."""
        if {*chain.signs} & STEPS:
            return replace(chain, sides=sides, signs=("EQUALS",))
        if not grows:
            return replace(chain, sides=sides)
        behind, depth = chain.spans[1][0], 0
        for token in tokens:
            depth += (token.kind == "LPAR") - (token.kind == "RPAR")
            if token.start >= behind and not depth and token.kind in ("PLUS", "MINUS"):
                behind = token.end if token.kind == "PLUS" else token.start
                break
        return Chain(sides, ("EQUALS",), (chain.spans[0], (behind, chain.spans[1][1])))

    def _are_columns(self, tokens: Sequence[Token], sides: Sequence[Formula]) -> bool:
        """Whether a formula of a gradient or a step has the matrices of all examples: dZ Aᵀ."""
        if not self.model.has_neurons:
            return False
        names = [t for t in tokens if t.kind == "NAME" and has_examples(t.formula, self.model)]
        left = sides[0].term if isinstance(sides[0], Negative) else sides[0]
        left = left.by if isinstance(left, Partial | Gradient) else left
        adds = isinstance(left, Change) or is_parameter(left, self.model)
        return adds and bool(names) and all(is_capital(token, self.model) for token in names)

    def _of_columns(self, node: Formula) -> Formula | None:
        """A bold 1 as the vector of ones, and the number of the file's examples as their letter."""
        if isinstance(node, Unknown) and node.stem == "1":
            return ONES
        count = self.model.network.examples
        if self.way != "mean" or count < 2 or not isinstance(node, Quotient):
            return None
        counted = isinstance(node.bottom, Number) and node.bottom.value == count
        return Quotient(node.top, Unknown("m", "m", 0)) if counted else None

    def _settle(self, lifted: Lifted, tokens: Sequence[Token], columns: bool) -> None:
        """Keep whether the error is a sum or a mean; raise where that is said to be otherwise.

        That it is the sum has to be stated, for who leaves out 1/m says so of its gradients. Of
        examples as `columns` nobody has to say what is usual.
        """
        defines = any(side == Name(self.model.total) for side in lifted.sides)
        usual = "mean" if self.model.network.averages else "sum"
        if columns and not self.way and lifted.way == usual:
            return
        if self.way not in ("", lifted.way) or (self.way + lifted.way == "sum" and not defines):
            if lifted.way == "sum" and not self.way:
                self.asked.add(" ".join(token.text for token in tokens))
            raise tokens[0].error(_UNSURE[lifted.way])
        if not self.way:
            message = f"the error is taken for the {lifted.way} over the examples"
            self.said.append(Finding("layout", message, Severity.NOTE))
        self.way = lifted.way

    def _check_letters(self, tokens: Sequence[Token], letters: Mapping[Token, str]) -> None:
        """Raise where what a row adds is not of one example, or nobody can tell of how many."""
        errors = [t for t in tokens if t.formula == Name(self.model.total) and t not in letters]
        own = {t for t in tokens if t.kind == "NAME" and has_examples(t.formula, self.model)}
        several = len(set(letters.values())) > 1 or (letters and own - letters.keys())
        if several or len(errors) > 2:
            raise tokens[0].error(WHOSE)
        if any(is_parameter(token.formula, self.model) for token in letters):
            raise tokens[0].error(SAME_WEIGHT)

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


_MEAN = re.compile(
    r"\\[dt]?frac\s*(?:\{[^{}]*\}|\d)\s*(?:\{\s*\d*\s*[mnNMB]\s*\}|[mnNMB])"
    r"|/\s*\(?\s*\d*\s*[mnNMB](?![A-Za-z_])"
    r"|\\mathbb\s*\{?\s*E|\\operatorname\s*\{\s*E\s*\}|\bmean\b|\baverage"
)
"""1/m, 1/(2N), an expectation, or a word for a mean."""


def _counted(token: Token) -> tuple[str, ...]:
    return token.formula.counted if isinstance(token.formula, SumSign) else ()
