r"""Names in formulas: ``out_{d_1}``, ``w^{2}_{13}``, ``\mathbf{W}_3``, ``sig'``, ``dE``.

The network's names decide what a run of letters is: one name, ∂ and a name, or a product of names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.formula import (
    ONE,
    ZERO,
    Array,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Partial,
    Renewed,
    Transposed,
    Unit,
    Updated,
    Where,
    is_matrix,
)
from derive.formula.index import Test
from derive.grammar.own_names import TOP, OwnNames, not_transposed
from derive.grammar.tokens import NO_LAYER, Unreadable
from derive.grammar.written import Change, Gathered, Unknown

_PLAIN_UPDATE = re.compile(r"_(?:new|neu|plus|next)")
_KRONECKER = re.compile(r"δ_([a-z]),?([a-z])")
_BECOMES = re.compile(r":=|←|\\(?:leftarrow|gets|coloneqq)(?![A-Za-z])")
"""Where something is added up, Δ is what it is added to, and not the δ of all examples."""
_CHANGES = re.compile(r"\\Delta(?![A-Za-z])|Δ")
_RATIO = re.compile(r"d\s[^/=]*/\s*d\s")
"""A derivative with blanks behind its differentials: d L / d x."""
_SQUARE = re.compile(r"\^\s*(?:[0-9]|\{\s*[0-9]+\s*\})")
_IS_NUMBER = re.compile(r"[\s&{]*[0-9.]")
_OPENING = ("(", "[", "\\langle")
_UPDATED = frozenset({"+", "new", "neu", "next"})


class Names(OwnNames):
    """The part of a pass that reads names and functions."""

    def word(self) -> None:
        """A name with its index, a function, or d for ∂."""
        start = self.at
        if self.ramp(start) or self.own_of_layer(start):
            return
        stem, bold, inner = self.stem()
        if not stem:
            raise self.fail("empty braces where a name is expected", start)
        self.check_length(start)
        after_stem = self.at
        if inner is None and (self.function(stem, bold, start) or self.euler(stem, bold, start)):
            return
        if inner is None and stem == "sum" and self.next_is("_("):
            raise self.fail("write a sum as \\sum_{k=1}^{2} …", start)
        try:
            sub, sup = self.scripts(inner)
        except Unreadable:
            self.at = after_stem
            if self.one_sign(stem, bold, inner, start):
                return
            raise
        if not sup:
            sub, sup = self.with_step(stem, bold, sub)
        end = self.at
        self.check_length(start)
        if self.named(stem, bold, sub, sup, start):
            return
        self.at = after_stem
        above = self.new_of_layer(stem, sup) or self.label_above(sup, start, end)
        single = len(stem) == 1 and above
        if not single and self._parted(stem, bold, inner, start):
            return
        self.at = end
        self._not_there(stem, sub, sup, start)

    def _not_there(self, stem: str, sub: str, sup: str, start: int) -> None:
        """Put a name that nobody has; where l stands for a number, this layer may have none."""
        level = self.new_of_layer(stem, sup) or self.label_above(sup, start, self.at)
        new = bool(level) and self.may_define(start)
        if self.symbols.layer is not None and not new and self.symbols.says_layer(sup + sub):
            shown = self.text[start : self.at].strip()
            raise self.fail(f"{shown} is not in the network {self.symbols.owner}", start, NO_LAYER)
        self.nameless(stem, sub, sup, start, level)

    def euler(self, stem: str, bold: bool, start: int) -> bool:
        """Put Euler's number, of which a power follows; e^{(l)} and the e^2 of an error are not."""
        found = stem == "e" and not bold and self.next_is("^") and "e" not in self.letters
        of_error = found and self.symbols.look_up("e") and _SQUARE.match(self.text, self.at)
        if not found or of_error or self.level_above(stem):
            return False
        self.put("EULER", start)
        return True

    def one_sign(self, stem: str, bold: bool, inner: str | None, start: int) -> bool:
        """Put a name whose index is one sign, as TeX sets it: W_3x_2 is W_3 and x_2.

        Where it is none, or none follows right behind it, nothing is put.
        """
        trial = self.trial(self.at)
        trial.of_one_sign = True
        try:
            sub, sup = trial.scripts(inner)
        except Unreadable:
            return False
        follows = self.text[trial.at : trial.at + 1]
        if not sub or not follows.isalpha() or not self._reads(trial.at):
            return False
        self.at = trial.at
        return self.named(stem, bold, sub, sup, start)

    def named(self, stem: str, bold: bool, sub: str, sup: str, start: int) -> bool:
        """Put the token of a name that the network, or a local definition, has."""
        if stem[0] == self.symbols.adjoint == "d" and self._is_quotient(start):
            return False
        updated = sup in _UPDATED and not bold
        sup, transposed = self.without_top(sup)
        plain_update = "{" not in self.text[start : self.at] and _PLAIN_UPDATE.search(sub)
        if plain_update and sub.endswith(plain_update[0]):
            sub, updated = sub[: -len(plain_update[0])], True
        level = self.symbols.level(sup)
        index = sup and sup not in TOP and not updated
        above = self.symbols.raised(stem, sub, sup, bold) if index else None
        for upper in self._trials(level, start):
            key = ("bold:" if bold else "") + stem + (f"_{sub}" if sub else "")
            key += f"^{upper}" if upper else ""
            # A δ of the author's own comes before that which every network has.
            formula = None if upper else self.own(f"{stem}_{sub}" if sub else stem, bold)
            formula = formula or self.symbols.look_up(key) or (None if sup else self.root(key))
            formula = formula or self._open(stem, bold, sub, upper, start)
            formula = formula or self._shorthand(key, sup, start)
            if formula is None or (above is not None and (is_matrix(formula) or not level)):
                continue
            if sup.startswith(_OPENING) and not level:
                self._put_copy(formula, key, sup, start)
                return True
            if level and not upper:
                self._back_to_power(start)
            elif sup and not (updated or transposed or level) and not self._back_to_power(start):
                order = "write it behind, as in w_{31}^2"
                raise self.fail(f"an exponent stands before the index; {order}", start)
            self._put_name(formula, key, start, updated, transposed)
            return True
        if above is not None:
            key = f"{stem}_{sub}^{sup}" if sub else f"{stem}^{sup}"
            self._put_name(above, key, start, transposed=transposed)
            return True
        plain = stem + sub
        formula = self.symbols.look_up(plain) if sub and not (bold or sup) else None
        if formula is not None and self.text[start : self.at] == plain:
            # The plain name of a file, w1_11, or outc1, where no sign could be out of place.
            self._put_name(formula, plain, start, updated, transposed)
            return True
        return False

    def _put_copy(self, formula: Formula, key: str, sup: str, start: int) -> None:
        """Put W^{(t)}, the copy of a parameter in a step; nothing else has an index like this."""
        copied = self.symbols.copied(formula, sup)
        if copied is None:
            raise self.fail("no name has this index above; a power is read without brackets", start)
        self.put("NAME", start, copied, key=key)

    def _trials(self, level: str, start: int) -> tuple[str, ...]:
        """With which levels a name is looked up.

        w^{2}_{13} is a weight of layer 2, w_{13}^2 a square where there is a w_{13}; w_{13}^{(2)}
        is none.
        """
        raised = self.text.rfind("^", start, self.at)
        behind = raised >= 0 and "_" not in self.text[raised : self.at]
        bracketed = self.text[raised + 1 : raised + 9].lstrip(" {").startswith(("(", "["))
        return ("", level) if level and behind and not bracketed else (level,)

    def _kronecker(self, key: str, start: int) -> Formula | None:
        """δ_{ij}, which is 1 where i = j, if it is nothing else here; in TeX δ_ij is δ_i j."""
        found = _KRONECKER.fullmatch(key)
        written = self.text[start : self.at]
        if found is None or found[1] == found[2] or (written[0] == "\\" and "{" not in written):
            return None
        return Where((Test(((found[1],), 0), "=", ((found[2],), 0)),), ONE, ZERO)

    def _shorthand(self, key: str, sup: str, start: int) -> Formula | None:
        """δ_{ij} of Kronecker, or dW for the gradient by W, if it is nothing else here."""
        return (None if sup else self._kronecker(key, start)) or self._gradient(key, start)

    def _open(self, stem: str, bold: bool, sub: str, upper: str, start: int) -> Formula | None:
        """A weight that is left open."""
        if bold or (upper and not self.symbols.by_layer):
            return None
        written = self.text[start : self.at]
        return self.symbols.placeholder(stem, f"_{sub}", written, self.base + start, upper)

    def _gradient(self, key: str, start: int) -> Formula | None:
        """What dW stands for, where it is no part of a quotient of differentials."""
        return None if self._is_quotient(start) else self.symbols.gradient(key)

    def _is_quotient(self, start: int) -> bool:
        """Whether what is read since a place stands above or below the line of a fraction."""
        before, behind = self.text[:start].rstrip(), self.text[self.at :].lstrip()
        return bool(self.depth) or before.endswith("/") or behind.startswith("/")

    def _back_to_power(self, start: int) -> bool:
        """Leave an exponent behind the index, if there is one, for the next token."""
        at = self.text.rfind("^", start, self.at)
        behind = at >= 0 and "_" not in self.text[at : self.at]
        self.at = at if behind else self.at
        return behind

    def _put_name(
        self,
        formula: Formula,
        key: str,
        start: int,
        updated: bool = False,
        transposed: bool = False,
    ) -> None:
        written = self.text[start : self.at].strip()
        latex = "{" in written or "\\" in written
        foreign = self.symbols.is_foreign(key)
        alias = foreign or (latex and not self.symbols.is_canonical(formula, key))
        if updated:
            if not isinstance(formula, Name | Neuron | Member | Layer | Array):
                raise self.fail("only a weight, a bias or an error can be updated: w31⁺", start)
            formula = Updated(formula.name) if isinstance(formula, Name) else Renewed(formula)
        if isinstance(formula, Array):
            formula = replace(formula, text=not_transposed(written) if transposed else written)
        of = formula.by if isinstance(formula, Partial) else formula
        if isinstance(of, Layer | Array | Unit):
            self.put("NAME", start, Transposed(formula) if transposed else formula)
            if not transposed and self.next_is("ᵀ"):
                self.at += 1
                self.put("TRANSPOSE", self.at - 1)
            return
        meaning = self.letters.get(formula.name) if isinstance(formula, Letter) else None
        if transposed and meaning is not None and is_matrix(meaning):
            self.put("NAME", start, Transposed(formula))
            return
        if transposed and not self._back_to_power(start):
            raise self.fail("only a vector or a matrix is transposed", start)
        self.put("NAME", start, formula, alias, foreign, key)

    def change(self, start: int) -> None:
        """Δw or Δ{w}: by how much a weight changes in a step, w⁺ − w."""
        self.skip_spaces()
        trial = self.trial(self.at)
        braced = trial.skipped("{")
        behind = self.text[trial.at : trial.at + 1]
        if behind in ("^", "_"):
            self.at, before = start, self.at
            if self.own_of_layer(start):
                return
            self.at = before
        if behind.isalpha() or behind == "\\":
            trial.word()
        closed = not braced or trial.skipped("}")
        formula = trial.found[0].formula if closed and len(trial.found) == 1 else None
        if isinstance(formula, Name | Neuron | Member | Layer | Array | Unknown):
            self.at = trial.at
            self.put("NAME", start, Change(formula))
        elif self._is_added_up(behind) and self._gathered(start):
            pass
        elif self.text[start] == "\\":
            self.at = start
            self.word()
        else:
            raise self.fail("Δ is read before a weight or a bias: Δw_{31}", start)

    def _is_added_up(self, behind: str) -> bool:
        """Whether Δ with an index is what is added up: a sum or a number becomes it, or it D.

        One that becomes something else, once, is a name of the author's.
        """
        becomes = _BECOMES.search(self.text) if behind in ("^", "_") else None
        if becomes is None:
            return False
        once = len(_CHANGES.findall(self.text)) == 1 and self.at < becomes.start()
        return not once or _IS_NUMBER.match(self.text, becomes.end()) is not None

    def _gathered(self, start: int) -> bool:
        r"""Put Δ^{(l)}_{ij}, what is added up for the weight that has these indices."""
        before = self.at
        try:
            sub, sup = self.scripts(None)
        except Unreadable:
            sub = sup = ""
        weights = self.symbols.weights
        if weights and sup and self.named(weights, False, sub, sup, start):
            last = self.found[-1]
            if last.formula is not None and not isinstance(last.formula, Transposed):
                self.found[-1] = replace(last, formula=Gathered(last.formula), alias=False)
                return True
            self.found.pop()
        self.at = before
        return False

    def split(self, stem: str, start: int) -> bool:
        """Read a run of letters as ∂ and a name, or as a product of names.

        No product begins with the error: EH is a name that is not there.
        """
        if len(stem) == 1:
            if stem == "d" and self.text[start] == "d" and not self._is_limit(start):
                if self.symbols.adjoint == "d" and self._adjoint(start):
                    return True
                self.at = start + 1
                self.put("D", start)
                return True
            return False
        if self.text[start] == "\\":
            return False
        if stem[0] in "dD" and self._reads(start + 1):
            self.at = start + 1
            self.put("D", start)
            return True
        if self.found and self.found[-1].kind == "D":
            # ∂yz is no product of ∂y with z.
            return False
        for length in range(len(stem) - 1, 0, -1):
            head = stem[:length]
            single = self.symbols.look_up(head) or (Letter(head) if head in self.letters else None)
            if single not in (None, self.symbols.total) and self._reads(start + length):
                self.at = start + length
                self.put("NAME", start, single)
                return True
        return False

    def _is_limit(self, start: int) -> bool:
        """Whether a lone d is what a Σ of the document counts up to, and no differential."""
        if "d" not in self.symbols.limits or self.in_slope:
            return False
        return _RATIO.match(self.text, start) is None

    def _parted(self, stem: str, bold: bool, inner: str | None, start: int) -> bool:
        """Read what has no name as a whole: dw as ∂ and w, ab as a product, W_3x_2 as W_3 and x_2.

        Where dz is the name of a derivative, dz_3W_3 is a product, too.
        """
        adjoint = self.symbols.adjoint
        if adjoint and stem == adjoint == "δ" and self._adjoint(start):
            return True
        if adjoint and stem[1:] and stem[0] == adjoint and self.one_sign(stem, bold, inner, start):
            return True
        split = inner is None and not bold and self.split(stem, start)
        return split or self.one_sign(stem, bold, inner, start)

    def _adjoint(self, start: int) -> bool:
        r"""Read d\mathbf{W}, or δ W, as the name of a derivative, as dW is one."""
        trial = self.trial(self.at)
        trial.skip_blanks()
        letter = trial.text[trial.at : trial.at + 1]
        if letter != "\\" and not (self.symbols.adjoint == "δ" and letter.isalpha()):
            return False
        stem, bold, inner = trial.stem()
        sub, sup = trial.scripts(inner)
        if not sup:
            sub, sup = trial.with_step(stem, bold, sub)
        before, self.at = self.at, trial.at
        found = self.named(f"{self.symbols.adjoint}{stem}", bold, sub, sup, start)
        self.at = self.at if found else before
        return found

    def _reads(self, start: int) -> bool:
        """Whether a name of the network, or a function, stands at this place."""
        trial = self.trial(start)
        stem, _, inner = trial.stem()
        if self.symbols.function(stem) and len(stem) > 1:
            return True
        if stem in self.symbols.stems or stem in self.letters:
            return True
        sub, sup = trial.scripts(inner)
        return trial.named(stem, False, sub, sup, start)

    def nameless(self, stem: str, sub: str, sup: str, start: int, level: str = "") -> None:
        """Put a name that the network does not have: η, a bare `out`, or an unknown.

        `level` is the layer above it, where no power can be meant.
        """
        known = self.symbols.letter(stem, sub) or (None if sub else self.symbols.generic(stem))
        level = "" if known is not None else level
        if sup and not level and (known is not None or sup not in TOP):
            self._back_to_power(start)
        if known is not None:
            self.put("NAME", start, known)
            return
        familiar = self.symbols.is_familiar(stem, sub)
        name = stem if familiar or not sub else f"{stem}_{sub}"
        text = re.sub(r"\s", " ", self.text[start : self.at])
        key = f"{stem}_{sub}" if sub else stem
        name, key = (f"{key}^{level}",) * 2 if level else (name, key)
        self.put("NAME", start, Unknown(text, name, self.base + start, familiar), key=key)
