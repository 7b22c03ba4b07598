"""Writing a formula in the author's own spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.emit.emitter import Emitter
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.formula import Array, Delta, Formula, Held, Member, Name, Neuron, Sum, transform, walk
from derive.grammar.written import Placeholder, Unknown
from derive.model import Model
from derive.notations.free import free_name, member
from derive.notations.pen import LATEX


class Speller:
    """Emits formulas as one author writes them: LaTeX or text, with their signs and names.

    `text` is what they wrote; from it come the sign of multiplication and whether an index is
    written ``d_1`` or ``d1``.
    """

    def __init__(self, model: Model, text: str, plain: bool) -> None:
        self.plain = plain
        self._emitter: Emitter = _Plain(model, text) if plain else _Latex(model, text)
        self._tight = "*" in text and " * " not in text

    def inline(self, formula: Formula) -> str:
        """`formula` on one line."""
        shown = transform(formula, lambda node: node.of if isinstance(node, Held) else None)
        written = self._emitter.inline(shown)
        return written.replace(" * ", "*") if self._tight else written


_TIMES = re.compile(r"\\(?:cdot|times|ast|odot|circ)(?![A-Za-z])|[*·×⋅]")
_BEGINS = re.compile(r"[\\(\[]|[A-Za-z](?![A-Za-z])")
"""A factor that may stand beside another without a sign: no number, and no word."""
_ENDS = re.compile(r"[})\]]\Z|(?<![A-Za-z])[A-Za-z](?:_[A-Za-z0-9])?\Z|[0-9]\Z")


_NAME = re.compile(r"(\\?[A-Za-z]+(?:\{[^{}]*\})?)(.*)", re.DOTALL)
_ABOVE = re.compile(r"(_(?:\{[^{}]*\}|\w))?\s*\^\s*(?:\{\s*)?([(\[])[^{}()\[\]]*[)\]]\s*\}?(\s*_)?")


@dataclass(frozen=True)
class _Raised:
    """How an author writes the number of a layer above a name, with what stands below it.

    It stands in brackets that begin with `opening`, before or behind the others.
    """

    text: str
    opening: str
    behind: bool

    @classmethod
    def of(cls, text: str) -> _Raised | None:
        """What a text shows of it; nothing where no name has such a number."""
        found = list(_ABOVE.finditer(text))
        if not found:
            return None
        both = next((one for one in found if one[1] or one[3]), found[0])
        return cls(text, both[2], bool(both[1]))

    def name(self, written: str) -> str:
        """A name whose first index stands above it, if the author writes names like it so."""
        parts = re.fullmatch(r"(.+?)_(?:\{([^{},]+)((?:,[^{}]*)?)\}|(\w))", written)
        if parts is None:
            return written
        base, first, rest = parts[1], parts[2] or parts[4], (parts[3] or "").removeprefix(",")
        own = re.compile(
            rf"{re.escape(base)}\s*(?:_(?:\{{[^{{}}]*\}}|\w))?\s*\^\s*(?:\{{\s*)?[(\[]"
        )
        if own.search(self.text) is None:
            return written
        closing = {"(": ")", "[": "]"}[self.opening]
        above = f"^{{{self.opening}{first}{closing}}}"
        joined = rest.replace(",", "") if re.search(r"_\{[a-z]{2,3}\}", self.text) else rest
        below = f"_{joined}" if len(joined) == 1 else f"_{{{joined}}}" if joined else ""
        return f"{base}{below}{above}" if self.behind else f"{base}{above}{below}"


class _Latex(Latex):
    def __init__(self, model: Model, text: str) -> None:
        super().__init__(model)
        self._author = text
        if r"\cdot" not in text:
            self.times = r"\times" if r"\times" in text else "*" if "*" in text else r"\cdot"
        self._raised = None if model.has_neurons else _Raised.of(text)
        self._tacit = not _TIMES.search(text)
        bare = re.search(r"_\{?[a-z][0-9]", text) and not re.search(r"_\{?[a-z]_[0-9{]", text)
        self._bare = bare is not None and bool(bare)
        fonts = (rf"\{font}" for font in ("mathbf", "boldsymbol", "bm", "vec"))
        self._bold = next((font for font in fonts if font in text), "")
        self._sigma = r"\sigma" in text and r"\mathrm{sig}" not in text
        self._bracket_large = r"\bigl" in text or r"\left" in text

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Placeholder | Unknown | Array) and formula.text:
            return formula.text
        if isinstance(formula, Array):
            return self._as_array(formula)
        written = super().leaf(formula)
        if self._raised and isinstance(formula, Name | Member):
            return self._raised.name(written)
        if isinstance(formula, Neuron):
            return self._of_units(written)
        if self._bare and isinstance(formula, Name | Delta):
            return re.sub(r"\{([a-z])_([0-9]+)\}", r"{\1\2}", written)
        return written

    def _of_units(self, written: str) -> str:
        """A name with the letter of a layer for any of its units, out_o; a weight's as w_{ho}."""
        short = re.sub(r"([a-z])_\1(?![A-Za-z0-9])", r"\1", written)
        ends = re.search(r"([a-z](?:_?[0-9]+)?) \\to ([a-z](?:_?[0-9]+)?)", short)
        if short == written or ends is None:
            return re.sub(r"_\{([a-z])\}", r"_\1", short) if short != written else written
        turned = f"{ends[2]}{ends[1]}"
        pair = turned if turned in self._author else f"{ends[1]}{ends[2]}"
        return short.replace(ends[0], pair)

    def _as_array(self, array: Array) -> str:
        """A vector or matrix that the author has not named, bold if others are."""
        of, in_file = array.of, (LATEX, self._model.network.stems)
        written = member(of, *in_file) if isinstance(of, Member) else free_name(of.name, *in_file)
        stem, sign, index = written.partition("_")
        bold = rf"{self._bold}{{{stem}}}{sign}{index}" if self._bold else written
        return self._raised.name(bold) if self._raised else bold

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return super().brackets(inside) if self._bracket_large else ("(", ")")

    def between(self, before: Formula, factor: Formula) -> str:
        begins = isinstance(factor, Sum) or _BEGINS.match(self.inline(factor))
        ends = isinstance(before, Sum) or _ENDS.search(self.inline(before))
        return " " if self._tacit and begins and ends else super().between(before, factor)

    def partial(self, of: Formula, by: Formula) -> str:
        """A derivative; δ or dw where the author calls it that, and not below a fraction only."""
        total = isinstance(of, Name) and of.name == self._model.total
        if total and isinstance(by, Name | Member | Array):
            name = self._as_array(by) if isinstance(by, Array) else super().leaf(by)
            for short in (_NAME.sub(r"\\delta\2", name), f"d{name}", f"\\delta {name}"):
                raised = self._raised.name(short) if self._raised else short
                if re.search(rf"(?<![{{/A-Za-z\\]){re.escape(raised)}", self._author):
                    return raised
        return super().partial(of, by)

    def juxtaposed(self, before: Formula, factor: Formula) -> bool:
        arrays = all(any(isinstance(x, Array) for x in walk(f)) for f in (before, factor))
        return super().juxtaposed(before, factor) or arrays

    def function(self, name: str, primes: int) -> str:
        if name == "sig" and self._sigma:
            return r"\sigma" + "'" * primes
        return super().function(name, primes)


class _Plain(Text):
    def __init__(self, model: Model, text: str) -> None:
        super().__init__(model)
        self.minus = "-" if "−" not in text else "−"
        self.times = "*" if "·" not in text else "·"
        self._d = "∂" if "∂" in text else "d"
        self._signed = "*" in text
        self._bare = not re.search(r"[A-Za-z]_[0-9]", text) and not model.has_neurons

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Placeholder | Unknown | Array) and formula.text:
            return formula.text
        written = super().leaf(formula)
        if isinstance(formula, Neuron):
            return re.sub(r"_([a-z])\1\Z", r"_\1", written)
        return re.sub(r"(?<=[A-Za-z])_([0-9]+)\Z", r"\1", written) if self._bare else written

    def juxtaposed(self, before: Formula, factor: Formula) -> bool:
        return not self._signed and super().juxtaposed(before, factor)

    def partial(self, of: Formula, by: Formula) -> str:
        return super().partial(of, by).replace("∂", self._d)
