r"""The oracle's parser: tokens of one sum to its meaning, by recursive descent.

What people read in more than one way becomes a node with all its readings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tests.formulas.edges.meaning import Node, UnreadError, UnsureError, below, constant
from tests.formulas.edges.naming import FUNCTIONS, Names, by_what
from tests.formulas.edges.networks import Network
from tests.formulas.edges.tokens import Token

_CLOSING = {"(": ")", "[": "]", "{": "}"}
END = Token("end of the formula")


class Parser:
    """Reads the tokens of one side of an equation about `network`.

    `own` has the meanings of names that the author has defined: inner = ….
    """

    def __init__(
        self, network: Network, tokens: Sequence[Token], own: Mapping[str, Node] | None = None
    ) -> None:
        self._network = network
        self._names = Names(network, own or {})
        self._tokens = tokens
        self._at = 0

    def side(self) -> Node:
        """The whole of the tokens as one sum; wide gaps in it may mean that it is not one."""
        gaps = any(token.kind == "quad" for token in self._tokens)
        self._tokens = [token for token in self._tokens if token.kind != "quad"]
        made: Node = ("doubt", self._sum()) if gaps else self._sum()
        if self._at != len(self._tokens):
            raise UnreadError(f"{self._next.kind} where nothing more should stand")
        return made

    # Tokens.

    @property
    def _next(self) -> Token:
        return self._peek(0)

    def _peek(self, further: int) -> Token:
        place = self._at + further
        return self._tokens[place] if place < len(self._tokens) else END

    def _take(self, *kinds: str) -> Token:
        token = self._next
        if token.kind not in kinds:
            raise UnreadError(f"{token.kind} where {' or '.join(kinds)} should stand")
        self._at += 1
        return token

    # Sums and products.

    def _sum(self) -> Node:
        terms = [self._signed()]
        while self._next.kind in "+-":
            minus = self._take("+", "-").kind == "-"
            term = self._signed()
            terms.append(("neg", term) if minus else term)
        return terms[0] if len(terms) == 1 else ("add", terms)

    def _signed(self) -> Node:
        if self._next.kind in "+-":
            minus = self._take("+", "-").kind == "-"
            if self._next.kind in "+-":
                raise UnsureError("two signs")
            return ("neg", self._product()) if minus else self._product()
        return self._product()

    def _product(self) -> Node:
        """Factors from left to right; a/b c is a fraction times c, or all of b c below."""
        made = self._factor()
        simple = made[0] == "num"
        divided: tuple[Node, list[Node]] | None = None
        while True:
            kind = self._next.kind
            if kind in ("*", "/"):
                self._take(kind)
                minus = self._next.kind == "-"
                if minus:
                    self._take("-")
                factor = self._factor()
                if minus:
                    factor = ("neg", factor)
                if kind == "/":
                    divided = (made, [factor])
                    made = ("div", made, factor)
                    simple = simple and factor[0] == "num"
                else:
                    divided = None
                    made = _times(made, factor)
            elif kind in _ATOMS:
                factor = self._juxtaposed(made)
                if divided is None or simple:
                    made = _times(made, factor)
                else:
                    top, bottom = divided
                    bottom.append(factor)
                    made = ("either", [_times(made, factor), ("div", top, ("mul", list(bottom)))])
                    divided = None
            else:
                return made

    def _juxtaposed(self, before: Node) -> Node:
        """A factor without a sign before it."""
        last = self._tokens[self._at - 1]
        if self._next.kind == "number":
            if last.kind == "number":
                raise UnreadError("a number behind a factor")
            return ("doubt", self._factor())
        if last.kind == "number" and self._next.kind == "name" and not self._next.spaced:
            # 2w is a product, 2e3 would be a number; letters behind digits were refused before.
            return self._factor()
        if self._next.kind in "([" and last.kind == "name":
            return self._bracket_behind_a_name(last)
        return self._factor()

    def _bracket_behind_a_name(self, last: Token) -> Node:
        """out(net) may say what out depends on; out(1 − out) is a product."""
        factor = self._factor()
        names = {node[1] for node in below(factor) if node[0] in ("name", "free")}
        if factor[0] in ("name", "free", "num") or not names:
            raise UnsureError("a name with one thing in brackets behind it")
        return factor

    # Factors.

    def _factor(self) -> Node:
        return self._powers(self._atom())

    def _powers(self, base: Node) -> Node:
        if self._next.kind == "^":
            self._take("^")
            exponent = self._exponent()
            if self._next.kind == "^":
                raise UnreadError("a power of a power")
            base = ("pow", base, exponent)
        if self._next.kind == "new" and base[0] == "name" and base[1] in self._network.weights:
            self._take("new")
            base = ("updated", base[1])
        if self._next.kind in ("'", "new", "^"):
            raise UnreadError("a prime or plus behind a factor")
        return base

    def _exponent(self) -> Fraction:
        token = self._next
        if token.kind == "number":
            self._take("number")
            assert token.number is not None
            if token.number >= 10 and token.number.denominator == 1:
                raise UnsureError("an exponent of several digits without braces")
            return token.number
        if token.kind not in "{(":
            raise UnreadError("an exponent")
        value = constant(self._bracket())
        if value is None:
            raise UnreadError("an exponent that is no number")
        return value

    def _bracket(self) -> Node:
        opening = self._take("(", "[", "{").kind
        made = self._sum()
        self._take(_CLOSING[opening])
        return made

    def _atom(self) -> Node:
        kind = self._next.kind
        if kind not in _ATOMS:
            raise UnreadError(f"{kind} where a factor should stand")
        return _ATOMS[kind](self)

    def _digits(self) -> Node:
        return ("num", self._take("number").number)

    def _braces(self) -> Node:
        made = self._bracket()
        if made[0] in ("add", "neg", "mul", "div", "either"):
            raise UnsureError("braces that are not seen around more than one thing")
        return made

    def _root(self) -> Node:
        r"""\sqrt{x}."""
        self._take("sqrt")
        return ("pow", self._root_argument(), Fraction(1, 2))

    def _root_sign(self) -> Node:
        """√2 or √(x)."""
        self._take("root")
        if self._next.kind not in ("(", "number"):
            raise UnsureError("a root without brackets")
        return ("pow", self._atom(), Fraction(1, 2))

    def _name(self) -> Node:
        made = self._named()
        if made[0] == "name" and self._next.kind == "/" and self._peek(1).kind == "∂":
            self._at += 2
            return ("doubt", ("partial", made, by_what(self._named())))
        return made

    def _root_argument(self) -> Node:
        if self._next.kind not in "{(":
            raise UnsureError("a root without braces")
        return self._bracket()

    def _fraction(self) -> Node:
        self._take("frac")
        if self._next.kind == "number":
            raise UnsureError("a fraction without braces")
        top, over = self._part_of_fraction()
        bottom, under = self._part_of_fraction()
        if over and top[0] == "mul" and top[1][0][0] == "num":
            raise UnsureError("a number behind ∂")
        if not over and not under:
            return ("div", top, bottom)
        by = by_what(bottom)
        whole: Node = ("partial", top, by)
        if top[0] == "mul":
            first: Node = ("partial", top[1][0], by)
            return ("either", [whole, ("mul", [first, *top[1][1:]])])
        if top[0] in ("div", "either", "neg"):
            raise UnsureError("what ∂ governs")
        return whole

    def _part_of_fraction(self) -> tuple[Node, bool]:
        """The numerator or the denominator of \\frac, and whether it begins with ∂ or d."""
        if self._next.kind == "number" and self._next.number in range(10):
            return ("num", self._take("number").number), False
        if self._next.kind != "{":
            raise UnsureError("a fraction without braces")
        self._take("{")
        token = self._next
        marked = token.kind == "∂" or (
            token.kind == "name" and (token.word, token.lower) == ("d", "")
        )
        if marked:
            self._at += 1
            if self._next.kind == "}":
                raise UnsureError("a derivative of what stands behind it")
            made = self._sum()
        elif (plain := self._names.differential(token)) and self._peek(1).kind == "}":
            self._at += 1
            marked, made = True, plain
        else:
            made = self._sum()
        self._take("}")
        return made, marked

    def _slope_in_line(self) -> Node:
        """∂E/∂w."""
        self._take("∂")
        if self._next.kind == "/":
            raise UnsureError("a derivative of what stands behind it")
        of = self._named() if self._next.kind == "name" else self._bracket()
        self._take("/")
        both = self._next.kind == "∂"
        if both:
            self._take("∂")
        if self._next.kind == "(":
            raise UnsureError("brackets around what a derivative is by")
        made: Node = ("partial", of, by_what(self._named()))
        return made if both else ("doubt", made)

    def _named(self) -> Node:
        token = self._take("name")
        if token.word in FUNCTIONS and not token.lower:
            return self._call(FUNCTIONS[token.word])
        if self._next.kind == "/" and (of := self._names.differential(token)):
            by = self._names.differential(self._peek(1))
            if by is None and self._peek(1).kind in ("name", "∂"):
                raise UnsureError("d in a numerator alone")
            if by is None:
                raise UnreadError("a differential over what is none")
            self._at += 2
            return ("partial", of, by[1])
        if token.word == "d" and not token.lower and self._next.kind == "(":
            of = self._bracket()
            self._take("/")
            by = self._names.differential(self._take("name"))
            if by is None:
                raise UnreadError("a differential over what is none")
            return ("partial", of, by[1])
        if token.word == "e" and ("e", "") not in self._network.spellings and not token.lower:
            return self._exponential()
        found = self._names.quantity(token)
        if self._network.levels and self._next.kind == "^" and not token.lower:
            raise UnreadError("a layer or a power")
        if self._next.kind == "'":
            raise UnreadError("the prime of a quantity")
        return found

    def _exponential(self) -> Node:
        self._take("^")
        if self._next.kind == "name" and (self._next.word, self._next.lower) == ("x", ""):
            return ("call", "exp", 0, self._named())
        if self._next.kind not in "{(":
            raise UnsureError("e to a power without braces")
        return ("call", "exp", 0, self._bracket())

    def _call(self, function: str) -> Node:
        primes = 0
        while self._next.kind == "'":
            self._take("'")
            primes += 1
        if primes > 1:
            raise UnsureError("a second derivative")
        if self._next.kind in ("^", "new"):
            raise UnreadError("the power of a function")
        if self._next.kind == "(":
            argument = self._bracket()
        elif self._next.kind in ("name", "number", "{", "frac"):
            return self._bare_call(function, primes)
        else:
            raise UnreadError("a function without an argument")
        if function == "sqrt":
            if primes:
                raise UnreadError("the prime of a root")
            return ("pow", argument, Fraction(1, 2))
        return ("call", function, primes, argument)

    def _bare_call(self, function: str, primes: int) -> Node:
        """A function without brackets, ln x² or ln x y, in each of its readings."""
        argument = self._atom()

        def call(of: Node) -> Node:
            return (
                ("pow", of, Fraction(1, 2))
                if function == "sqrt"
                else ("call", function, primes, of)
            )

        if self._next.kind == "^":
            self._take("^")
            exponent = self._exponent()
            if self._next.kind in (*_ATOMS, "^", "/"):
                raise UnsureError("what a function without brackets governs")
            readings = [("pow", call(argument), exponent), call(("pow", argument, exponent))]
            return ("split", readings)
        if self._next.kind in _ATOMS:
            rest = self._factor()
            if self._next.kind in (*_ATOMS, "/"):
                raise UnsureError("what a function without brackets governs")
            return ("split", [("mul", [call(argument), rest]), call(("mul", [argument, rest]))])
        if self._next.kind == "/":
            raise UnsureError("what a function without brackets governs")
        return call(argument)


_ATOMS: Mapping[str, Callable[[Parser], Node]] = {
    "number": Parser._digits,
    "(": Parser._bracket,
    "[": Parser._bracket,
    "{": Parser._braces,
    "frac": Parser._fraction,
    "sqrt": Parser._root,
    "root": Parser._root_sign,
    "∂": Parser._slope_in_line,
    "name": Parser._name,
}
"""What reads a factor, by the kind of its first token."""


def _times(left: Node, right: Node) -> Node:
    return ("mul", [*left[1], right] if left[0] == "mul" else [left, right])
