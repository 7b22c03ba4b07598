r"""Words inside of a display that have a meaning, and the ranges that they introduce.

A formula's own words are few: "with", "where", "if", "for all k". What is not among them is not
read, and neither is the claim beside it: ``\text{ times } 5`` and ``\text{it is wrong that}`` mean
more than a reader of formulas knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from derive.formula.index import Index, Test, placed
from derive.grammar.limits import conditions, units_said
from derive.grammar.signs import COUNT_OF_LAYERS

_JOINING = frozenset({
    "with", "where", "and", "mit", "wobei", "und", "so", "hence", "thus", "since", "as", "because",
    "therefore", "then", "gives", "giving", "let", "sei", "seien", "also", "daher", "dann", "weil",
    "da", "wherein", "using", "sowie", "somit", "damit", "folglich", "denn", "bzw", "et", "donc",
    "soit", "avec", "où", "alors", "car", "puisque", "ainsi", "d'où", "kde", "tedy", "proto", "tj",
    "takže", "přičemž", "neboť", "potom", "donde", "con", "entonces", "dove", "quindi", "allora",
})  # fmt: skip
"""Words between two statements, each of which is a statement of its own."""
_PHRASES = frozenset({
    "that is", "i.e.", "d.h.", "that means", "das heißt", "it follows that", "so that",
    "we have", "we get", "we obtain", "this gives", "which gives", "daraus folgt", "es gilt",
    "ainsi que", "c'est-à-dire", "on a", "on obtient", "dostaneme", "por lo tanto", "y por tanto",
})  # fmt: skip
_REASONS = frozenset({
    "chain rule", "product rule", "quotient rule", "sum rule", "power rule", "by definition",
    "by the chain rule", "using the chain rule", "kettenregel", "produktregel",
})  # fmt: skip
"""Remarks beside a step that say why it holds, and nothing about what holds."""
IF = frozenset({
    "if", "for", "when", "falls", "wenn", "für", "where", "pour", "si", "lorsque", "pro", "pokud",
    "když", "para",
})  # fmt: skip
FOR = (IF - {"where"}) | {
    "for all", "for each", "for every", "für alle", "für jedes", "für jeden", "pour tout",
    "pour chaque", "pro všechna", "pro každé", "para todo",
}  # fmt: skip
"""Words that limit the statement before them to what follows."""
NO_NAMES = frozenset(
    {*_JOINING, *FOR, "or", "oder", "not", "nicht", "is", "ist", "but", "aber", "to", "by"}
)
"""Words that nobody takes for a name."""
OTHERWISE = frozenset({"otherwise", "else", "sonst", "in all other cases"})
_DESCRIBING = frozenset(
    re.findall(
        "[a-z]+",
        """
        a an the of to from at in into by using via with eq equation layer layers net input inputs
        output outputs activation activations hidden unit units neuron neurons node nodes weight
        weights bias biases parameter parameters gradient gradients error errors loss losses cost
        function functions target targets label labels prediction predictions derivative derivatives
        sigmoid logistic tanh relu softmax linear forward backward pass propagation backpropagation
        backprop step rule chain definition matrix vector form vectorized vectorised entropy cross
        quadratic update delta deltas local data regularization regularisation term example examples
        sample last next previous current total learning rate network state gate recurrent time
        and is are as being same shape shapes treated therefore scalar scalars column columns row
        rows vectors matrices size transposed reshaping reshape decomposing decompose splitting
        product products matmul multiplication operation operations
        """,
    )
)
"""Words that only say what something is; nothing made of them denies or asks anything."""
_BETWEEN = frozenset({"the", "of", "to", "from", "into", "by", "using", "being", "via", "with"})
"""Those of them that say how others go together."""
_EVERY = re.compile(
    r"(?:for|für) (?:all|each|every|any|alle|jedes) (?:of )?(?:the )?"
    r"(?:weights?|biases|bias|parameters?|gewichte?|parameter)(?: \$(?:\\theta|[wb])\$)?"
)
_PARAMETER = re.compile(r"\s*(?:\\theta|θ|[wWb])?(?![A-Za-z_^])")
_EDGES = " \t\n.,:;()"
_GAP = re.compile(r"(?:\s|~|\\[ ,;:!]|\\q?quad(?![A-Za-z]))+")


def plain_words(text: str) -> str:
    """Words without the blanks and the punctuation around them, in small letters."""
    words = _GAP.sub(" ", text).strip(" \t\n,:;").lower()
    return words if words in _PHRASES else words.strip(_EDGES)


def is_reason(text: str) -> bool:
    """Whether words name the rule of the step beside which they stand."""
    return plain_words(text) in _REASONS


def describes(text: str) -> bool:
    """Whether words say no more than what something is: "(net input of the hidden layer)"."""
    return all(word in _DESCRIBING or word.isdigit() for word in _words(text))


def is_remark(text: str) -> bool:
    """Whether words that describe stand here with such between them as nobody takes for names."""
    words = _words(text)
    return len(words) > 2 and not _BETWEEN.isdisjoint(words) and describes(text)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[ ,.:;-]+", plain_words(text)) if word]


def every_parameter(words: str, text: str, at: int) -> int | None:
    """Where the name ends in "for all the weights w", words that stand at the end of a text."""
    if _EVERY.fullmatch(plain_words(words)) is None:
        return None
    name = _PARAMETER.match(text, at)
    return name.end() if name and not text[name.end() :].strip(" .,\n") else None


def joins(text: str) -> bool:
    """Whether words only join two statements, or name the rule of a step."""
    words = plain_words(text)
    if not words or words in _REASONS or words in _PHRASES:
        return True
    return all(word in _JOINING for word in re.split(r"[ ,]+", words))


def limits(text: str) -> bool:
    """Whether words limit what stands before them to what follows: for, for all, if."""
    return plain_words(text) in FOR


def limits_to(text: str) -> bool:
    """Whether a range behind these words is a limit: for, for the layers, and; but not unless."""
    first, _, rest = plain_words(text).partition(" ")
    return limits(text) or joins(text) or (first in FOR and describes(rest))


def row_end(text: str, at: int) -> int:
    """Where the row of a display ends in which a place stands."""
    end = text.find("\\\\", at)
    return end if end >= 0 else len(text)


_NUMBER = r"[0-9]{1,6}"
_DOTS = r"(?:\\(?:ldots|dots|dotsc|cdots)(?![A-Za-z])|…|\.\.\.)"
_BLANK = r"(?:\s|~|\{\}|\\[ ,;:!])*"
_RANGE = re.compile(
    rf"(?P<letter>[a-z])(?:{_BLANK})=(?:{_BLANK})(?:(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})"
    rf"|(?P<list>{_NUMBER}(?:{_BLANK},{_BLANK}(?:{_NUMBER}|{_DOTS}))*))"
)
_LAST = rf"(?:{COUNT_OF_LAYERS}|[A-Zmn](?![A-Za-z_]))(?:{_BLANK}[-−+]{_BLANK}[0-9](?![0-9]))?"
_NAMED_END = re.compile(r"(n_l|\w)(?:-([0-9])|\+[0-9])?")
_LISTED = rf"(?:{_NUMBER}|{_LAST})"
_COMMA = rf"{_BLANK},{_BLANK}"
_LIST = (
    rf"({_LISTED})(?:{_COMMA}{_LISTED})*{_BLANK},?{_BLANK}(?:{_DOTS}|\.\.){_BLANK},?{_BLANK}"
    rf"(?:{_LISTED}{_COMMA})*({_LISTED})"
)
_ALL = re.compile(
    rf"([a-z]){_BLANK}(?:=|∈|\\in(?![A-Za-z])){_BLANK}(?:{_LIST}|\\\{{{_BLANK}{_LIST}{_BLANK}\\\}})"
)
_LESS = r"(<|≤|\\(?:leq?|leqslant|lt)(?![A-Za-z]))"
_ENCLOSED = re.compile(
    rf"(?:({_NUMBER}){_BLANK}{_LESS}{_BLANK})?([a-z]){_BLANK}{_LESS}{_BLANK}({_NUMBER}"
    rf"|[A-Za-z](?![A-Za-z])(?:_(?:\w|\{{[^{{}}]*\}}))?)(?:{_BLANK}([-−+]){_BLANK}([0-9](?![0-9])))?"
)
_AT_THE_END = re.compile(rf"([a-z]){_BLANK}={_BLANK}({_LAST})")
_CONDITION = re.compile(
    rf"[a-z]'*{_BLANK}(?:\\(?:neq?|leq?|geq?|lt|gt)(?![A-Za-z])|[=≠<>≤≥]){_BLANK}"
    rf"(?:[a-z]|{_NUMBER})'*(?:{_BLANK}[+-]{_BLANK}(?:[a-z]|{_NUMBER}))*(?![A-Za-z_^0-9])"
)
_LETTERS = re.compile(rf"[a-z](?:{_BLANK},{_BLANK}[a-z])*(?![A-Za-z_^0-9])")
_ITEM = re.compile(rf"{_NUMBER}|{_DOTS}")
_COLON = re.compile(rf"{_BLANK}:(?!=)")
_END = re.compile(
    rf"{_BLANK}(?:\Z|[,;.:](?![0-9=])|\\\\|\\q?quad(?![A-Za-z])|\\end\s*\{{|\\(?:text|mbox)\s*\{{|&)"
)
MOST_NUMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """What an index letter may be: "k = 1, 2", "t = 1, …, 3", "k ≠ j"; all, if nothing is said.

    `last` is the highest number by what authors call it, L − 1, where there are higher ones, or
    the only one: l = L.
    """

    letter: str
    numbers: frozenset[int] = frozenset()
    tests: tuple[Test, ...] = ()
    last: Index | None = None
    is_only: bool = False
    units: str = ""
    """Which units it may be, "output" or "hidden"; without a letter, the one beside it may."""

    def up_to(self, ends: Mapping[str, int]) -> Range | None:
        """The range with the numbers of the letters in `ends`; nothing where one has none."""
        if self.last is None:
            return self
        known = placed(self.last, ends)
        test = Test(((self.letter,), 0), "=" if self.is_only else "≤", known)
        return None if known[0] else replace(self, tests=(*self.tests, test), last=None)


def range_at(text: str, at: int) -> tuple[Range, int] | None:
    """The range that stands at a place, and where it ends; nothing for anything else."""
    bracket = text.startswith("(", at)
    for pattern, read in _READERS:
        found = pattern.match(text, at + bracket)
        if found is None:
            continue
        end = found.end() + bracket
        if (bracket and not text.startswith(")", end - 1)) or not _END.match(text, end):
            continue
        limit = read(found)
        if limit is not None:
            colon = _COLON.match(text, end)
            return limit, colon.end() if colon else end
        if pattern not in (_ALL, _ENCLOSED):
            return None
    return None


def _to_a_letter(found: re.Match[str]) -> Range | None:
    """What k = 1, …, K or l = L − 1, …, 2 says; nothing if both ends are numbers."""
    first, second = (found[2], found[3]) if found[2] else (found[4], found[5])
    low, high = (second, first) if second.isdigit() else (first, second)
    end = _NAMED_END.fullmatch(re.sub(rf"{_BLANK}|[{{}}]", "", high).replace("−", "-"))
    if end is None or not low.isdigit():
        return None
    from_low = Test(((found[1],), 0), "≥", ((), int(low)))
    before = int(end[2] or 0)
    last = ((end[1],), -before) if before else None
    return Range(found[1], tests=(from_low,) if int(low) else (), last=last)


def _enclosed(found: re.Match[str]) -> Range | None:
    """What 2 ≤ l < L and l < L say; nothing where the end is a size less a number, or an index."""
    low, lowest, letter, highest, high, sign, number = found.groups()
    if low is None and not high[0].isupper():
        return None
    lower = () if low is None else (">" if _is_strict(lowest) else "≥",)
    tests = tuple(Test(((letter,), 0), relation, ((), int(low))) for relation in lower)
    after = int(number or 0) * (1 if sign == "+" else -1) - _is_strict(highest)
    if high.isdigit():
        return Range(letter, tests=(*tests, Test(((letter,), 0), "≤", ((), int(high) + after))))
    named = _NAMED_END.fullmatch(re.sub("[{}]", "", high))
    if after > 0 or (after and named is None):
        return None
    return Range(letter, tests=tests, last=((high,), after) if after and named else None)


def _at_the_end(found: re.Match[str]) -> Range | None:
    """What l = L says."""
    end = _NAMED_END.fullmatch(re.sub(rf"{_BLANK}|[{{}}]", "", found[2]).replace("−", "-"))
    if end is None or not end[1][0].isupper():
        return None
    return Range(found[1], last=((end[1],), -int(end[2] or 0)), is_only=True)


def _is_strict(sign: str) -> bool:
    return sign in ("<", "\\lt")


def _of_numbers(found: re.Match[str]) -> Range | None:
    if found["low"]:
        numbers = _counted([int(found["low"]), None, int(found["high"])])
    else:
        items = _ITEM.findall(found["list"])
        numbers = _counted([int(i) if i.isdigit() else None for i in items])
    return Range(found["letter"], frozenset(numbers)) if numbers else None


def _conditional(found: re.Match[str]) -> Range | None:
    tests = conditions(found[0], str.isalpha)
    return Range(tests[0].left[0][0], tests=tests) if tests else None


_READERS = (
    (_ALL, _to_a_letter),
    (_ENCLOSED, _enclosed),
    (_AT_THE_END, _at_the_end),
    (_RANGE, _of_numbers),
    (_CONDITION, _conditional),
)


def letters_at(text: str, at: int) -> tuple[list[Range], int] | None:
    """The letters behind "for all", each of which may be any number, and where they end."""
    found = _LETTERS.match(text, at)
    if found is None or not _END.match(text, found.end()):
        return None
    return [Range(letter, frozenset()) for letter in re.findall("[a-z]", found[0])], found.end()


def holds_only_ranges(text: str) -> bool:
    """Whether a display has nothing but ranges of letters: j = 1, 2, for all i; or nothing."""
    at = 0
    while at < len(text):
        gap, words = _BETWEEN_RANGES.match(text, at), _WORDS_BETWEEN.match(text, at)
        ranged = range_at(text, at) or letters_at(text, at)
        if ranged is not None:
            at = ranged[1]
        elif words is not None and limits(words[1]):
            at = words.end()
        elif gap is not None:
            at = gap.end()
        else:
            return False
    return True


def units_at(text: str, at: int) -> tuple[Range, int] | None:
    """The range that words say, "for output units", "if j is a hidden neuron", and its end."""
    found = _ABOUT_UNITS.match(text, at)
    said = units_said(found[0]) if found and _END.match(text, found.end()) else None
    return (Range(said[0], units=said[1]), found.end()) if found and said else None


_ABOUT_UNITS = re.compile(
    r"(?:\\(?:text|textrm|mathrm|mbox)\s*\{[^{}]*\}|\\in(?![A-Za-z])|∈|[a-z](?![A-Za-z_^0-9])|\$|~"
    r"|\\[ ,;:!]|\s)+(?<=[}a-z])"
)


def is_list(text: str) -> bool:
    """Whether a display only says what letters may be, by lists with dots: l = 0, …, L − 1."""
    return _SOME_DOTS.search(text) is not None and holds_only_ranges(text)


_SOME_DOTS = re.compile(_DOTS)
_BETWEEN_RANGES = re.compile(
    r"(?:[\s,.;&~(){}]|\\\\|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\(?:begin|end)\s*\{[a-z*]*\})+"
)
_WORDS_BETWEEN = re.compile(r"\\(?:text|mbox|mathrm)\s*\{([^{}]*)\}")


def _counted(items: Sequence[int | None]) -> list[int]:
    """The numbers of a list; dots count on by one from the number before to the one behind."""
    numbers: list[int] = []
    for place, item in enumerate(items):
        if item is not None:
            numbers.append(item)
            continue
        after = items[place + 1] if place + 1 < len(items) else None
        if after is None or not numbers or not 0 < after - numbers[-1] <= MOST_NUMBERS:
            return []
        numbers.extend(range(numbers[-1] + 1, after))
    return numbers
