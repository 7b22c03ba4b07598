"""Powers and functions; which function σ, f or φ is depends on the layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from derive.formula import (
    NORM,
    RATIONALS,
    Array,
    Call,
    Composite,
    Count,
    Formula,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Transposed,
    evaluate,
    is_matrix,
    product,
    walk,
)
from derive.formula.index import Index
from derive.functions import ACTIVATIONS, SOFTMAX
from derive.grammar.building.callbacks import Callbacks, sign_and_operand
from derive.grammar.building.components import ComponentError, Components
from derive.grammar.tokens import COMPOSITE, SumSign, Token
from derive.grammar.unfinished import (
    Arguments,
    Differential,
    Group,
    Operator,
    Subscript,
    Unbracketed,
    index_letters,
    magnitude,
    plain,
    ungrouped,
)
from derive.grammar.written import Applied, Joined, Unknown

HIGHEST_POWER = 1_000


_OWN_INDEX = re.compile(r"_\s*\{?\s*([A-Za-z0-9])(?![A-Za-z])")


def _index_signs(formula: Formula) -> Iterator[str]:
    """The letters and the digits in the indices of a formula's names."""
    yield from index_letters(formula)
    for node in walk(formula):
        if isinstance(node, Array):
            yield from node.text.partition("_")[2]
        of = node.of if isinstance(node, Array) else node
        if isinstance(of, Name):
            yield from of.name.partition("_")[2]
        for _, number in of.indices if isinstance(of, Member) else ():
            yield str(number)


