"""Reading: from text to statements about a network, by its names and the grammar.

:class:`Reader` is the only door: it splits a display into statements, reads each, and keeps the
author's own definitions ("inner = …") for what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import zip_longest

from derive.calculus.indices import Indices
from derive.checking.about_network import mentions, speaks_of_network
from derive.checking.about_slopes import about_slopes
from derive.checking.accumulators import may_begin
from derive.checking.any_parameter import of_differences, of_missing_bias, of_one_parameter
from derive.checking.author_functions import AuthorFunctions, Instead
from derive.checking.cases import inlined
from derive.checking.clashes import check_last, check_names
from derive.checking.classes import Classes
from derive.checking.counted_units import CountedUnits
from derive.checking.definitions import Definitions, given_anew, given_first
from derive.checking.display import Piece, split
from derive.checking.examples import about_examples
from derive.checking.function_claims import of_a_function
from derive.checking.going_on import GoesOn, gone_on
from derive.checking.governing import Numbering, together
from derive.checking.iterations import of_every_iteration, without_iteration
from derive.checking.joined import JoinedVectors
from derive.checking.keys import INDEX_LETTERS
from derive.checking.member_keys import LETTERS
from derive.checking.named import named
from derive.checking.only_words import with_words_only
from derive.checking.regularized import with_regularizer
from derive.checking.running import Running
from derive.checking.statements import Side, Statement
from derive.checking.summed_examples import Examples, marks, without_examples
from derive.checking.surroundings import Surroundings
from derive.checking.symbols import Symbols
from derive.checking.updates import Updates, delta_on_the_left
from derive.emit.latex import Latex
from derive.emit.named import in_rows
from derive.emit.text import Text
from derive.formula import Array, Count, Formula, Number, transform, walk
from derive.formula.index import Index, placed
from derive.formula.letters import reindexed
from derive.grammar.account import Account, Use
from derive.grammar.builder import Builder
from derive.grammar.connectives import is_list, joins, limits, plain_words
from derive.grammar.findings import Finding, Severity
from derive.grammar.lexer import Lexer
from derive.grammar.parser import parsed
from derive.grammar.tokens import NO_LAYER, Token, Unreadable
from derive.grammar.unfinished import Chain, Reading
from derive.grammar.written import Change, Unknown
from derive.model import Model

MOST_INLINED = 2_000
"""Nodes of what a name of the author's may mean."""


