"""From the grammar's rules to written formulas, with a note of what was read charitably."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lark import Token as LarkToken
from lark.visitors import Transformer_NonRecursive

from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices, ShapeError, is_matrix
from derive.formula import (
    Call,
    Cases,
    Delta,
    Dots,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Updated,
    product,
    total,
    walk,
)
from derive.formulas.claims import Finding, Severity
from derive.formulas.dots import DotsError, filled
from derive.formulas.tokens import SumSign, Token, Unreadable
from derive.formulas.unfinished import (
    Arguments,
    Braced,
    Chain,
    Differential,
    Group,
    Operator,
    Reading,
    Unbracketed,
    magnitude,
    plain,
    ungrouped,
    written_out,
)
from derive.formulas.written import Placeholder, Unknown
from derive.functions import ACTIVATIONS, SOFTMAX
from derive.model import Model, Role

HIGHEST_POWER = 1_000
MOST_SUMMANDS = 10_000
MOST_WRITTEN_OUT = 50_000
"""Names, numbers and signs of an equation when every Σ in it is written out."""


def _opposite(first: Formula | None, second: Formula) -> bool:
    """Whether x > 0 and x ≤ 0 are the two conditions, as differences."""
    if first is None:
        return False
    if second == Negative(first) or first == Negative(second):
        return True
    both = [t.terms if isinstance(t, Sum) else (t,) for t in (first, second)]
    turned = {t.term if isinstance(t, Negative) else Negative(t) for t in both[0]}
    return turned == set(both[1])


class Builder(Transformer_NonRecursive):  # type: ignore[type-arg]
    """Callbacks of the grammar's rules. `reading` is set anew for each text."""

    reading: Reading

    def __init__(self, indices: Indices) -> None:
        super().__init__()
        self._indices = indices

    # Leaves.

    def _token(self, token: LarkToken) -> Token:
        assert token.start_pos is not None
        return self.reading.tokens[token.start_pos]

    def number(self, parts: list[Any]) -> Formula:
        """NUMBER."""
        formula = self._token(parts[0]).formula
        assert formula is not None
        return formula

    def negative_number(self, parts: list[Any]) -> Formula:
        """- NUMBER, in an exponent."""
        found = self.number(parts[1:])
        assert isinstance(found, Number)
        return Number(-found.value)

    def name(self, parts: list[Any]) -> Formula:
        """NAME."""
        token = self._token(parts[0])
        assert token.formula is not None
        if token.alias:
            self.reading.findings.append(
                Finding(
                    "alias",
                    f"{token.text} is read as {{{token.start}}}",
                    Severity.NOTE,
                    start=token.start,
                    end=token.end,
                )
            )
        return token.formula

    def dots(self, parts: list[Any]) -> Formula:
        """An ellipsis."""
        return Dots()

    def sum_sign(self, parts: list[Any]) -> Formula:
        """Σ, whose body is what follows it."""
        sign = self._token(parts[0]).formula
        assert sign is not None
        return sign

    def group(self, parts: list[Any]) -> Formula:
        """( … )."""
        return Group(parts[1])

    def braced(self, parts: list[Any]) -> Formula:
        """{ … }."""
        return Braced(parts[1], self._start(parts[0]))

    def _check_braces(self, item: Formula, kinds: tuple[type[Formula], ...]) -> None:
        """Raise :class:`Unreadable` where braces would have to be brackets to be seen."""
        if isinstance(item, Braced):
            inside = item.inside
            while isinstance(inside, Braced):
                inside = inside.inside
            if isinstance(inside, kinds):
                raise self._error("braces do not show in print; write brackets", item.place)

    # Sums and products.

    def sum(self, parts: list[Any]) -> Formula:
        """A + b − c."""
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        terms = [plain(part) for part in parts]
        if any(isinstance(term, Dots) for term in terms):
            try:
                terms = filled([ungrouped(term) for term in terms], self._indices)
            except DotsError as error:
                raise self._error(str(error), None) from None
        return total(terms)

    def plus(self, parts: list[Any]) -> Formula:
        """+ a."""
        return plain(parts[1])

    def minus(self, parts: list[Any]) -> Formula:
        """− a."""
        self._check_braces(parts[1], (Sum,))
        return Negative(plain(parts[1]))

    def negative(self, parts: list[Any]) -> Formula:
        """− a, at the head."""
        self._check_braces(parts[1], (Sum,))
        return _negated(parts[1])

    def positive(self, parts: list[Any]) -> Formula:
        """+ a, at the head."""
        return parts[1]  # type: ignore[no-any-return]

    negative_operand = negative

    def signed(self, parts: list[Any]) -> Formula:
        """A term."""
        return parts[0]  # type: ignore[no-any-return]

    def times(self, parts: list[Any]) -> Any:
        """· a."""
        return ("*", parts[1])

    def divided(self, parts: list[Any]) -> Any:
        """/ a."""
        return ("/", parts[1])

    def entrywise(self, parts: list[Any]) -> Any:
        """⊙ a."""
        return ("⊙", parts[1])

    def product(self, parts: list[Any]) -> Formula:
        """A · b / c d, from the left; Σ and ∂/∂x take what follows them."""
        items = [part if isinstance(part, tuple) else ("", part) for part in parts]
        self._check_unambiguous(items)
        return self._product(self._applied(items) if self._indices else items)

    def _check_unambiguous(self, items: Sequence[tuple[str, Formula]]) -> None:
        """Raise :class:`Unreadable` for ln x y and a / b c, which can be read in two ways."""
        for sign, item in items if len(items) > 1 else ():
            self._check_braces(item, (Sum, Negative, *((Product, Quotient) if sign == "/" else ())))
        for place, ((sign, item), (after, follows)) in enumerate(pairwise(items)):
            if isinstance(item, Unbracketed) and (
                after == "/" or (not after and not isinstance(_base(follows), Call))
            ):
                raise self._error("what the function is of, ends where? write brackets", item.place)
            loose = sign == "/" and not after and isinstance(item, _SINGLE)
            if loose and not isinstance(follows, SumSign | Operator | Differential):
                before = items[place - 1] if place else None
                numbers = before is not None and isinstance(before[1], Number)
                if not (numbers and isinstance(item, Number)):
                    raise self._error("a / b c may be (a / b) c or a / (b c); write brackets", None)

    def _applied(self, items: list[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
        """The factors, E(w) being E where E depends on w and no product."""
        found: list[tuple[str, Formula]] = []
        for sign, item in items:
            before = found[-1][1] if found else None
            arguments = item.of if isinstance(item, Arguments) else (plain(item),)
            single = isinstance(item, Group) and isinstance(arguments[0], _SINGLE)
            if isinstance(item, Arguments) or (single and not sign and before is not None):
                depends = not sign and self._depends(before, arguments)
                if depends is None or (
                    depends and single and not self._is_call(items, before, arguments)
                ):
                    raise self._error(
                        "this may be a product, or a quantity with what it depends on; write a"
                        " sign, or leave the brackets out",
                        None,
                    )
                if depends:
                    self._note_application(before, arguments)
                    continue
                if isinstance(item, Arguments):
                    raise self._error(_COMMA, item.place)
            found.append((sign, item))
        return found

    def _depends(self, quantity: Formula | None, arguments: Sequence[Formula]) -> bool | None:
        """Whether a quantity depends on all arguments; nothing where letters leave it open."""
        if isinstance(quantity, Neuron):
            open_ = quantity.kind in ("out", "net", "error") and quantity.layer > 0
            return None if open_ else False
        if isinstance(quantity, Member):
            stem = f"{quantity.stem}_"
            return None if any(n.startswith(stem) for n in self._model.definitions) else False
        if not isinstance(quantity, Name) or not all(isinstance(a, Name) for a in arguments):
            return False
        names = [a.name for a in arguments if isinstance(a, Name)]
        return all(quantity.name in self._model.dependents(name) for name in names)

    def _is_call(
        self,
        items: Sequence[tuple[str, Formula]],
        quantity: Formula | None,
        arguments: Sequence[Formula],
    ) -> bool:
        """Whether E(w) stands alone, or the argument is what the definition is made of."""
        assert isinstance(quantity, Name)
        inputs = self._model.inputs_of[quantity.name]
        others = [item for _, item in items if not isinstance(item, Operator)]
        return len(others) == 2 or all(isinstance(a, Name) and a.name in inputs for a in arguments)

    def _note_application(self, quantity: Formula | None, arguments: Sequence[Formula]) -> None:
        assert isinstance(quantity, Name)
        listed = ", ".join(a.name for a in arguments if isinstance(a, Name))
        message = f"{quantity.name}({listed}) is read as {quantity.name}, which depends on {listed}"
        self.reading.findings.append(Finding("application", message, Severity.NOTE))

    @property
    def _model(self) -> Model:
        return self._indices.model

    def _product(self, items: list[tuple[str, Formula]]) -> Formula:
        value: Formula | None = None
        for place, (sign, found) in enumerate(items):
            item: Formula = found
            if isinstance(item, SumSign):
                rest = items[place + 1 :]
                if not rest:
                    raise self._error("Σ with nothing behind it", None)
                item = self._sum_over(item, self._product([("", rest[0][1]), *rest[1:]]))
                return self._joined(value, sign, item)
            if isinstance(item, Operator):
                rest = items[place + 1 :]
                if not rest:
                    raise self._error("∂/∂ with nothing behind it to differentiate", item.place)
                if isinstance(rest[0][1], Group):
                    if rest[1:]:
                        raise self._error("how far does the ∂/∂ reach? write brackets", item.place)
                    item = Partial(plain(rest[0][1]), item.by)
                    rest = []
                else:
                    item = Partial(plain(self._product([("", rest[0][1]), *rest[1:]])), item.by)
                    rest = []
                value = self._joined(value, sign, item)
                return self._product([("", Group(value)), *rest]) if rest else value
            if isinstance(value, Differential) or isinstance(item, Differential):
                value = self._differentials(value, sign, item)
                continue
            value = self._joined(value, sign, item)
        assert value is not None
        if len(items) > 1:
            self._finished(value)
        return value

    def _finished(self, value: Formula) -> None:
        last = value.factors[-1] if isinstance(value, Product) else value
        if isinstance(last, Differential):
            raise self._error("∂ without its '/∂…'; write ∂a/∂b", last.place)

    def _differentials(self, value: Formula | None, sign: str, item: Formula) -> Formula:
        """∂a / ∂b, or one of the two without its ∂."""
        before: list[Formula] = []
        top: Formula | None = value
        if isinstance(value, Product):
            before, top = list(value.factors[:-1]), value.factors[-1]
        if sign == "/" and top is not None:
            if isinstance(top, Differential) and isinstance(item, Differential):
                made = self._derivative(top.of, item.of, None)
            elif isinstance(top, Differential):
                self._missing(top.place, f"∂ is missing before {self._shown(item)}", item)
                made = self._derivative(top.of, item, None)
            else:
                assert isinstance(item, Differential)
                self._missing(item.place, "∂ is missing in the numerator", None)
                made = self._derivative(top, item.of, None)
            return product([*before, Group(made)]) if before else made
        if isinstance(item, Differential):
            return item if value is None else Product((*_factors(value), item))
        assert isinstance(top, Differential)
        raise self._error("∂ without its '/∂…'; write ∂a/∂b", top.place)

    def _joined(self, value: Formula | None, sign: str, item: Formula) -> Formula:
        if value is None:
            return item
        if sign == "/":
            return Quotient(plain(value), plain(item))
        if sign == "⊙":
            left = value.factors if isinstance(value, Hadamard) else (plain(value),)
            return Hadamard((*left, plain(item)))
        value = Group(value) if isinstance(value, Hadamard) else value
        if isinstance(value, Product):
            return Product((*value.factors, plain(item)))
        return Product((plain(value), plain(item)))

    def _sum_over(self, sign: SumSign, body: Formula) -> Formula:
        body = plain(body)
        letter = sign.index or "*"
        fits = self._indices.ranges(body).get(letter)
        if fits is None and sign.upper is None:
            if not sign.index:
                raise self._error("Σ without an index, over a formula without one", None)
            raise self._error(f"the index {letter} of Σ does not occur behind it", None)
        self.reading.bound.add(letter)
        bare = sign.lower is None and sign.upper is None
        if bare and not fits:
            raise self._error("there is no number for which all behind Σ exists", None)
        if fits is not None and not fits:
            raise self._error(f"no number fits the index {letter} of Σ", None)
        first, last = (fits[0], fits[-1]) if fits else (1, 1)
        if sign.lower is not None:
            first = sign.lower
        elif not bare:
            first = 1
        if sign.upper is not None:
            last = sign.upper
        if first > last:
            raise self._error(f"Σ runs from {first} to {last}: there is nothing to add", None)
        if fits and not bare and not (fits[0] <= first and last <= fits[-1]):
            there = f"{fits[-1]}" if fits[0] == 1 else f"{fits[0]} to {fits[-1]}"
            raise self._error(
                f"Σ runs from {first} to {last}, but there are {there} to count", None
            )
        if last - first >= MOST_SUMMANDS:
            raise self._error(f"a sum of more than {MOST_SUMMANDS:,} terms", None)
        if (last - first + 1) * written_out(body) > MOST_WRITTEN_OUT:
            raise self._error(_TOO_LONG_SUM, None)
        return SumOver(letter, last, body, first, bare)

    # Cases.

    def case(self, parts: list[Any]) -> tuple[Formula, Formula | None]:
        """A value & a > b: the value, and a − b."""
        left, relation, right = plain(parts[4]), parts[5].children[0].type, plain(parts[6])
        if relation == "LESS":
            left, right = right, left
        if isinstance(right, Number) and not right.value:
            return plain(parts[1]), left
        if isinstance(left, Number) and not left.value:
            return plain(parts[1]), Negative(right)
        return plain(parts[1]), total([left, Negative(right)])

    def otherwise(self, parts: list[Any]) -> tuple[Formula, Formula | None]:
        """A value and what holds elsewhere."""
        return plain(parts[1]), None

    def cases(self, parts: list[Any]) -> Formula:
        r"""\begin{cases} … \end{cases}; the last row has to be what holds otherwise."""
        rows: list[tuple[Formula, Formula | None]] = parts[1:-1]
        last, condition = rows[-1]
        complement = condition is not None and len(rows) == 2 and _opposite(rows[0][1], condition)
        if (condition is not None and not complement) or len(rows) < 2:
            raise self._error("the last case has to say 'otherwise', or the opposite", None)
        found = last
        for value, test in reversed(rows[:-1]):
            if test is None:
                raise self._error("only the last case can be 'otherwise'", None)
            found = Cases(test, value, found)
        return found

    # Powers and functions.

    def factor(self, parts: list[Any]) -> Formula:
        """A factor a, a^2, Wᵀ."""
        value: Formula = parts[0]
        if len(parts) > 1:
            self._check_braces(value, (Sum, Negative, Product, Quotient, Power, Unbracketed))
        if isinstance(value, Unbracketed) and len(parts) > 1:
            raise self._error("what the power is of, nobody can tell; write brackets", value.place)
        if sum(kind != "T" for kind, _ in parts[1:]) > 1:
            raise self._error("a power of a power needs brackets: (a^b)^c or a^(b^c)", None)
        for kind, exponent in parts[1:]:
            if kind == "T":
                value = Transposed(plain(value))
            else:
                if isinstance(value, Differential | Operator | SumSign):
                    raise self._error("second derivatives are not read", _place(value))
                value = Power(plain(value), self._exponent(exponent))
                self._check_entrywise(value)
        return value

    def _check_entrywise(self, power: Power) -> None:
        """Raise :class:`Unreadable` for a power of a matrix, and for what may be its inverse."""
        if not is_matrix(power.base):
            return
        free = self._indices.ranges(power.base)
        first = {letter: numbers[0] for letter, numbers in free.items() if numbers}
        try:
            entries = Matrices(self._indices).entries(self._indices.instance(power.base, first))
        except (ShapeError, KeyError):
            return
        matrix = len(entries) > 1 and len(entries[0]) > 1
        if matrix or (isinstance(power.exponent, Number) and power.exponent.value < 0):
            raise self._error(
                "a power of a matrix may be meant entry by entry or not; write W ⊙ W, or W W", None
            )

    def _exponent(self, exponent: Formula) -> Formula:
        found = ungrouped(plain(exponent))
        if isinstance(found, Negative) and isinstance(found.term, Number):
            found = Number(-found.term.value)
        size = magnitude(found)
        if size is None:
            raise self._error("an exponent has to be a number, as in x^2 or x^{-1}", None)
        if size > HIGHEST_POWER:
            raise self._error(f"an exponent above {HIGHEST_POWER:,}", None)
        return found

    def power(self, parts: list[Any]) -> Any:
        """^ a."""
        return ("^", parts[1])

    def raised(self, parts: list[Any]) -> Any:
        """²."""
        return ("^", self._token(parts[0]).formula)

    def transpose(self, parts: list[Any]) -> Any:
        """ᵀ."""
        return ("T", None)

    def call(self, parts: list[Any]) -> Formula:
        """A call f(a), f'(a)."""
        function = self._token(parts[0]).formula
        assert isinstance(function, Call)
        argument = plain(parts[2] if len(parts) == 4 else parts[1])
        if function.function == SOFTMAX and not is_matrix(argument):
            token = self._token(parts[0])
            raise Unreadable(
                "softmax is a function of all net inputs of a layer: write their vector, or"
                " e^{net} over the sum of all of them",
                token.start,
                token.end,
            )
        if not function.function.startswith("?"):
            return Call(function.function, argument, function.primes)
        return self._activation(function, argument, self._token(parts[0]))

    def _activation(self, function: Call, argument: Formula, token: Token) -> Formula:
        """σ, f or φ: the activation of the layer whose net input it is applied to."""
        letter = function.function.removeprefix("?")
        layer = self._layer_of(argument)
        used = dict.fromkeys(self._indices.model.network.activations)
        if layer is None and letter == "σ" and (not used or "sigmoid" in used):
            return Call("sig", argument, function.primes)
        names = (
            list(used)
            if layer is None
            else [list(self._indices.model.network.activations)[layer - 1]]
        )
        if len(names) != 1:
            raise Unreadable(
                f"which function {token.text.strip()} is depends on the layer;"
                " write sig, tanh or relu",
                token.start,
                token.end,
            )
        if names[0] not in ACTIVATIONS:
            raise Unreadable(
                f"{token.text.strip()} would be {names[0]} here, which has no sign of its own;"
                " write out what it is",
                token.start,
                token.end,
            )
        symbol = ACTIVATIONS[names[0]].symbol
        if letter == "σ" and names[0] != "sigmoid":
            self.reading.findings.append(
                Finding(
                    "alias",
                    f"{token.text.strip()} is read as the activation, {names[0]}",
                    Severity.NOTE,
                    None,
                    token.start,
                    token.end,
                )
            )
        if not symbol:
            return Number(Fraction(1)) if function.primes else argument
        return Call(symbol, argument, function.primes)

    def _layer_of(self, argument: Formula) -> int | None:
        if isinstance(argument, Name):
            quantity = self._indices.model.quantities[argument.name]
            return quantity.layer if quantity.role is Role.NET else None
        if isinstance(argument, Neuron | Layer) and argument.kind == "net":
            return argument.layer
        return None

    def bare_call(self, parts: list[Any]) -> Formula:
        """A call without brackets: sig x."""
        return Unbracketed(self.call(parts), self._start(parts[0]))

    def arguments(self, parts: list[Any]) -> Formula:
        """(a, b)."""
        return Arguments(tuple(plain(part) for part in parts[1::2]), self._start(parts[2]))

    def power_call(self, parts: list[Any]) -> Formula:
        """f²(a)."""
        exponent = self._exponent(parts[2])
        if not isinstance(exponent, Number) or exponent.value <= 0:
            raise self._error(
                "this may be the inverse function or a power; write (f(x))^{-1} or 1/f(x)",
                self._start(parts[0]),
            )
        return Power(self.call([parts[0], parts[4]]), exponent)

    def root(self, parts: list[Any]) -> Formula:
        """A square root √a."""
        return Power(plain(parts[2] if len(parts) == 4 else parts[1]), Number(Fraction(1, 2)))

    def exponential(self, parts: list[Any]) -> Formula:
        """An exponential e^a."""
        return Call("exp", plain(parts[2]))

    # Derivatives.

    def differential(self, parts: list[Any]) -> Formula:
        """∂a, outside of a fraction."""
        assert parts[0].start_pos is not None
        return Differential(plain(parts[1]), parts[0].start_pos)

    def plain_operator(self, parts: list[Any]) -> Formula:
        """∂/∂a."""
        return Operator(self._by(plain(parts[3])), parts[0].start_pos)

    def operator(self, parts: list[Any]) -> Formula:
        r"""\frac{∂}{∂a}."""
        return Operator(self._by(plain(parts[6])), parts[0].start_pos)

    def derivative(self, parts: list[Any]) -> Formula:
        r"""\frac{∂a}{∂b}."""
        return self._derivative(parts[3], parts[7], parts)

    def missing_bottom(self, parts: list[Any]) -> Formula:
        r"""\frac{∂a}{b}: read as \frac{∂a}{∂b}."""
        start, end = parts[0].start_pos, self._end(parts[-1])
        inside = self._end(parts[5])
        bottom = self.reading.slice(inside, end).lstrip()
        repaired = f"{self.reading.slice(start, inside)}\\partial {bottom}"
        self._missing(start, "∂ is missing in the denominator", None, repaired, end)
        return self._derivative(parts[3], parts[6], parts)

    def missing_top(self, parts: list[Any]) -> Formula:
        r"""\frac{a}{∂b}: read as \frac{∂a}{∂b}."""
        start, end = parts[0].start_pos, self._end(parts[-1])
        inside = self._end(parts[1])
        top = self.reading.slice(inside, self._start(parts[3]))
        scoped = isinstance(parts[2], Sum)
        opening, closing = ("(", ")") if scoped else ("", "")
        repaired = (
            f"{self.reading.slice(start, inside)}\\partial {opening}{top.strip()}{closing}"
            f"{self.reading.slice(self._start(parts[3]), end)}"
        )
        self._missing(start, "∂ is missing in the numerator", None, repaired, end)
        return self._derivative(plain(parts[2]), parts[6], None)

    def quotient(self, parts: list[Any]) -> Formula:
        r"""\frac{a}{b}."""
        return Quotient(plain(parts[2]), plain(parts[5]))

    def fraction(self, parts: list[Any]) -> Formula:
        """One of the five kinds of fraction."""
        return parts[0]  # type: ignore[no-any-return]

    def _derivative(self, of: Formula, by: Formula, parts: list[Any] | None) -> Formula:
        if isinstance(of, Sum) and parts is not None:
            start, end = parts[0].start_pos, self._end(parts[-1])
            inside = self._end(parts[2])
            closing = self._start(parts[4])
            top = self.reading.slice(inside, closing).strip()
            self.reading.findings.append(
                Finding(
                    "partial-scope",
                    "∂ stands before a sum without brackets; it is read as the derivative of the"
                    " whole sum",
                    Severity.WARNING,
                    self.reading.slice(start, inside)
                    + f" ({top})"
                    + self.reading.slice(closing, end),
                    start,
                    end,
                )
            )
        return Partial(plain(of), self._by(plain(by)))

    def _by(self, by: Formula) -> Formula:
        if isinstance(by, Updated):
            raise self._error("a derivative by an updated weight", None)
        if isinstance(by, Unknown | Name | Neuron | Layer) or not by.parts():
            return by
        if isinstance(by, Power):
            raise self._error("second derivatives are not read; ∂ by a single quantity is", None)
        raise self._error("∂ by something that is not a single quantity", None)

    def _missing(
        self,
        start: int,
        message: str,
        item: Formula | None,
        suggestion: str | None = None,
        end: int | None = None,
    ) -> None:
        self.reading.findings.append(
            Finding("missing-partial", message, Severity.WARNING, suggestion, start, end)
        )

    def _shown(self, item: Formula) -> str:
        return item.name if isinstance(item, Name) else "the denominator"

    @staticmethod
    def _start(token: LarkToken) -> int:
        assert token.start_pos is not None
        return token.start_pos

    @staticmethod
    def _end(token: LarkToken) -> int:
        assert token.end_pos is not None
        return token.end_pos

    def _error(self, message: str, place: int | None) -> Unreadable:
        start = self.reading.base if place is None else place
        end = self.reading.base + len(self.reading.text) if place is None else None
        return Unreadable(message, start, end)

    # Chains.

    def relation(self, parts: list[Any]) -> Any:
        """= or ≈ or :=."""
        return parts[0]

    def chain(self, parts: list[Any]) -> Chain:
        """A chain a = b = c."""
        sides, signs = parts[0::2], parts[1::2]
        for side in sides:
            twice = self.reading.bound - {"*"}
            if twice:
                twice &= self._indices.letters(ungrouped(plain(side))).keys()
            if twice:
                letter = min(twice)
                raise self._error(
                    f"{letter} is counted by a Σ and stands outside of it, too; write brackets,"
                    " or another letter",
                    None,
                )
            for node in walk(side):
                if isinstance(node, Arguments):
                    raise self._error(_COMMA, node.place)
                if isinstance(node, Operator):
                    raise self._error("∂/∂ with nothing behind it to differentiate", node.place)
                if isinstance(node, Differential):
                    raise self._error("∂ without its '/∂…'; write ∂a/∂b", node.place)
                if isinstance(node, SumSign):
                    raise self._error("Σ with nothing behind it", None)
                if isinstance(node, Dots):
                    raise self._error("dots are read in a sum only, with terms around them", None)
        if sum(written_out(side) for side in sides) > MOST_WRITTEN_OUT:
            raise self._error(_TOO_LONG_SUM, None)
        cuts = [self.reading.base]
        for sign in signs:
            cuts += [sign.start_pos, self._end(sign)]
        cuts.append(self.reading.base + len(self.reading.text))
        return Chain(
            tuple(ungrouped(plain(side)) for side in sides),
            tuple(sign.type for sign in signs),
            tuple(zip(cuts[0::2], cuts[1::2], strict=True)),
        )


_SINGLE = (Name, Number, Neuron, Member, Placeholder, Delta, Updated, Unknown, Letter)
_COMMA = "a list in brackets is read behind what depends on it, E(w, b); decimals have a point"
_TOO_LONG_SUM = f"written out, this has more than {MOST_WRITTEN_OUT:,} names, numbers and signs"


def _negated(formula: Formula) -> Formula:
    formula = plain(formula)
    if isinstance(formula, Product) and not isinstance(formula.factors[0], Number):
        return Negative(formula)
    if isinstance(formula, Number):
        return Number(-formula.value, f"-{formula.text}" if formula.text else "")
    return Negative(formula)


def _base(formula: Formula) -> Formula:
    """What a formula is a power of, out of its brackets."""
    formula = formula.call if isinstance(formula, Unbracketed) else formula
    return _base(formula.base) if isinstance(formula, Power) else formula


def _factors(formula: Formula) -> Sequence[Formula]:
    return formula.factors if isinstance(formula, Product) else (plain(formula),)


def _place(formula: Formula) -> int | None:
    return getattr(formula, "place", None)


__all__ = ["HIGHEST_POWER", "Builder", "Chain", "Reading"]