class Calls(Callbacks):
    """The callbacks of powers and functions."""

    def factor(self, parts: list[Any]) -> Formula:
        """A factor a, a^2, Wᵀ."""
        value: Formula = parts[0]
        if len(parts) > 1:
            self._check_braces(value, (Sum, Negative, Product, Quotient, Power, Unbracketed))
        if isinstance(value, Unbracketed) and len(parts) > 1:
            raise self._error("it is not clear what the power is of; write brackets", value.place)
        if sum(kind == "^" for kind, _ in parts[1:]) > 1:
            raise self._error("a power of a power needs brackets: (a^b)^c or a^(b^c)")
        for kind, exponent in parts[1:]:
            if kind == "T":
                value = Transposed(plain(value))
            elif kind == "entry":
                value = self._entry(value, exponent)
            else:
                if isinstance(value, Differential | Operator | SumSign):
                    raise self._error(
                        "second derivatives are not read", getattr(value, "place", None)
                    )
                value = Power(plain(value), self._exponent(exponent))
                self._check_entrywise(value)
        return value

    def _check_entrywise(self, power: Power) -> None:
        """Raise :class:`Unreadable` for a power that no product is, and what may be an inverse."""
        if not any(isinstance(node, Layer) for node in walk(power.base)):
            # An x that is a matrix may still be the variable of a function here.
            return
        shape = self._meaning.shape(power.base)
        if shape is None:
            return
        matrix = min(shape) > 1 and shape[0] != shape[1]
        if matrix or (isinstance(power.exponent, Number) and power.exponent.value < 0):
            raise self._error(
                "a power of a matrix may be meant entry by entry or not; write W ⊙ W, or W W"
            )

    def _exponent(self, exponent: Formula) -> Formula:
        """An exponent as the number it is: w^{(1 − 1)} is w^0."""
        found = ungrouped(plain(exponent))
        size = magnitude(found)
        counted = None if size is not None else self._as_index(found)
        if counted is not None:
            return Count(counted)
        if size is None:
            raise self._error("an exponent has to be a number, as in x^2 or x^{-1}")
        if size > HIGHEST_POWER:
            raise self._error(f"an exponent above {HIGHEST_POWER:,}")
        return found if isinstance(found, Number) else Number(evaluate(found, RATIONALS))

    def _as_index(self, exponent: Formula) -> Index | None:
        """An exponent of index letters and numbers, t − k; nothing if it is none."""
        terms = exponent.terms if isinstance(exponent, Sum) else (exponent,)
        letters: list[str] = []
        number = 0
        for term in terms:
            minus = isinstance(term, Negative)
            of = term.term if isinstance(term, Negative) else term
            if isinstance(of, Number) and of.value.denominator == 1:
                number += -of.value.numerator if minus else of.value.numerator
            elif isinstance(of, Unknown) and of.text in self.reading.indices | self.reading.limits:
                letters.append(f"-{of.text}" if minus else of.text)
            else:
                return None
        return tuple(letters), number

    power = sign_and_operand("^")

    def raised(self, parts: list[Any]) -> Any:
        """²."""
        return ("^", self._token(parts[0]).formula)

    def transpose(self, parts: list[Any]) -> Any:
        """ᵀ."""
        return ("T", None)

    def entry(self, parts: list[Any]) -> Any:
        """The index behind brackets."""
        return ("entry", self._token(parts[0]))

    def _entry(self, value: Formula, token: Token) -> Formula:
        index = token.formula
        assert isinstance(index, Subscript)
        try:
            return Group(Components(self._meaning, self.reading.indices).of(value, index.indices))
        except ComponentError as error:
            raise token.error(str(error)) from None

    def call(self, parts: list[Any]) -> Formula:
        """A call f(a), f'(a)."""
        token = self._token(parts[0])
        function = token.formula
        assert isinstance(function, Call)
        argument = plain(self._closed(parts[2]) if len(parts) == 4 else parts[1])
        if function.function == COMPOSITE:
            raise token.error("prod is read of two derivatives or more: prod(∂J/∂Y, ∂Y/∂X)")
        if function.function == SOFTMAX and not is_matrix(argument):
            raise token.error(
                "softmax is a function of all net inputs of a layer: write their vector, or"
                " e^{net} over the sum of all of them"
            )
        if token.text.strip(" \\") == "log":
            self._note_alias(token, "log is read as the natural logarithm, ln")
        own = _OWN_INDEX.search(token.text)
        if own and own[1] not in set(_index_signs(argument)):
            message = f"{token.text.strip()} has another index than what it is applied to"
            raise token.error(message)
        if not function.function.startswith("?"):
            return Call(function.function, argument, function.primes)
        return self._activation(function, argument, token)

    def composite(self, parts: list[Any]) -> Formula:
        """Prod(a, b), which is the product where these are numbers."""
        token = self._token(parts[0])
        assert isinstance(token.formula, Call)
        assert isinstance(parts[1], Arguments)
        of = parts[1].of
        if token.formula.function.startswith("?") and not token.formula.primes:
            return Applied(token.text.strip(), of, token.start)
        if token.formula.function != COMPOSITE:
            raise self._error(
                "a comma has no meaning here; write 0.5 with a point, and equations apart",
                parts[1].place,
            )
        return Composite(of) if any(map(is_matrix, of)) else product(of)

    def norm(self, parts: list[Any]) -> Formula:
        """‖a‖."""
        return Call(NORM, plain(parts[1]))

    def _activation(self, function: Call, argument: Formula, token: Token) -> Formula:
        """σ, f or φ: the activation of the layer whose net input it is applied to."""
        letter, written = function.function.removeprefix("?"), token.text.strip()
        if not self._meaning.activations:
            return self._of_equations(function, argument, token)
        layer = self._layer_of(argument)
        used = dict.fromkeys(self._meaning.activations)
        if layer is None and letter == "σ" and (not used or "sigmoid" in used):
            return Call("sig", argument, function.primes)
        names = list(used) if layer is None else [self._meaning.activations[layer - 1]]
        if len(names) != 1:
            raise token.error(
                f"which function {written} is depends on the layer; write sig, tanh or relu"
            )
        if names[0] not in ACTIVATIONS:
            raise token.error(
                f"{written} would be {names[0]} here, which has no sign of its own;"
                " write out what it is"
            )
        symbol = ACTIVATIONS[names[0]].symbol
        if letter == "σ" and names[0] != "sigmoid":
            self._note_alias(token, f"{written} is read as the activation, {names[0]}")
        if not symbol:
            return Number(Fraction(1)) if function.primes else argument
        return Call(symbol, argument, function.primes)

    def _of_equations(self, function: Call, argument: Formula, token: Token) -> Formula:
        """The function that equations apply to this argument, whatever its letter is."""
        found = self._meaning.applied(argument, function.function.removeprefix("?"))
        found = () if function.primes and SOFTMAX in found else found
        if not found and function.function == "?σ":
            found = ("sig",)
        if not found and (made := self._meaning.made_of(argument, function.primes)) is not None:
            return made
        if len(found) != 1:
            written = token.text.strip()
            names = " or ".join(sorted(symbol or "the identity" for symbol in found))
            raise token.error(
                f"which function {written} is cannot be told from its argument"
                + (f": {names}" if found else "; write sig, tanh or relu")
            )
        (symbol,) = found
        if not symbol:
            return Number(Fraction(min(1, 2 - function.primes))) if function.primes else argument
        return Call(symbol, argument, function.primes)

    def _layer_of(self, argument: Formula) -> int | None:
        if isinstance(argument, Name):
            return self._meaning.net_layer(argument.name)
        if isinstance(argument, Neuron | Layer) and argument.kind == "net":
            return argument.layer
        return None

    def bare_call(self, parts: list[Any]) -> Formula:
        """A call without brackets: sig x."""
        return Unbracketed(self.call(parts), self._start(parts[0]))

    def arguments(self, parts: list[Any]) -> Formula:
        """(a, b), or [a, b]."""
        of, place = tuple(plain(part) for part in parts[1::2]), self._start(parts[2])
        opening = self._start(parts[0])
        square = self.reading.slice(opening, self._end(parts[0])).rstrip().endswith("[")
        return Group(Joined(of, opening)) if square else Arguments(of, place)

    def power_call(self, parts: list[Any]) -> Formula:
        """f²(a)."""
        exponent = self._exponent(parts[2])
        if not isinstance(exponent, Number) or exponent.value <= 0:
            raise self._error(
                "this may be the inverse function or a power; write (f(x))^{-1} or 1/f(x)",
                self._start(parts[0]),
            )
        return Power(self.call([parts[0], parts[-2]]), exponent)

    def bare_power_call(self, parts: list[Any]) -> Formula:
        """f² a."""
        function, power, exponent, argument = parts
        return Unbracketed(
            self.power_call([function, power, exponent, argument, None]), self._start(function)
        )

    def root(self, parts: list[Any]) -> Formula:
        """A square root √a."""
        return Power(plain(parts[2] if len(parts) == 4 else parts[1]), Number(Fraction(1, 2)))

    def bare_root(self, parts: list[Any]) -> Formula:
        """A root without brackets: √x; of a number, everybody sees where it ends."""
        root = Power(plain(parts[1]), Number(Fraction(1, 2)))
        return Unbracketed(root, self._start(parts[0]), isinstance(parts[1], Number))

    def exponential(self, parts: list[Any]) -> Formula:
        """An exponential e^a."""
        return Unbracketed(Call("exp", plain(parts[2])), self._start(parts[0]), ends=True)