@dataclass
class Reader:
    """Reads formulas about one model.

    `letters` are the author's own definitions so far, `fault` is why nothing of the formula is read
    that comes next. What is about something else is passed over `in_document`, where not every
    formula is meant to be about the network.
    """

    model: Model
    letters: Definitions = field(default_factory=Definitions)
    fault: Unreadable | None = None
    in_document: bool = False
    convention: Callable[[Formula], Formula] | None = None
    """What a formula means, where authors settle something otherwise."""

    def __post_init__(self) -> None:
        self.sizes: dict[str, int] = {}
        """What letters that are limits were taken for."""
        self.scaled: dict[str, Formula] = {}
        """What the author's functions are of x that have a constant in them: sig as sig(λx)."""
        self.in_display, self._goes_on = False, GoesOn()
        self.symbols = Symbols(self.model, self.sizes)
        self.indices = Indices(self.model)
        self._functions = AuthorFunctions(self.indices)
        self.running, self._count = Running(), 0
        self.classes = Classes(self.indices)
        self._joined = JoinedVectors(self.indices)
        self._updates = Updates(self.model)
        self.examples = Examples(self.model)
        self._lexer = Lexer(self.symbols)
        self._builder = Builder(Surroundings(self.indices))
        self._counted = CountedUnits(self.model)
        self._latex = Latex(self.model)
        self._text = Text(self.model)

    def statements(self, text: str) -> list[Statement]:
        """All statements of one formula or display, in order."""
        return self.read(text)[0]

    def read(self, text: str) -> tuple[list[Statement], Account]:
        """The statements of a display, and the account of what each character was taken for."""
        account = self._account = Account(len(text))
        self._count += 1
        self.examples.hear(text)
        if is_list(text):
            return [], account
        display = split(text, self._is_word, self._is_index, account, self.fault)
        before = dict(self.letters)
        self._first = display.pieces[0].start if display.pieces and self.in_display else -1
        found = [self._stated(piece) for piece in display.pieces]
        if any(statement.defines for group in found for statement in group):
            # "…, where inner = …" explains what stands before it, too.
            for place, piece in enumerate(display.pieces):
                if any(statement.error is not None for statement in found[place]):
                    found[place] = self._stated(piece)
        statements = together(display, found, self._free_letters, self._numbering())
        if any(s.error is not None for s in statements):
            # What was not read with its surroundings defines nothing.
            kept = {s.defines for s in statements}
            for name in {s.defines for group in found for s in group} - kept:
                if name is not None:
                    self.letters.pop(name, None)
                    self.letters |= {name: before[name]} if name in before else {}
        if self.in_display:
            self._goes_on.keep(statements)
        return statements, account

    def _stated(self, piece: Piece) -> list[Statement]:
        """What a piece states, if all of its characters are accounted for."""
        found = self._of_layers(piece)
        unread = self._account.unread(piece.start, piece.start + len(piece.text))
        if unread is None or any(s.error is not None for s in found):
            return found
        shown = self._account_text(piece, unread)
        return [s.unread(Unreadable(shown, *unread)) for s in found]

    def _account_text(self, piece: Piece, unread: tuple[int, int]) -> str:
        left = piece.text[unread[0] - piece.start : unread[1] - piece.start]
        return f"{left.strip()!r} is not read, and so the formula is not judged"

    def _numbering(self) -> Numbering:
        """How the network numbers layers and outputs, and what the author calls their numbers."""
        layer, last = self.symbols.layers
        layers = self.symbols.layer_numbers if self.symbols.last > 0 else ()
        ends = dict.fromkeys((last, "n_l"), layers[-1]) if layers else {}
        sizes = {**ends, **self._known_sizes(), **self.sizes}
        return Numbering(sizes, layer, self.symbols.first_output, layers[-1] if layers else 0)

    def _free_letters(self, statement: Statement) -> dict[str, Collection[int]]:
        """The index letters of a statement with the numbers they stand for; l if it has layers."""
        found: dict[str, Collection[int]] = {}
        found |= self.indices.ranges(*(side.formula for side in statement.sides))
        return (
            found
            if statement.layer is None
            else found | {self.symbols.layers[0]: (statement.layer,)}
        )

    def _is_index(self, letter: str) -> bool:
        """Whether a letter may count: it is no quantity of the network, nor of the author's."""
        named = self.symbols.look_up(letter)
        free = (named is None or isinstance(named, Array)) and letter not in self.letters
        known = INDEX_LETTERS if self.model.has_neurons else LETTERS
        return letter in (*known, self.symbols.layers[0]) and free

    def _of_layers(self, piece: Piece) -> list[Statement]:
        """The statement of a piece; one for each value of l if it is about layer l.

        What it defines is kept. A rule that goes from layer to layer, e^{(l)} made of e^{(l+1)}, is
        read for one after the other, from the end that is known.
        """
        self.symbols.count(piece.text)
        if not self.symbols.speaks_of_layers(piece.text):
            return [self._defined(statement) for statement in self._statement(piece)]
        made: dict[int, list[Statement]] = {}
        left, known = [*self.symbols.layer_numbers], -1
        while left and len(self.letters) > known:
            known = len(self.letters)
            for layer in left:
                self.symbols.layer = layer
                read = (replace(s, layer=layer) for s in self._statement(piece))
                made[layer] = [self._defined(statement) for statement in read]
            left = [n for n in reversed(left) if any(map(_lacks_layer, made[n]))]
            left = left if any(s.defines for group in made.values() for s in group) else []
        self.symbols.layer = None
        found = [statement for _, group in sorted(made.items()) for statement in group]
        there = [s for s in found if not _lacks_layer(s)]
        if not there and found[-1].error is not None:
            found[-1].error.code = "unknown-name"
        return there or found[-1:]

    def _defined(self, statement: Statement) -> Statement:
        """The statement; what it defines is kept, with the definitions before it put in."""
        if statement.defines is None:
            return statement
        meaning = inlined(statement.sides[1].formula, self.letters)
        if sum(1 for _ in walk(meaning)) > MOST_INLINED:
            message = f"{statement.defines} is too long with all definitions put in"
            return statement.unread(Unreadable(message, statement.start, statement.end))
        self.letters[statement.defines] = meaning
        if len(statement.sides) == 2:
            return statement
        # A name for what is then worked out: g = ∂E/∂y = y − t.
        return replace(statement, sides=statement.sides[1:], defines=None)

    def _is_word(self, text: str) -> bool:
        r"""Whether the content of a \text{…} is prose: a connecting word, or set off by blanks."""
        word = text.strip()
        apart = word != text or " " in word
        return bool(plain_words(text)) and (apart or joins(text) or limits(text))

    def _statement(self, piece: Piece) -> list[Statement]:
        """What a piece states; "= …" at the head of a display goes on from the one before."""
        at_head = piece.start == self._first
        rest = self._goes_on.rest(piece, self.symbols.layer) if at_head else None
        if rest is None:
            return self._read(piece)
        found = self._read(rest[0])
        if any(s.error is not None or s.defines is not None for s in found):
            return found
        self._account.mark(piece.start, rest[0].start, Use.TOKEN)
        return [gone_on(rest[1], s, piece.start) for s in found]

    def _read(self, piece: Piece) -> list[Statement]:
        """What a piece states: one for each parameter that a letter of the author's stands for."""
        self._is_wide = False
        found = self._as_read(piece)
        if not self._is_wide or any(statement.error for statement in found):
            return found
        others = self._as_read(piece, near=True)
        alike = len(others) == len(found)
        near = [other.sides for other in others] if alike else [()] * len(found)
        return [replace(s, otherwise=sides) for s, sides in zip(found, near, strict=True)]

    def _as_read(self, piece: Piece, near: bool = False) -> list[Statement]:
        start, end = piece.start, piece.start + len(piece.text)
        tokens: list[Token] = []
        try:
            tokens = self._lexer.tokens(piece.text, self.letters, start, self._account)
            if not tokens:
                raise Unreadable("nothing to read", start)
            tokens = of_every_iteration(without_iteration(tokens), self.model)
            tokens, letters = without_examples(tokens, marks(tokens, self.model))
            tree = parsed(tokens, self._account, _is_latex(piece.text))
            check_names(tokens, self.model)
            reading = Reading.of(piece.text, start, tokens, self._known_sizes(), self.sizes)
            reading.examples, reading.near = frozenset(letters.values()), near
            chain = given_first(self._builder.built(reading, tree), reading)
            chain = given_anew(chain, tokens, self.letters)
            self._is_wide = reading.is_wide
            begins = may_begin(chain, self.model) if self.in_document else ""
            chain = self.examples.as_one(tokens, letters, chain)
            reading.findings += self.examples.said
            chain = self._sized(piece, chain, reading)
            fixed: dict[str, Index] = {x: ((), n) for x, n in self.symbols.fixed.items()}
            if fixed:
                chain = replace(chain, sides=tuple(reindexed(s, fixed) for s in chain.sides))
            chain = self.running.of(chain, self.symbols.layer, (self._count, piece.start))
            values = tuple(reading.values.items())
            if values and (unfit := self.classes.unfit(values, chain.sides)):
                raise piece.error(unfit)
            sides, of_class = self.classes.read(with_regularizer(chain.sides, self.model))
            parted = self._joined.parted(sides, self.letters)
            found = [
                self._made(piece, replace(chain, sides=sides), reading, said)
                for sides, said in self._functions.read(parted)
            ]
            several = self.examples.several
            found = [
                replace(
                    s,
                    right_class=of_class,
                    of_examples=s.of_examples or several or bool(values),
                    values=values,
                )
                for s in found
            ]
            if self.examples.lifted:
                return found
            several_units = _of_several(reading.single) or with_words_only(piece.text)
            lent = begins or self.letters.doubt(tokens) or several_units
            lent = lent or self._counted.doubt(tokens, chain, self.letters)
            said = [about_examples(tokens, letters, s.formulas, self.model) for s in found]
            return [
                replace(s, hedge=why or lent or about_slopes(tokens, s.formulas, self.model))
                for s, why in zip(found, said, strict=True)
            ]
        except Unreadable as error:
            about = speaks_of_network(tokens or error.tokens) or (
                not tokens and mentions(piece.text, self.symbols.stems)
            )
            return [Statement((), start, end, error=error, about_network=about)]

    def _known_sizes(self) -> dict[str, int]:
        """The letters to which the author has given a whole number: m = 3."""
        numbers = {name: of.value for name, of in self.letters.items() if isinstance(of, Number)}
        return {n: value.numerator for n, value in numbers.items() if value.denominator == 1}

    def _sized(self, piece: Piece, chain: Chain, reading: Reading) -> Chain:
        """The chain with numbers for letters that are limits, as T is of Σ_{t=1}^T.

        Raises :class:`Unreadable` where such a letter has another meaning.
        """
        known = {**self._known_sizes(), **self.sizes, **reading.sizes}
        check_last(piece, self.symbols.ends, known, self.indices.ranges(*chain.sides))
        for name in dict.fromkeys(reading.taken):
            value, before = reading.sizes[name], self.sizes.get(name)
            if self.symbols.look_up(name) is not None or name in self.letters:
                raise piece.error(f"{name} is a limit here, and a name elsewhere")
            if before not in (None, value):
                raise piece.error(f"{name} would be {value} here, and was {before} before")
            self.sizes[name] = value
            message = f"{name} is taken for {value}, the last number there is"
            reading.findings.append(Finding("size", message, Severity.NOTE))
        sizes = {**self.sizes, **reading.sizes}
        if not sizes:
            return chain

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, Count):
                return replace(node, index=placed(node.index, sizes))
            if not isinstance(node, Unknown) or node.stem not in sizes or node.familiar:
                return None
            return Number(Fraction(sizes[node.stem]))

        return replace(chain, sides=tuple(transform(side, rule) for side in chain.sides))

    def _made(
        self, piece: Piece, chain: Chain, reading: Reading, instead: Instead | None
    ) -> Statement:
        near = of_differences(piece.text, self.model, self.symbols.look_up)
        sides, said = of_missing_bias(chain.sides, self.indices)
        sides = near or of_one_parameter(sides, self.model)
        reading.findings += [Finding("placeholder", said, Severity.NOTE)] if said else []
        formulas = of_a_function(sides, self.indices)
        if self.model.network.naming.table.matrices == "rows":
            formulas = tuple(map(in_rows, formulas))
        if self.convention is not None:
            formulas = tuple(map(self.convention, formulas))
        formulas = self._updates.stepped(formulas, chain, piece)
        # Two ways to say that something is a derivative have ≈, and mean that it is equal.
        signs = () if near or isinstance(chain.sides[0], Change) else ("", *chain.signs)
        stated = tuple(
            self._side(piece, formula, span, near=sign == "APPROX")
            for formula, span, sign in zip_longest(formulas, chain.spans, signs)
        )
        made = Statement(
            stated,
            piece.start,
            piece.start + len(piece.text),
            tuple(self._said(finding, reading) for finding in reading.findings),
            plain_text=not _is_latex(piece.text),
            delta=delta_on_the_left(chain, reading, self.letters),
            instead=instead,
            of_examples=sides != chain.sides,
        )
        return named(made, self.symbols, self.indices, in_document=self.in_document)

    def _side(self, piece: Piece, formula: Formula, span: tuple[int, int], *, near: bool) -> Side:
        raw = piece.text[span[0] - piece.start : span[1] - piece.start]
        text = _LAYOUT.sub("", raw.strip()).strip().strip("&").strip()
        start = span[0] + len(raw) - len(raw.lstrip())
        return Side(formula, text, start, start + len(text), near)

    def _said(self, finding: Finding, reading: Reading) -> Finding:
        """An alias's message with the name as its notation typesets it."""
        if finding.code != "alias" or finding.start is None:
            return finding
        token = reading.tokens[finding.start]
        if token.kind != "NAME":
            return finding
        assert token.formula is not None
        emitter = self._latex if _is_latex(reading.text) else self._text
        shown = emitter.inline(token.formula)
        return replace(finding, message=f"{token.text} is read as {shown}", suggestion=shown)


def _of_several(letter: str) -> str:
    """What to say of a formula that fails with a Σ over what the network has one of."""
    said = "it is said of several units {0}, of which the network has one"
    return said.format(letter) if letter else ""


def _lacks_layer(statement: Statement) -> bool:
    """Whether a name in a statement is not there for the layer of which it is read."""
    return statement.error is not None and statement.error.code == NO_LAYER


_LAYOUT = re.compile(r"(?:[\s&]*(?:\\end\{[a-z]+\*?\}|\\\\|\\tag\*?\{[^{}]*\}))+[\s&]*\Z")


def _is_latex(text: str) -> bool:
    return any(sign in text for sign in ("\\", "_{", "^{"))
