r"""What stands below and above a Σ or Π: k = 1 and T, k \in K, j \neq i, m, n; or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.formula.index import Index, Test
from derive.grammar.tokens import SumSign

_SAME = [
    (re.compile(rf"\\(?:{commands})(?![A-Za-z])"), sign)
    for commands, sign in (
        ("neq?|not=", "≠"), ("in", "∈"), ("leq?|leqslant", "≤"), ("geq?|geqslant", "≥"),
        ("lt", "<"), ("gt", ">"), ("prime", "'"), ("ldots|dots|dotsc|cdots", "..."),
        ("colon|mid", ":"), ("tau", "τ"), ("ell", "l"),
        ("quad|limits|nolimits|displaystyle|scriptstyle", ""),
    )
]  # fmt: skip
_BLANKS = re.compile(r"\\?[\s{}~]|\\[,;:!]")
_WORDS = re.compile(r"\\(?:text|mathrm|textrm|mbox|mathcal|mathbb)\s*\{([^{}]*)\}")
_NAME = r"[A-Za-zτ]'*(?:_[A-Za-z0-9]+)?"
_TERM = re.compile(rf"([+-]?)([0-9]+|{_NAME})")
_PART = re.compile(r"([a-zτ]'*)([=≠<>≤≥∈])(.+)")
_COUNTED = re.compile(r"[a-zτ]'*")
_TOGETHER = re.compile(r"\(([a-z]'*(?:,[a-z]'*)+)\)")
"""Letters that are counted together: (i, j), and (i, j) ∈ Q."""
_FROM_TO = re.compile(r"\[?\(?([^.]+?),?\.\.\.?,?([^.]+?)\)?\]?")
_SET = re.compile(
    r"(?:[A-Za-zτ]|\\(?:Alpha|Gamma|Delta|Theta|Lambda|Pi|Sigma|Phi|Psi|Omega|omega|math(?:scr|frak)))"
    r"[A-Za-z0-9τ'_()+-]*"
)
"""A set by its name, K or Downstream(j), or a layer, l + 1."""
_MEMBERS = re.compile(
    r"\\(?:lbrace|(?:small)?setminus|backslash|cap|emptyset|varnothing)(?![A-Za-z])"
    r"|\\\{(?![^{}]*(?:\.\.|dots|…))|\\\s+\\?\{|[∖∩∅]"
)
"""Members that are written out, or some of a set: what is counted then is not all that fits."""
_DOTTED = re.compile(r"(?:[a-z]'*,?)+\.\.\.,?[a-z]'*")
_OF_EXAMPLES = re.compile(
    r"(?i)(?:mini-?)?batch|data(?:set)?|examples?|samples?|train(?:ing)?(?:set)?"
)
_LIMIT_DIGITS = 9


_SIGN = re.compile(
    r"(?:\\(?:sum|prod)(?![A-Za-z])|[Σ∑Π∏])(?:\s*\\(?:no)?limits(?![A-Za-z]))?\s*_\s*\{([^{}]*)\}"
    r"(?:\s*\^\s*(?:\{([^{}]*)\}|([A-Za-z])))?"
)
_BETWEEN = re.compile(
    rf"((?:{_NAME}|[0-9])[+0-9-]*)([<≤>≥])([a-z]'*)([<≤>≥])((?:{_NAME}|[0-9])[+0-9-]*)"
)
"""What is counted between two others: k < i ≤ t."""


def counted_between(text: str) -> frozenset[str]:
    """The letters that a Σ or Π in a text counts from one small letter, or up to one."""
    found = set[str]()
    for below, above, single in _SIGN.findall(text):
        plain, upper = _plain(below), _plain(above or single)
        between = _BETWEEN.fullmatch(plain)
        if between is not None:
            found.add(between[3])
            continue
        letter, sign, lower = plain.partition("=")
        if sign and _COUNTED.fullmatch(letter) and re.search("[a-z]", lower + upper):
            found.add(letter)
    return frozenset(found)


def sets_of_pairs(text: str) -> dict[str, str]:
    """What stands for a set of pairs in an index, with the letters that are counted: Q, i and j."""
    found: dict[str, str] = {}
    for below, above, single in _SIGN.findall(text):
        letters, sign, name = _TOGETHER.sub(r"\1", _plain(below)).partition("∈")
        several = "," in letters and not above and not single
        if sign and several and len(name) == 1 and name.isupper():
            found[name] = letters if found.get(name, letters) == letters else ""
    return {name: letters for name, letters in found.items() if letters}


_BELOW = re.compile(
    r"(?:\\(?:sum|prod)(?![A-Za-z])|[Σ∑Π∏])(?:\s*\\(?:no)?limits(?![A-Za-z]))?"
    r"\s*_\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_OF_OWN_NAME = re.compile(r"(?!(?i:out|outputs?|(?:output)?(?:units?|neurons?|nodes?|layer))\Z).*"
                          r"(?:[A-Za-z]{2}|[_(])")  # fmt: skip


def named_set(text: str) -> str:
    """A set with a name of its own over which a Σ or Π goes, Downstream(j); nothing for others.

    Which units are in it, only words say; a set with one letter is taken for all that fits.
    """
    sets = (_plain(below).partition("∈")[2] for below in _BELOW.findall(text))
    return next((name for name in sets if _OF_OWN_NAME.match(name)), "")


class LimitError(ValueError):
    """Limits cannot be read: why, and whether it is the one above the sign."""

    def __init__(self, message: str, *, above: bool = False) -> None:
        super().__init__(message)
        self.above = above


def _is_whole_set(text: str) -> bool:
    r"""Whether k \in … speaks of a set by its name, which is taken for all that fits.

    One that names its members, {1}, or leaves some out, K \setminus {1}, is none.
    """
    return _MEMBERS.search(text) is None and _SET.fullmatch(_plain(text)) is not None


def is_all(text: str) -> bool:
    """Whether a set is all that fits: one by its name, or {1, …, n} with a letter at its end."""
    span = _FROM_TO.fullmatch(_plain(text))
    if span is not None:
        return span[1] == "1" and re.fullmatch(_NAME, span[2]) is not None
    return _is_whole_set(text)


def sum_sign(sign: str, below: str | None, above: str | None) -> SumSign:
    """Σ or Π with its limits, as they are written. Raises :class:`LimitError`."""
    read = _Limits(sign)
    if above is not None:
        read.upper = index_at(_plain(above))
        if read.upper is None:
            why = f"the upper limit of {sign} has to be a number, or a letter like T"
            raise LimitError(why, above=True)
    lower = _TOGETHER.sub(r"\1", _plain(below or ""))
    if _MEMBERS.search(below or ""):
        raise read.unread()
    if _DOTTED.fullmatch(lower):
        # The letters that the dots leave out stand where the dots of the product are.
        lower = lower.replace("...", "").replace(",,", ",")
    for part in filter(None, [lower] if "..." in lower else re.split("[,;:|]", lower)):
        read.part(part)
    return read.done()


class _Limits:
    """The letters, limits and conditions of one sign, put together part by part."""

    def __init__(self, sign: str) -> None:
        self.sign = sign
        self.counted: list[str] = []
        self.tests: list[Test] = []
        self.lower: Index | None = None
        self.upper: Index | None = None

    def part(self, text: str) -> None:
        """Read one of the parts between commas: k, k = 1, k ≠ i, j < k ≤ t, k ∈ K, k ∈ 1..N, mn."""
        if (between := _BETWEEN.fullmatch(text)) is not None:
            self._between(*between.groups())
            return
        found = _PART.fullmatch(text)
        if found is None:
            letters = _COUNTED.findall(text)
            if "".join(letters) != text:
                raise self.unread()
            self.counted += letters
            return
        letter, relation, rest = found.groups()
        if relation == "∈":
            self._set(rest)
        else:
            limit = index_at(rest)
            if limit is None:
                raise self.unread()
            if relation == "=" and self.lower is None and letter not in self.counted:
                self.lower = limit
            else:
                self.tests.append(Test(((letter,), 0), relation, limit))
        if letter not in self.counted:
            self.counted.append(letter)

    def _between(self, first: str, sign: str, letter: str, other: str, last: str) -> None:
        """Read k < i ≤ t, or t ≥ i > k, which is i = k + 1 and t."""
        if (sign in "<≤") != (other in "<≤") or self.counted or self.upper is not None:
            raise self.unread()
        if sign in ">≥":
            first, sign, other, last = last, other, sign, first
        lower, upper = index_at(first), index_at(last)
        if lower is None or upper is None:
            raise self.unread()
        self.counted.append(letter)
        self.lower = lower[0], lower[1] + (sign in "<>")
        self.upper = upper[0], upper[1] - (other in "<>")

    def _set(self, text: str) -> None:
        """A set is all that exists, K; or it names its first and last member: 1..N.

        One of examples is none of units.
        """
        if _OF_EXAMPLES.fullmatch(text):
            raise LimitError("a Σ over examples is read with their number above, as in x^{(i)}")
        if _is_whole_set(text):
            return
        span = _FROM_TO.fullmatch(text)
        if span is None:
            raise self.unread()
        self.lower, self.upper = index_at(span[1]), index_at(span[2])
        if self.lower is None or self.upper is None:
            raise self.unread()

    def done(self) -> SumSign:
        """The sign with all of them. Raises :class:`LimitError` where they do not fit."""
        number = self.upper is not None and not self.upper[0]
        if self.upper is not None and (not self.counted or (self.lower is None and number)):
            raise LimitError(
                f"the lower limit of {self.sign} is missing, as in {self.sign}_{{k=1}}^{{2}}"
            )
        if self.lower is not None and self.lower[0] and self.upper is None:
            raise LimitError(f"the upper limit of {self.sign} is missing")
        if self.lower is not None and len(self.counted) > 1:
            raise LimitError(f"write a {self.sign} with limits for each index that is counted")
        return SumSign(tuple(self.counted), self.lower, self.upper, tuple(self.tests), self.sign)

    def unread(self) -> LimitError:
        return LimitError(f"below {self.sign} an index like k = 1 is expected")


_SAID = re.compile(r"\\(?:text|textrm|mathrm|mbox)\s*\{|[{}$~(),.;:-]|\\[ ,;]|\s+")
_OUTPUT = re.compile(
    "outputs?|(?:ausgabe|ausgangs)(?:neuron(?:en|s)?|einheit(?:en)?|knotens?|schicht)"
    "|výstupní(?:ch|ho|m)?"
)
_OF_OUTPUT = re.compile(r"\b(?:de sortie|de salida|di uscita)\b")
_HIDDEN = re.compile(
    "hidden|inner|interior|(?:verdeckt|versteckt|inner)e[mnrs]?|skryt(?:ý|é|á|ého|ých|ou)"
    "|cachée?s?|ocult[ao]s?|nascost[aeio]"
)
_UNIT = re.compile(
    "neurons?|units?|nodes?|layers?|neuronen|einheit(?:en)?|knoten|schicht|neuron(?:y|u|ů)"
    "|vrstv(?:a|u|y|ě)|neurones?|unités?|couche|neuronas?|unidad(?:es)?|capa|neuroni|strato"
)
_IS = frozenset({"is", "are", r"\in", "∈", "in", "ist", "liegt", "je", "est", "es", "è"})
_WHEN = frozenset({
    "if", "for", "when", "where", "in", "falls", "wenn", "für", "pour", "si", "lorsque", "dans",
    "pro", "pokud", "když", "je", "para", "per",
})  # fmt: skip
_ARTICLES = frozenset({
    "a", "an", "the", "all", "any", "each", "every", "ein", "eine", "einen", "einem", "der", "die",
    "das", "den", "dem", "alle", "jedes", "im", "le", "la", "les", "un", "une", "des", "du",
    "chaque", "el", "los", "las", "una", "il", "lo", "li", "všechny", "každý", "každé", "ve", "en",
})  # fmt: skip


def units_said(text: str) -> tuple[str, str] | None:
    """What "j is an output neuron" and "for hidden units" say: the letter, if any, and which units.

    So do "für ein verdecktes Neuron j", "pro výstupní neuron" and "si j est un neurone de sortie".
    Nothing for any other words.
    """
    words = _OF_OUTPUT.sub("output", _SAID.sub(" ", text))
    letters: list[str] = []
    kinds: list[str] = []
    order = ""
    said = words.lower().split()
    for place, word in enumerate(said):
        begins = place == 0 and said[1:2] and said[1] in _IS
        if len(word) == 1 and word.isalpha() and (word != "a" or begins) and word != "è":
            letters.append(word)
            order += "l"
        elif _OUTPUT.fullmatch(word) or _HIDDEN.fullmatch(word):
            kinds.append("output" if _OUTPUT.fullmatch(word) else "hidden")
            order += "k"
        elif word in _IS:
            order += "i"
        elif not (_UNIT.fullmatch(word) or word in _WHEN or word in _ARTICLES):
            return None
    limits = said[:1] and (said[0] in _WHEN or order == "lik")
    if not limits or len(kinds) != 1 or len(letters) > 1:
        return None
    return "".join(letters), kinds[0]


def of_units(letter: str, units: str, first_output: int) -> Test:
    """The condition that a letter stands for an output, or for a hidden unit.

    Outputs have the numbers from `first_output` on.
    """
    return Test(((letter,), 0), "≥" if units == "output" else "<", ((), first_output))


def conditions(text: str, is_letter: Callable[[str], bool]) -> tuple[Test, ...] | None:
    """The conditions on index letters that a text is, "i ≠ j, i < 3"; nothing for anything else.

    `is_letter` says whether a letter is an index, and no name of a quantity.
    """
    tests: list[Test] = []
    for part in re.split(",|\\\\land|\\\\wedge|∧", text):
        found = _PART.fullmatch(_plain(part))
        limit = index_at(found[3]) if found else None
        if found is None or limit is None or found[2] == "∈" or not is_letter(found[1]):
            return None
        tests.append(Test(((found[1],), 0), found[2], limit))
        if not all(map(is_letter, tests[-1].letters)):
            return None
    return tuple(tests)


def _plain(text: str) -> str:
    """Limits without blanks, braces and fonts, with one sign for each relation."""
    text = _WORDS.sub(r"\1", text)
    for command, sign in _SAME:
        text = command.sub(sign, text)
    return _BLANKS.sub("", text).replace("^'", "'").replace("−", "-").replace("…", "...")


def index_at(text: str) -> Index | None:
    """A limit, or an index, with letters: T − 1; nothing if it is none."""
    letters: list[str] = []
    number, at = 0, 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or (at and not term[1]):
            return None
        if term[2].isdigit():
            value = _limit(term[2])
            number += -value if term[1] == "-" else value
        else:
            letters.append(("-" if term[1] == "-" else "") + term[2])
        at = term.end()
    return (tuple(letters), number) if text else None


def _limit(digits: str) -> int:
    """A limit of Σ; one that is far too large stays so."""
    short = digits.lstrip("0")
    return int(short or "0") if len(short) <= _LIMIT_DIGITS else 10**_LIMIT_DIGITS


_UP_TO_D = re.compile(
    r"(?:\\sum(?:\s*\\limits)?|[Σ∑])\s*_\s*(?:\{[^{}]*\}|\w)\s*\^\s*\{?\s*d(?![A-Za-z])"
)


def counts_to_d(text: str) -> bool:
    """Whether a Σ of a text ends with d, which is a number then: 1/d Σ_{i=1}^d x_i."""
    return _UP_TO_D.search(text) is not None
