r"""Reads one side of a definition, in LaTeX or plain text: ``\frac{1}{2} \sum_k (a_k - t_k)^2``.

The checker's grammar asks the network what its names mean. Here there is none yet, so this reader
takes every name as it comes; what it does not know to its last character is no definition.
"""

from __future__ import annotations

import re

from derive.checking.stating.rectified import CASES, by_cases, largest
from derive.checking.stating.spelling import (
    ACCENTS,
    COMMAND,
    FACES,
    MOST_DEEP,
    NOTHING,
    Known,
    Spelling,
    is_word,
)
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    is_number,
    number,
)
from derive.functions import SOFTMAX, spelled
from derive.grammar.limits import is_all
from derive.grammar.signs import FRACTIONS
from derive.notations.greek import GREEK

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
FUNCTION_LETTERS = frozenset({"sigma", "phi", "varphi", "psi", "f", "g", "h", "varsigma", "s"})
"""Stems that are functions where a bracket follows and no definition says otherwise."""
_TIMES = re.compile(r"\\(?:cdot|times|ast)(?![A-Za-z])|[*·×⋅]")
_ENTRYWISE = re.compile(r"\\(?:odot|circ)(?![A-Za-z])|[⊙∘]")
_NORM = re.compile(r"\\\||\\(?:lVert|rVert|Vert)(?![A-Za-z])|\|\||‖")
_TRANSPOSED = re.compile(
    r"(?:\\(?:top|intercal|mathsf\s*\{?\s*T\s*\}?|mathrm\s*\{?\s*T\s*\}?)|T)\s*\Z"
)
_OPENING = re.compile(r"\\\{|[(\[]")
_CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}


def read(text: str, known: Known = NOTHING) -> Written:
    """What a text is. Raises :class:`UnwrittenError` where it is not read to its end."""
    parser = Parser(text, known)
    found = parser.sum()
    parser.end()
    return found


