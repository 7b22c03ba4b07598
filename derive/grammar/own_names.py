r"""Names that an author introduces: inner, γ_j, and for every layer e^{(l)} = ∂C/∂z^{(l)}.

In a network of layers the layer of such a name stands above it. It belongs to the key under which
its meaning is kept: e^{(l)} has one for each number that l stands for. So does a word, δ^h_t.
"""

from __future__ import annotations

import re
from fractions import Fraction

from derive.formula import Formula, Letter, Number, Power, Transposed, has_slopes, is_matrix
from derive.grammar.behind import BehindBrackets
from derive.grammar.tokens import NO_LAYER, Unreadable
from derive.grammar.unfinished import index_letters

DEFINES = re.compile(
    r"(?:\s|&|\\[,;:! ])*(?::?=|\\(?:equiv|triangleq|coloneqq|overset|stackrel)(?![A-Za-z]))"
)
GIVES = re.compile(r"(?:\\(?:equiv|triangleq)(?![A-Za-z])|≡|=:|:=)\s*(?:\\[,;: ])?\s*\Z")
"""A sign that gives what stands before it the name behind it."""
_ENDS = re.compile(r"(?:\s|[.,;]|\\[,;: ])*\Z")
TOP = frozenset({"top", "T", "t", "intercal", "prime"})
_RAISED_TOP = re.compile(r"(.+?)\^?(?:top|T)")
_OPENING = ("(", "[", "\\langle")
_BEFORE_INDEX = re.compile(r"\^\s*(?:\{\s*[A-Za-z]+\s*\}|[A-Za-z])\s*_")
_DEVIATION = re.compile("σ(?:_[^^]+)?")
_COUNTING = frozenset("ijklmnt")
_TRANSPOSES = re.compile(r"\s*(?:\\(?:top|intercal|prime|mathsf\s*\{\s*T\s*)|[Tt⊤])\s*\}?\s*\Z")
_BARE = re.compile(r"[0-9]+")


class OwnNames(BehindBrackets):
    """The part of a pass that reads the names that authors introduce."""

    def own(self, label: str, bold: bool) -> Formula | None:
        """A name that the author has defined; with an index letter, what it means."""
        meaning = self.letters.get(label)
        if meaning is None or self._is_anew(label) or (bold and not is_matrix(meaning)):
            return None
        direct = "^" in label or any(index_letters(meaning))
        return meaning if direct else Letter(label)

    def root(self, key: str) -> Formula | None:
        """The root of a variance σ², the σ behind which no power stands."""
        is_power = self.text[self.behind_blanks() :].startswith(("^", "²"))
        square = self.symbols.look_up(f"{key}^2") if _DEVIATION.fullmatch(key) else None
        return Power(square, Number(Fraction(1, 2))) if square and not is_power else None

    def _is_anew(self, label: str) -> bool:
        """Whether a name that has its meaning from one with other letters gets another one here.

        Of a δ that is a derivative the formula is a claim, unless it is another derivative; see
        :func:`derive.checking.definitions.given_anew`.
        """
        if label in self.letters.keys() or self.found:  # noqa: SIM118 (exactly so)
            return False
        claimed = label[0] == "δ" and has_slopes(self.letters[label])
        return not claimed and DEFINES.match(self.text, self.at) is not None

    def without_top(self, sup: str) -> tuple[str, bool]:
        """An upper index without the ⊤ beside it, W^{[2]T}, and whether there is one."""
        beside = _RAISED_TOP.fullmatch(sup)
        if beside and (self.symbols.level(beside[1]) or beside[1].startswith(_OPENING)):
            return beside[1], True
        return sup, sup in TOP

    def own_of_layer(self, start: int) -> bool:
        """Put a name with a layer above that the author has defined for that layer."""
        if not any("^" in label for label in self.letters):
            return False
        trial = self.trial(self.at)
        try:
            stem, bold, inner = trial.stem()
            sub, sup = trial.scripts(inner)
        except Unreadable:
            return False
        sup, transposed = self.without_top(sup)
        level = self.symbols.level(sup) or self.label_above(sup, start, trial.at)
        label = f"{stem}_{sub}" if sub else stem
        formula = self.own(f"{label}^{level}", bold) if level else None
        if formula is None:
            others = any(known.startswith(f"{label}^") for known in self.letters)
            self.at, before = trial.at, self.at
            if others and level and self.symbols.layer is not None and not self.may_define(start):
                shown = self.text[start : self.at].strip()
                raise self.fail(f"{shown} has no meaning for this layer", start, NO_LAYER)
            self.at = before
            return False
        self.at = trial.at
        formula = Transposed(formula) if transposed and is_matrix(formula) else formula
        self.put("NAME", start, formula, key=f"{label}^{level}")
        return True

    def new_of_layer(self, stem: str, sup: str) -> str:
        """The layer above a name that nobody has, where no power can be meant; or nothing.

        A number without brackets may be an exponent; a letter for layers may not.
        """
        sup = self.without_top(sup)[0]
        known = stem in self.symbols.stems or self.symbols.look_up(stem) is not None
        counts = self.symbols.by_layer or sup.startswith(_OPENING)
        return "" if known or not counts or _BARE.fullmatch(sup) else self.symbols.level(sup)

    def label_above(self, sup: str, start: int, end: int) -> str:
        """A word above a name that stands before its index, δ^h_t, and counts nothing; or nothing.

        No power stands there.
        """
        counts = sup in _COUNTING or sup in self.symbols.layers or sup in TOP
        before = _BEFORE_INDEX.search(self.text, start, end)
        return sup if sup.isalpha() and before and not counts else ""

    def level_above(self, stem: str) -> str:
        """The layer that stands above a name that nobody has, right behind its stem; or nothing."""
        try:
            return self.new_of_layer(stem, self.trial(self.at).scripts(None)[1])
        except Unreadable:
            return ""

    def may_define(self, start: int) -> bool:
        """Whether a sign that may give a name its meaning stands behind it, or before the last.

        The name begins at `start`; before it nothing is read in the first case.
        """
        first = not self.found and DEFINES.match(self.text, self.at) is not None
        given = GIVES.search(self.text, 0, start)
        return first or (given is not None and _ENDS.match(self.text, self.at) is not None)


def not_transposed(written: str) -> str:
    r"""A name without the sign of transposition above it: W of W^\top, W^{[2]} of W^{[2]T}."""
    head, sign, above = written.rpartition("^")
    if not sign:
        return written
    layer = _TRANSPOSES.sub("", above.strip().removeprefix("{").removesuffix("}")).strip()
    opened = head.count("{") - head.count("}")
    return f"{head}^{{{layer}}}" if layer else head.rstrip() + "}" * opened
