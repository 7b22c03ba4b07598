"""What a name means: a quantity, a letter, a word of the author's own, or something half meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.formulas.edges.meaning import Node, UnreadError, UnsureError
from tests.formulas.edges.networks import Network
from tests.formulas.edges.tokens import Token

FUNCTIONS = {
    "sig": "sig", "sigma": "sig", "tanh": "tanh", "exp": "exp", "ln": "ln", "relu": "relu",
    "softplus": "softplus", "sqrt": "sqrt",
}  # fmt: skip
_PLACEHOLDER = re.compile(r"x+|[0-9]*x+|x+[0-9]*|[*?]")
_DOUBTFUL = (
    ("w[0-9]?x+", "", "a weight that is left open"),
    ("f", "", "f may be the activation"),
    ("w", "[0-9],[0-9]", "a weight with a comma that it does not need"),
)
"""Names that may mean something: the word, what stands below it, and what is in doubt."""
_DOUBTFUL_IN_LAYERS = (
    ("([wzab]|delta)[0-9]", "[0-9_]+", "a plain name in LaTeX"),
    ("out|target|net", "", "a name without its index"),
    ("out|target|net|delta", "[a-z]", "all neurons of a layer, of which there may be one"),
    ("out|target|net|delta|E", "[ho]_?[0-9]+", "a neuron's name in another notation"),
)
_HALF_DIFFERENTIALS = (
    ("dE[a-z][0-9]+|dEtotal", ".*", "an error without its sign"),
    ("dE", "[0-9]+", "an error without its letter"),
)


class Names:
    """The names of a network, and those that the author defines."""

    def __init__(self, network: Network, own: Mapping[str, Node]) -> None:
        self._network = network
        self._own = own

    def differential(self, token: Token) -> Node | None:
        """The quantity in dE_total or dw21; nothing where a token is no differential."""
        if token.kind != "name" or token.command or token.word[:1] != "d" or len(token.word) < 2:
            return None
        if (token.word, token.lower) in self._network.spellings or token.word == "delta":
            return None
        _refuse(_HALF_DIFFERENTIALS, token)
        name = self._network.spellings.get((token.word[1:], token.lower))
        return None if name is None else ("name", name)

    def quantity(self, token: Token) -> Node:
        """What a name means; refused where it means nothing, or nobody knows which of two things."""
        word, lower = token.word, token.lower
        found = self._spelled(word, lower)
        if found is None:
            self._refuse_doubtful(token)
            found = self._letter(word, lower) or self._half_spelled(word, lower)
        if found is None:
            self._refuse_misspelled(token)
            raise UnreadError(f"the name {word}_{lower}")
        return found

    def _spelled(self, word: str, lower: str) -> Node | None:
        """A quantity by its name, or what δ of a net input is."""
        network = self._network
        name = network.spellings.get((word, lower))
        if name is not None:
            return ("name", name)
        if word.startswith("delta") and lower:
            net = network.nets.get(f"{word[5:]}_{lower}" if len(word) > 5 else lower)
            return None if net is None else ("partial", ("name", network.total), net)
        return None

    def _letter(self, word: str, lower: str) -> Node | None:
        """A name of the author's own, or a letter with a value of its own."""
        if not lower:
            return ("free", word) if word in ("eta", "x") else self._own.get(word)
        return ("free", f"w_{lower}") if word == "w" and _PLACEHOLDER.fullmatch(lower) else None

    def _half_spelled(self, word: str, lower: str) -> Node | None:
        """A quantity whose name is spelled without what joins its parts, or without a letter."""
        joined = word + re.sub(r"^([a-z]),(?=[0-9])", r"\1", lower)
        if (name := self._network.joined.get(joined)) is not None:
            return ("doubt", ("name", name))
        if word == "E" and re.fullmatch("[0-9]+", lower):
            found = [n for n in self._network.definitions if n[:2] == "E_" and n[3:] == lower]
            return ("doubt", ("name", found[0])) if len(found) == 1 else None
        return None

    def _refuse_doubtful(self, token: Token) -> None:
        """Refuse a name that is some quantity's in another way of naming."""
        layered = bool(self._network.nets)
        _refuse(_DOUBTFUL, token)
        _refuse(_DOUBTFUL_IN_LAYERS if layered else (), token)
        numbered = layered and token.word == "w" and re.fullmatch("[0-9]+", token.lower)
        if numbered and (self._counts(token.lower) or len(token.lower) == 2):
            raise UnsureError("a weight numbered otherwise")

    def _refuse_misspelled(self, token: Token) -> None:
        """Refuse a name that is nearly a quantity's."""
        word, lower = token.word, token.lower
        if self.differential(token):
            raise UnsureError("a differential by itself")
        if re.fullmatch("w[0-9]+", word) and not lower and self._counts(word[1:]):
            raise UnsureError("a weight numbered otherwise")
        runs_on = re.fullmatch("([0-9]+)[A-Za-z].*", lower)
        if runs_on and self._spelled(word, runs_on[1]) is not None:
            raise UnsureError("an index that runs into the next name")
        letters = [*((letter, "") for letter in word[:-1]), (word[-1], lower)]
        if len(word) > 1 and all(one in self._network.spellings for one in letters):
            raise UnsureError("letters side by side, or a word")
        spelled = {_squeezed(*one) for one in self._network.spellings} - {None}
        near_delta = word == "delta" and lower.replace(",", "_") in self._network.nets
        if near_delta or (lower and _squeezed(word, lower) in spelled):
            raise UnsureError("an index with other signs in it")

    def _counts(self, number: str) -> bool:
        """Whether the network has as many weights as `number` says, which is not 0."""
        return 0 < int(number) <= sum(one[0] == "w" for one in self._network.given)


def _refuse(names: Sequence[tuple[str, str, str]], token: Token) -> None:
    """Refuse a name that a table has."""
    for word, lower, why in names:
        if re.fullmatch(word, token.word) and re.fullmatch(lower, token.lower):
            raise UnsureError(why)


def _squeezed(word: str, lower: str) -> str | None:
    """A name without the signs between single letters and numbers of its index."""
    if re.search(r"[A-Za-z]{2,}[,_][A-Za-z]|[A-Za-z][,_][A-Za-z]{2,}|[,_]{2}|^[,_]|[,_]$", lower):
        return None
    return word + re.sub("[,_]", "", lower)


def by_what(node: Node) -> str:
    """The quantity by which a derivative is taken."""
    if node[0] == "doubt":
        raise UnsureError("a derivative by what may be meant otherwise")
    if node[0] != "name":
        raise UnreadError("a derivative by what is no quantity")
    return str(node[1])


def defined(network: Network, chain: Sequence[Sequence[Token]]) -> str | None:
    """The name that an equation defines: a word alone on its left side that means nothing else."""
    if len(chain) == 2 and [token.kind for token in chain[0]] == ["{", "name", "}"]:
        raise UnsureError("a name in braces")
    if len(chain) != 2 or len(chain[0]) != 1 or chain[0][0].kind != "name":
        return None
    word, lower = chain[0][0].word, chain[0][0].lower
    words = {one for one, _ in network.spellings}
    if lower and word.isalpha() and word not in (*words, *FUNCTIONS, "delta", "d"):
        raise UnsureError("what may define a name with an index")
    known = (word, lower) in network.spellings or word in (
        *FUNCTIONS,
        "eta",
        "out",
        "target",
        "net",
    )
    return None if lower or known or len(word) < 3 or not word.isalpha() else word
