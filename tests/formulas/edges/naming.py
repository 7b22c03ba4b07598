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
        if re.fullmatch("w[0-9]?x+", token.word):
            raise UnsureError("a weight that is left open")
        if re.fullmatch("dE[a-z][0-9]+", token.word):
            raise UnsureError("an error without its sign")
        if token.word == "dEtotal":
            raise UnsureError("an error without its sign")
        if token.word == "dE" and re.fullmatch("[0-9]+", token.lower):
            raise UnsureError("an error without its letter")
        name = self._network.spellings.get((token.word[1:], token.lower))
        return None if name is None else ("name", name)

    def quantity(self, token: Token) -> Node:
        network = self._network
        word, lower = token.word, token.lower
        name = network.spellings.get((word, lower))
        if name is not None:
            return ("name", name)
        if word.startswith("delta") and lower and network.nets:
            net = network.nets.get(f"{word[5:]}_{lower}" if len(word) > 5 else lower)
            if net is not None:
                return ("partial", ("name", network.total), net)
        if re.fullmatch("w[0-9]?x+", word) and not lower:
            raise UnsureError("a weight that is left open")
        if word in self._own and not lower:
            return self._own[word]
        if word == "f" and not lower:
            raise UnsureError("f may be the activation")
        if word in ("eta", "x") and not lower:
            return ("free", word)
        if word == "w" and _PLACEHOLDER.fullmatch(lower):
            return ("free", f"w_{lower}")
        if word == "w" and re.fullmatch("[0-9]+", lower) and network.nets and "^" not in word:
            weights = [one for one in network.given if one[0] == "w"]
            if 0 < int(lower) <= len(weights) or len(lower) == 2:
                raise UnsureError("a weight numbered otherwise")
        if (
            re.fullmatch("([wzab]|delta)[0-9]", word)
            and re.fullmatch("[0-9_]+", lower)
            and network.nets
        ):
            raise UnsureError("a plain name in LaTeX")
        if word == "w" and re.fullmatch("[0-9],[0-9]", lower):
            raise UnsureError("a weight with a comma that it does not need")
        joined = word + re.sub(r"^([a-z]),(?=[0-9])", r"\1", lower)
        if (name := network.joined.get(joined)) is not None:
            return ("doubt", ("name", name))
        if word == "E" and re.fullmatch("[0-9]+", lower):
            found = [n for n in network.definitions if n[:2] == "E_" and n[3:] == lower]
            if len(found) == 1:
                return ("doubt", ("name", found[0]))
        if not lower and word in ("out", "target", "net") and network.nets:
            raise UnsureError("a name without its index")
        if self.differential(token):
            raise UnsureError("a differential by itself")
        weights = [one for one in network.given if one[0] == "w"]
        if re.fullmatch("w[0-9]+", word) and not lower and 0 < int(word[1:]) <= len(weights):
            raise UnsureError("a weight numbered otherwise")
        spelled = {_squeezed(*one) for one in network.spellings} - {None}
        if lower and _squeezed(word, lower) in spelled:
            raise UnsureError("an index with other signs in it")
        if word == "delta" and lower.replace(",", "_") in network.nets:
            raise UnsureError("an index with other signs in it")
        raise UnreadError(f"the name {word}_{lower}")


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