class Parser(Spelling):
    """One pass over one text."""

    def inner(self, text: str) -> Written:
        """What an argument is."""
        parser = self.over(text)
        found = parser.sum()
        parser.end()
        return found

    # What joins.

    def sum(self) -> Written:
        """Terms with + and − between them."""
        terms: list[Written] = []
        negative = False
        if self.next("+"):
            self.at += 1
        elif self.minus():
            negative = True
        while True:
            term = self.product()
            terms.append(Node("negative", (term,)) if negative else term)
            self.skip()
            if self.next("+"):
                self.at, negative = self.at + 1, False
            elif self.minus():
                negative = True
            else:
                return terms[0] if len(terms) == 1 else Node("sum", tuple(terms))

    def minus(self) -> bool:
        """Whether a minus stands here; moves behind it."""
        return self.take(re.compile("[-−–]")) is not None

    def product(self) -> Written:
        """Factors beside each other, or with a sign between them."""
        found = self.factor()
        divided = False
        while True:
            if self.take(_ENTRYWISE):
                found = Node("entrywise", (found, self.beside()))
            elif self.take(_TIMES):
                negative = self.minus()
                right = self.factor()
                found = _times(found, Node("negative", (right,)) if negative else right, "dot")
            elif self.next("/"):
                self.at += 1
                below = self.factor()
                divided = not (is_number(found) and is_number(below))
                found = Node("quotient", (found, below))
            elif self.begins():
                if divided:
                    raise UnwrittenError("a factor behind a/b may stand below the stroke")
                bracket = self.next("(")
                if self.text[self.at :].lstrip("{ ")[:1].isdigit():
                    raise UnwrittenError("a number runs on what stands before it")
                right = self.factor()
                if is_number(found) and _is_fraction(right):
                    raise UnwrittenError("a fraction behind a number may be added to it")
                if bracket and _may_be_argument(found, right):
                    raise UnwrittenError("a factor or an argument stands in these brackets")
                found = _times(found, right, "")
            else:
                return found

    def beside(self) -> Written:
        """A factor with those that stand beside it without a sign: the W x of a ⊙ W x."""
        found = self.factor()
        while self.begins() and not self.next("("):
            found = _times(found, self.factor(), "")
        return found

    def begins(self) -> bool:
        """Whether a factor begins here."""
        self.skip()
        char = self.text[self.at : self.at + 1]
        if not char:
            return False
        if _NORM.match(self.text, self.at):
            return not self.in_norm
        if char == "\\" and not self.next("\\{"):
            name = COMMAND.match(self.text, self.at)
            known = {*GREEK, *FACES, *ACCENTS, *FRACTIONS, "sum", "sqrt"}
            return name is not None and (name[1] in known or spelled(name[1]) is not None)
        return char in "([{\\∑" or char.isalnum()

    def factor(self) -> Written:
        """An atom with its powers and transpositions."""
        found = self.atom()
        while True:
            if self.next("^"):
                self.at += 1
                found = self._raised(found, self.argument())
            elif self.next("_") and isinstance(found, Node) and found.kind == "norm":
                self.at += 1
                self.argument()
            elif self.next("'") or self.next("_") or self.next("!"):
                raise UnwrittenError("a prime or an index stands behind a bracket")
            else:
                return found

    def _raised(self, found: Written, exponent: str) -> Written:
        exponent = exponent.strip()
        if _TRANSPOSED.fullmatch(exponent):
            return Node("transposed", (found,))
        return Node("power", (found, self.inner(exponent)))

    # Atoms.

    def atom(self) -> Written:
        """A number, a name, a function of something, a bracket, a fraction, a Σ."""
        self.skip()
        if found := self.take(_NUMBER):
            return number(found[0])
        if not self.in_norm and self.take(_NORM):
            self.in_norm = True
            inside = self.sum()
            self.in_norm = False
            if not self.take(_NORM):
                raise UnwrittenError("a norm is open")
            return Node("norm", (inside,))
        char = self.text[self.at : self.at + 1]
        if char == "{":
            return self.in_braces()
        if cases := self.take(CASES):
            return by_cases(cases[1], self.inner)
        if _OPENING.match(self.text, self.at):
            return self.in_brackets()
        command = COMMAND.match(self.text, self.at)
        if command and command[1] in FRACTIONS:
            self.at = command.end()
            return Node("quotient", (self.inner(self.argument()), self.inner(self.argument())))
        if command and command[1] == "sqrt":
            self.at = command.end()
            return Node(
                "power", (self.inner(self.argument()), Node("quotient", (number("1"), number("2"))))
            )
        if (command and command[1] == "sum") or char in "Σ∑":
            self.at = command.end() if command else self.at + 1
            return self.total()
        return self.named()

    def in_braces(self, *, signed: bool = False) -> Written:
        r"""What stands in braces here, which do not show: a sum in them is the whole of the text.

        So is a minus, unless what stands here may be `signed`: \exp{-x}.
        """
        before = self.text[: self.at].strip()
        text = self.argument()
        found = self.inner(text)
        is_sum = isinstance(found, Node) and found.kind in ("sum", "" if signed else "negative")
        in_print = text.lstrip().startswith(("(", "[", "\\left", "\\big", "\\Big"))
        if is_sum and not in_print and (before or self.text[self.at :].strip()):
            raise UnwrittenError("braces do not show in print")
        return found

    def in_brackets(self) -> Written:
        """What stands in brackets here by itself."""
        found = self.bracketed()
        if len(found) > 1:
            raise UnwrittenError("a list")
        return found[0]

    def bracketed(self) -> tuple[Written, ...]:
        """What stands in round, square or curly brackets here, between its commas."""
        opening = self.take(_OPENING)
        if opening is None:
            raise UnwrittenError(self.text[self.at :])
        closing = _CLOSING[opening[0]]
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise UnwrittenError("nested too deep")
        parts = [self.sum()]
        while self.next(",") or self.next(";"):
            self.at += 1
            parts.append(self.sum())
        if not self.next(closing):
            raise UnwrittenError("a bracket is open")
        self.at += len(closing)
        self.depth -= 1
        return tuple(parts)

    def total(self) -> Node:
        """Σ with its letter and limits, and what it sums: the product behind it."""
        letter = low = high = ""
        for _ in range(2):
            if self.next("_"):
                self.at += 1
                written = self.argument()
                below = re.sub(r"[\s{}]", "", written)
                limits = re.fullmatch(r"([a-z](?:,[a-z])*)(?:=(-?[0-9]+)|(?:\\in|∈).*)?", below)
                members = re.search(r"(?:\\in|∈)(.*)", written)
                if limits is None or (members and not is_all(members[1])):
                    raise UnwrittenError("a sum over something else than a letter")
                letter, low = limits[1], limits[2] or ""
            elif self.next("^"):
                self.at += 1
                high = re.sub(r"[\s{}]", "", self.argument())
        if not letter:
            raise UnwrittenError("a sum without a letter")
        negative = self.minus()
        body = self.product()
        body = Node("negative", (body,)) if negative else body
        *outer, letter = letter.split(",")
        if outer and (low or high):
            raise UnwrittenError("several letters of a sum with one limit")
        found = Node("total", (body,), letter, low, high)
        for other in outer[::-1]:
            found = Node("total", (found,), other)
        return found

    def named(self) -> Written:
        """A name, or a function with its arguments."""
        start = self.at
        stem, bold, inside = self.stem()
        if stem == "e" and self._is_euler():
            self.at += 1
            return Node("call", (self.inner(self.argument()),), "exp")
        lower, upper, transposed = self.scripts(stem, inside)
        if self.next("'") or self.text[self.at : self.at + 1] == "′":
            raise UnwrittenError("a derivative")
        known = (
            SOFTMAX if stem == SOFTMAX else spelled(stem) if stem not in ("phi", "Phi") else None
        )
        quantity = Quantity(stem, lower, upper, bold)
        if stem == "max" and self.next("("):
            return largest(self.bracketed())
        if known is not None and stem not in self.known.defined:
            if known == "ln" and lower not in ((), ("e",)):
                raise UnwrittenError("a logarithm with another base")
            return self.applied(known, "")
        opens = self.next("(") or (
            self.next("[") and stem in (*FUNCTION_LETTERS, *self.known.called)
        )
        if opens and not transposed and self._is_function(stem):
            label = "".join((*upper, *lower))
            return Node("call", self.bracketed(), stem, label=label)
        if opens and stem not in self.known.defined and is_word(stem):
            raise UnwrittenError(f"{stem} may be a function")
        if self.at == start:
            raise UnwrittenError(self.text[start:])
        return Node("transposed", (quantity,)) if transposed else quantity

    def _is_euler(self) -> bool:
        """Whether an e is Euler's number: a power follows, and not as behind an error e: e^2."""
        if not self.next("^"):
            return False
        raised = Parser(self.text[self.at + 1 :]).argument().strip()
        own = raised.isdigit() or _TRANSPOSED.search(raised) or self.known.is_index("e", raised)
        return "e" not in self.known.defined or not own

    def _is_function(self, stem: str) -> bool:
        """Whether a bracket behind this name holds arguments: f(z), or several as in l(o, y)."""
        if stem in self.known.defined:
            return False
        if stem in FUNCTION_LETTERS or stem in self.known.called:
            return True
        depth = 0
        for char in self.text[self.at :]:
            depth += (char in "([{") - (char in ")]}")
            if not depth:
                return False
            if char == "," and depth == 1:
                return True
        return False

    def applied(self, function: str, label: str) -> Node:
        """A function of the table with what it is applied to: in brackets, or one factor."""
        power = None
        if self.next("^"):
            self.at += 1
            power = self.inner(self.argument())
            if isinstance(power, Node) and power.kind == "negative":
                raise UnwrittenError("an inverse of a function, or of its value")
        opens = self.next("(") or self.next("[")
        alone = self.in_braces(signed=True) if self.next("{") else None
        parts = self.bracketed() if opens else (alone or self.factor(),)
        if len(parts) != 1:
            raise UnwrittenError("a function of several arguments")
        if not opens and isinstance(parts[0], Node) and parts[0].kind == "power":
            raise UnwrittenError("a power of the function, or of what it is of")
        call = Node("call", parts, function, label=label)
        return Node("power", (call, power)) if power is not None else call


def _may_be_argument(before: Written, inside: Written) -> bool:
    """Whether brackets behind a name may hold what it depends on: y(x), w(t + 1)."""
    last = before.parts[-1] if isinstance(before, Node) and before.kind == "product" else before
    if not isinstance(last, Quantity):
        return False
    if isinstance(inside, Node) and inside.kind in ("power", "transposed"):
        return _may_be_argument(before, inside.parts[0])
    if isinstance(inside, Node) and inside.kind in ("entrywise", "product"):
        return False
    if not (isinstance(inside, Node) and inside.kind == "sum"):
        return True
    first, *rest = inside.parts
    return isinstance(first, Quantity) and not first.scripts and all(map(is_number, rest))


def _times(left: Written, right: Written, sign: str) -> Node:
    factors = (
        left.parts if isinstance(left, Node) and left.kind == "product" and not left.text else None
    )
    if factors is not None and not sign:
        return Node("product", (*factors, right))
    return Node("product", (left, right), sign)


def _is_fraction(written: Written) -> bool:
    """Whether this is a fraction of two numbers."""
    if not isinstance(written, Node) or written.kind != "quotient":
        return False
    return all(map(is_number, written.parts))
