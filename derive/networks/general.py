"""Networks of any sizes and depth: what they have in common, and examples of them.

``derive notes general`` writes the rules of all of them, with letters for what is left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from derive import functions
from derive.errors import InputError
from derive.networks.general_family import GeneralFamily, of_family
from derive.networks.network import Network
from derive.networks.own import activation_of
from derive.networks.shipped import file_of
from derive.networks.sources import Source, read
from derive.tables import read_table

if TYPE_CHECKING:
    from derive.networks.equations.system import System

GENERAL = "general"
"""The name under which the document of all networks is asked for."""
SHAPES = (
    *((2, 1), (3, 2), (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 3, 2)),
    *((2, 2, 2, 2), (2, 4, 3, 2), (1, 2, 1, 2), (3, 1, 2, 1), (2, 5, 2, 3), (1, 1, 1, 1)),
    *((3, 2, 4, 1), (1, 3, 2, 2), (4, 1, 3, 3), (2, 3, 1, 4), (5, 2, 2, 1), (2, 2, 5, 2)),
    *((2, 3, 2, 3, 2), (3, 2, 2, 1, 2), (1, 3, 1, 2, 1), (2, 1, 4, 1, 3), (1, 2, 2, 2, 3)),
    *((2, 1, 2, 1, 2, 1), (1, 2, 1, 1, 2, 2), (1, 1, 2, 1, 2, 1, 1)),
)
"""The sizes of the networks on which general rules are proved, the inputs first."""
NARROW = (
    *((2, 1), (1, 1, 1), (2, 1, 2), (3, 2, 1), (1, 2, 2), (2, 2, 1), (1, 3, 1), (5, 1, 2)),
    *((2, 1, 3), (1, 1, 1, 1), (2, 1, 1, 1), (1, 2, 1, 1), (3, 1, 2, 1), (2, 1, 1, 2)),
    *((1, 1, 2, 1), (4, 1, 2, 1), (1, 1, 1, 1, 1), (2, 1, 1, 1, 1), (3, 1, 1, 1, 1)),
    *((1, 2, 1, 1, 1), (1, 1, 1, 2, 1), (2, 1, 1, 1, 2), (1, 1, 1, 1, 1, 1)),
)
"""The same for functions with a kink in every layer: there are two regions for each neuron."""
SIGMOID = "sigmoid"
SMOOTH = (SIGMOID, "tanh", "softplus", "silu", "identity")
KINKED = ("relu", "leaky-relu", "elu")
"""Some activations without a kink, and some with one."""
LOSSES = ("half-squared-error", "squared-error", "binary-cross-entropy", "mean-squared-error")
MOST_KINKED = 10
"""Weights of a network up to which functions with a kink are tried: each has two regions."""
_STAND_IN = (2, 2, 2, 2)
_SMALLEST = (2, 2, 2)
_WORDS = ("f", "g", "h", r"\varphi")


@dataclass(frozen=True)
class General:
    """All networks that have everything but their sizes and their depth in common.

    `template` says what they have in common, and stands in for them where the names of quantities
    are asked for. Where the `activation` or the `loss` is left open, too, each network has its own.
    An activation that is not the same in all layers is a letter, by which the template calls its
    sigmoid; `given` are that of the hidden layers and that of the last one, where they are known.
    """

    template: Network
    activation: bool
    loss: bool
    given: tuple[str, ...] = ()

    @cached_property
    def _may_differ(self) -> bool:
        """Whether the letter of the activation means that of its layer beside a sigmoid, too.

        Where the notation has it for the sigmoid, it means nothing else in a network that has one.
        """
        letter = dict(self.template.names).get("sig")
        return letter != dict(self.template.naming.table.functions).get("sig")

    def _activations(self, place: int, layers: tuple[int, ...]) -> tuple[str, ...]:
        """The activations of one of the networks, a name for each of its layers."""
        count = len(layers) - 1
        if self.given or not self.activation:
            own = self.given or self.template.activations
            return (*[own[0]] * (count - 1), own[-1])
        if self.has_shares:
            return (*self._drawn(place, layers)[:-1], functions.SOFTMAX)
        return self._drawn(place, layers)

    def _drawn(self, place: int, layers: tuple[int, ...]) -> tuple[str, ...]:
        """Activations that nobody has given, one for each layer."""
        count = len(layers) - 1
        small = sum(a * b for a, b in pairwise(layers)) <= MOST_KINKED
        pool = (*KINKED, *SMOOTH) if small else SMOOTH
        chosen = tuple(pool[(place + n) % len(pool)] for n in range(count))
        if self._may_differ or SIGMOID not in chosen:
            return chosen
        if chosen[0] == SIGMOID:
            return (SIGMOID,) * count
        return tuple("tanh" if name == SIGMOID else name for name in chosen)

    @property
    def has_shares(self) -> bool:
        """Whether the outputs are shares, by softmax."""
        return self.template.activations[-1] == functions.SOFTMAX

    def _has_kinks(self, activation: str) -> bool:
        network = replace(self.template, activations=(activation,) * len(_STAND_IN[1:]))
        return activation != functions.SOFTMAX and activation_of(network, 1).kinked

    @property
    def _shapes(self) -> list[tuple[int, ...]]:
        """The sizes of the networks; shares are two or more."""
        own = self.given or (() if self.activation else self.template.activations)
        shapes = NARROW if any(map(self._has_kinks, own)) else SHAPES
        least = 2 if self.has_shares else 1
        return list(dict.fromkeys((*shape[:-1], max(shape[-1], least)) for shape in shapes))

    @property
    def networks(self) -> Iterator[Network]:
        """The networks on which the rules are proved, of different sizes, depths and functions."""
        for place, layers in enumerate(self._shapes):
            loss = LOSSES[place % len(LOSSES)] if self.loss else self.template.loss
            names = self.template.names
            if self.activation:
                names = tuple(pair for pair in names if pair[0] != "sig")
            activations = self._activations(place, layers)
            yield replace(
                self.template,
                layers=layers,
                activations=activations,
                loss=loss,
                names=names,
                name="",
            )

    @property
    def smallest(self) -> Network:
        """The smallest network of this kind in which every Σ of the rules has something to add.

        A letter that the activations of all layers share is its name for the one it has.
        """
        hidden, last = self.given or self.template.activations[-2:]
        names = self.template.names
        if self.given:
            names = tuple(pair for pair in names if pair[0] != "sig")
        loss = LOSSES[0] if self.loss else self.template.loss
        found = replace(self.template, layers=_SMALLEST, activations=(hidden, last), loss=loss)
        return replace(found, names=names, name="the example")

    def read_on(self, text: str) -> Iterator[tuple[Network, str, bool]]:
        """Each network, with the text as it reads there, and whether all of it has a meaning there.

        What is said of hidden layers has none where there are none.
        """
        for network in self.networks:
            yield network, text, len(network.layers) > 2

    @property
    def name(self) -> str:
        """What its document is called by default."""
        return self.template.name


def asked(
    source: Source | General | GeneralFamily, *, as_general: bool = False, **options: str | None
) -> Network | System | General | GeneralFamily:
    """What `source` is or names: a network, or all networks (``general``).

    All networks that are like the one that it names, where it is taken `as_general`. `options` are
    those of :func:`~derive.networks.sources.read`. Raises :class:`InputError` as that does, and for
    a network whose rules cannot be stated with letters for its sizes.
    """
    if isinstance(source, General | GeneralFamily):
        return source
    if source == GENERAL:
        return general(**options)
    found = read(source, **options)
    if not as_general:
        return found
    if isinstance(found, Network):
        return of_network(found)
    path = file_of(str(source))
    table = read_table(path) if path is not None and path.suffix == ".toml" else {}
    if path is None or "family" not in table:
        raise InputError(
            f"{found.name}: it is stated by equations that have sizes of their own; the rules of"
            " networks of any size are there for layers and families"
        )
    return of_family({**table, **{k: v for k, v in options.items() if v is not None}}, path.stem)


def general(
    *,
    activation: str | None = None,
    loss: str | None = None,
    bias: str | None = None,
    notation: str | None = None,
) -> General:
    """All networks of layers, with the functions that are given, and any where none are.

    Raises :class:`InputError` for what no network can have.
    """
    chosen = tuple(name.strip() for name in (activation or SIGMOID).split(","))
    shares = chosen[-1] == functions.SOFTMAX
    if chosen == (functions.SOFTMAX,):
        # That of a last layer; what the others have is left open.
        chosen, activation = (SIGMOID, functions.SOFTMAX), None
    found = Network(
        _STAND_IN,
        _spread(chosen),
        loss or ("categorical-cross-entropy" if shares else "half-squared-error"),
        bias or "neuron",
        notation or "indexed",
        name=GENERAL,
    )
    return _opened(found, activation=not activation, loss=not (loss or shares))


def of_network(network: Network) -> General:
    """All networks that are like this one, but for their sizes, their depth and their numbers.

    Raises :class:`InputError` where a rule with letters for the sizes cannot say what it has.
    """
    for key, has in {"missing": network.missing, "skip": network.skip}.items():
        if has:
            raise InputError(
                f"{network.name}: {key} is something that the rules with letters for the sizes do"
                " not speak of; leave it out, or write the document without --general"
            )
    hidden = network.activations[:-1]
    # What hidden layers would have, a softmax without any leaves open.
    unknown = network.has_shares and not hidden
    hidden = (SIGMOID,) if unknown else hidden
    alike = len(set(hidden)) <= 1 and not unknown
    name = f"{network.name}-{GENERAL}"
    names = network.notation
    table = network.naming.table
    notation = names if table.by_layer else "indexed"
    found = replace(
        network,
        layers=_STAND_IN,
        activations=_spread((*hidden[:1], network.activations[-1])),
        notation=notation,
        names=network.names if table.by_layer else (),
        numbers=None,
        name=name,
    )
    return _opened(found, activation=not alike, loss=False)


def _spread(activations: tuple[str, ...]) -> tuple[str, ...]:
    """The activation of the hidden layers and that of the last one, for all stand-in layers."""
    if len(activations) > 2:
        raise InputError(
            f"activation: {len(activations)} given for networks of any depth; give one for all"
            " layers, or that of the hidden layers and that of the last one"
        )
    return (*[activations[0]] * (len(_STAND_IN) - 2), activations[-1])


def _opened(network: Network, *, activation: bool, loss: bool) -> General:
    """The networks like this one, with a letter for an activation that is left open."""
    table = network.naming.table
    if not table.by_layer:
        raise InputError(
            f"notation: {table.name} has names for layers, and no numbers that a letter can stand"
            " for; take another notation, such as indexed"
        )
    *hidden, last = network.activations
    shares = last == functions.SOFTMAX
    if functions.SOFTMAX in hidden or (shares and not network.has_shares):
        raise InputError(
            "activation: softmax couples the neurons of a layer; there are rules with letters for"
            " it in the last layer, with the loss categorical-cross-entropy"
        )
    if shares and table.units == "network":
        raise InputError(
            f"notation: in {table.name} letters alone say which layer a unit is in, and softmax"
            " needs two letters for one layer; take another notation, such as indexed"
        )
    given = network.activations if len(set(hidden if shares else network.activations)) > 1 else ()
    if not activation and not given:
        return General(network, activation=False, loss=loss)
    unsigned = [name for name, _ in network.functions if name in (*given[:1], *given[-1:])]
    if unsigned:
        raise InputError(
            f"functions: {unsigned[0]} is the function of some layers only, and a letter for the"
            " functions of all has no sign for one of your own; take one function for all layers,"
            " or write the document without --general"
        )
    taken = {symbol.stem for symbol in network.naming.symbols.values()}
    letter = next(x for x in (*table.activation, *_WORDS) if x not in taken)
    names = (*(pair for pair in network.names if pair[0] != "sig"), ("sig", letter))
    count = len(network.activations)
    own = (*[SIGMOID] * (count - 1), last if shares else SIGMOID)
    named = replace(network, activations=own, names=names)
    known = () if activation else (given[0], given[-1])
    return General(named, activation=True, loss=loss, given=known)
