"""What reading asks the network about: what its names mean, and what a formula of them may do.

Both classes answer as if nothing were known; whoever knows more overrides what it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from derive.formula import Array, Formula, Layer, Letter, Name
from derive.formula.index import Index


class SymbolTable:
    """What names mean. A *key* is a name as it is written, without braces, spaces and fonts."""

    layer: int | None = None
    """The number that the letter l stands for in an upper index, where there is one."""
    owner = ""
    """What the names belong to, for messages: the network's name."""
    by_layer = False
    """Whether the layer of a name stands in an upper index."""
    layers = ("l", "L")
    """The letters that stand for any layer, and for the last one."""

    fixed: Mapping[str, int] = {}
    """The index letters that stand for one member everywhere, and for which."""
    limits: Collection[str] = ()
    """The letters up to which something counts, like the d of a Σ that ends there."""
    adjoint = ""
    """The letter before W that makes of it the name of the error's derivative by W: d or δ."""

    total: Formula | None = None
    """The error of the whole network, by which nothing is multiplied."""

    pairs: Mapping[str, str] = MappingProxyType({})
    """What stands for a set of pairs in an index, with the letters that a Σ counts over it."""

    @property
    def weights(self) -> str:
        """What the names of weights begin with, where all do with one letter."""
        return ""

    @property
    def first_output(self) -> int:
        """The lowest number of the units that are outputs, where all are numbered through; or 0."""
        return 0

    @property
    def stems(self) -> frozenset[str]:
        """What names begin with: out, net, w, δ and the like."""
        return frozenset()

    def look_up(self, key: str) -> Formula | None:
        """What has this key."""
        return None

    def level(self, upper: str) -> str:
        """The number of the layer that an upper index names; or nothing."""
        return ""

    def raised(self, stem: str, sub: str, sup: str, bold: bool = False) -> Formula | None:
        """What has one of its indices above: x_j^{(i)}, h^{(t)}; or nothing."""
        return None

    def copied(self, formula: Formula, sup: str) -> Formula | None:
        """The copy of a shared parameter in the step that stands above it, W^{(t)}; or nothing."""
        return None

    def has_index(self, key: str) -> bool:
        """Whether a bracket right behind this name holds its index: ``net[1]``."""
        return False

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """Whether a name in LaTeX is spelled as the network's notation typesets it."""
        return True

    def is_foreign(self, key: str) -> bool:
        """Whether a name is only known to another notation."""
        return False

    def says_layer(self, index: str) -> bool:
        """Whether an index has a letter that may be any layer, or a neuron of any layer."""
        return self.layers[0] in index

    def width(self, index: str) -> int | None:
        """How many neurons the layer has that an upper index names; nothing for another index."""
        return None

    def gradient(self, key: str) -> Formula | None:
        """The derivative of the error that a name stands for, as dW does; or nothing."""
        return None

    def made_of(self, written: Formula, other: Formula) -> Name | None:
        """The quantity, written so, that depends on another as C does in C'(w); or nothing."""
        return None

    def placeholder(
        self, stem: str, rest: str, text: str, place: int, upper: str = ""
    ) -> Formula | None:
        """A weight that is left open, w_{xx}; or nothing."""
        return None

    def generic(self, stem: str) -> Formula | None:
        """What a bare `out` means; or nothing."""
        return None

    def is_familiar(self, stem: str, index: str) -> bool:
        """Whether there are names like this one, so that its index must be wrong."""
        return False

    def function(self, name: str) -> str | None:
        """The function of the table that `name` means."""
        return None

    def letter(self, name: str, index: str = "") -> Letter | None:
        """The letter that `name` means where it is no name of the network: η, the learning rate.

        Its index may be what it is the rate of: α_W.
        """
        return None


class Meaning:
    """What the network says of formulas that are made of its names."""

    @property
    def activations(self) -> Sequence[str]:
        """The activation of each layer after the inputs."""
        return ()

    def net_layer(self, name: str) -> int | None:
        """The layer of which `name` is a net input; nothing for any other quantity."""
        return None

    def influenced(self, name: str) -> Collection[str]:
        """The quantities that depend on `name`."""
        return ()

    def names(self, formula: Formula) -> Collection[str]:
        """The quantities that a formula stands for: a family's members, a vector's entries.

        A name that is unknown stands for all that begin with it, as w does in E(w).
        """
        return ()

    def member_of(self, stem: str, arguments: Sequence[Formula]) -> Formula | None:
        """The member of a family with the index that all arguments have first; or nothing.

        Where there is a single one, it is nothing unless members are those of examples.
        """
        return None

    def entry(self, of: Array | Layer, at: Sequence[Index]) -> Formula | None:
        """The entry of a vector or matrix with one index or two; nothing if it has none such."""
        return None

    def goes_back_alone(self, formula: Formula) -> bool:
        """Whether a quantity depends on what was before it through its own family only."""
        return False

    def inputs(self, name: str) -> Collection[str]:
        """The quantities that the definition of `name` is made of."""
        return ()

    def is_defined(self, stem: str) -> bool:
        """Whether a quantity whose name begins so has a definition."""
        return False

    def ranges(self, formula: Formula) -> Mapping[str, Sequence[int]]:
        """The free index letters of a formula, and the numbers that each may be."""
        return {}

    def counted(self, formula: Formula, letter: str) -> Sequence[int]:
        """The numbers that a Σ without limits counts: those for which all behind it exists.

        Where it is differentiated by h_t, and h_0 is given, 0 is none of them.
        """
        return self.ranges(formula).get(letter, ())

    def is_unit(self, formula: Formula, letter: str) -> bool:
        """Whether a formula speaks of the only unit that the network calls by this letter."""
        return False

    def summed(self, letter: str) -> tuple[int, int] | None:
        """From where to where the network itself adds up over a letter, where that is clear."""
        return None

    def counts_with(self, letter: str) -> bool:
        """Whether the network itself counts units or members with a letter: the t of h_t."""
        return False

    @property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest number that an index can be."""
        return 1, 1

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        """Rows and columns of a formula of vectors and matrices, if its shapes fit."""
        return None

    def applied(self, argument: Formula, letter: str) -> Collection[str]:
        """The functions that are applied to `argument`, by symbol; "" is the identity.

        `letter` is what the author calls the function.
        """
        return ()

    def made_of(self, argument: Formula, primes: int) -> Formula | None:
        """The only quantity that is made of `argument` alone, or its derivative; or nothing."""
        return None

    def may_rest(self, test: Formula) -> bool:
        """Whether a condition's difference may be 0 in a whole region."""
        return False

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        """The terms of a sum with every ellipsis written out. Raises :class:`DotsError`."""
        raise DotsError("dots are not read here")


class DotsError(ValueError):
    """The dots of a sum do not say what is left out."""
