"""Gradients of ReLU networks, edited as people err about ReLU; some edits change nothing.

An edit says what somebody does; whether the result is right is left to :mod:`tests.formulas.regions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive import Model
from derive.formula import (
    ONE,
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Quotient,
    Sum,
    product,
    total,
)
from derive.model import Role
from tests.formulas.subjects import Sides, Spot, Subject, get, put, spots

FORMS = ("expanded", "collected", "opened", "named")


@dataclass(frozen=True)
class Neurons:
    """The ReLU neurons of a network: net → out, in the order of its layers."""

    model: Model
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, model: Model) -> Neurons:
        """The neurons whose definition is a call of ReLU."""
        pairs = tuple(
            (call.argument.name, out)
            for out, call in model.definitions.items()
            if isinstance(call, Call)
            and call.function == "relu"
            and isinstance(call.argument, Name)
        )
        return cls(model, pairs)

    def out(self, net: str) -> str:
        """The output of a net input."""
        return dict(self.pairs)[net]

    def net(self, out: str) -> str:
        """The net input of an output."""
        return {o: n for n, o in self.pairs}[out]

    def others(self, net: str) -> list[str]:
        """The other net inputs, those of the same layer first."""
        layer = self.model.quantities[net].layer
        rest = [n for n, _ in self.pairs if n != net]
        return sorted(rest, key=lambda n: self.model.quantities[n].layer != layer)


def slope(net: str) -> Call:
    """relu'(net)."""
    return Call("relu", Name(net), 1)


# What may stand in place of relu'(net). `s` draws, `n` knows the neurons.

Edit = Callable[[Subject, Neurons, str], Formula]

FOR_SLOPE: dict[str, Edit] = {
    "relu' forgotten": lambda s, n, net: ONE,
    "relu for relu'": lambda s, n, net: Call("relu", Name(net)),
    "out for relu'": lambda s, n, net: Name(n.out(net)),
    "net for relu'": lambda s, n, net: Name(net),
    "out(1 − out)": lambda s, n, net: Name(n.out(net)) * (1 - Name(n.out(net))),
    "neighbour's": lambda s, n, net: slope(n.others(net)[0]),
    "another's": lambda s, n, net: slope(s.draw.choice(n.others(net))),
    "1 − relu'": lambda s, n, net: 1 - slope(net),
    "of −net": lambda s, n, net: Call("relu", Negative(Name(net)), 1),
    "of an input": lambda s, n, net: slope(s.place(Role.OUTPUT, 0, 1)),
    "of the square": lambda s, n, net: Call("relu", product([Name(net), Name(net)]), 1),
    "0": lambda s, n, net: Number(Fraction(0)),
    "twice": lambda s, n, net: 2 * slope(net),
    "half": lambda s, n, net: Number(Fraction(1, 2)) * slope(net),
    "only with another": lambda s, n, net: product([slope(net), slope(n.others(net)[0])]),
    "or another": lambda s, n, net: either(net, n.others(net)[0]),
    "not with all others": lambda s, n, net: slope(net) * (1 - every(n.others(net))),
    "also where all others are": lambda s, n, net: slope(net) + (1 - slope(net)) * every(n.others(net)),
    "also where none is": lambda s, n, net: slope(net) + none_of([net, *n.others(net)]),
    # These are right.
    "squared": lambda s, n, net: product([slope(net), slope(net)]),
    "cubed": lambda s, n, net: slope(net) ** 3,
    "of out": lambda s, n, net: slope(n.out(net)),
    "of 2·net": lambda s, n, net: Call("relu", 2 * Name(net), 1),
    "out/net": lambda s, n, net: Quotient(Name(n.out(net)), Name(net)),
    "1 − of −net": lambda s, n, net: 1 - Call("relu", Negative(Name(net)), 1),
    "1 − (1 − relu')²": lambda s, n, net: 1 - (1 - slope(net)) ** 2,
}  # fmt: skip

FOR_OUT: dict[str, Edit] = {
    "net for out": lambda s, n, net: Name(net),
    "relu' for out": lambda s, n, net: slope(net),
    "relu of −net": lambda s, n, net: Call("relu", Negative(Name(net))),
    "neighbour's out": lambda s, n, net: Name(n.out(n.others(net)[0])),
    "out or −net": lambda s, n, net: Name(n.out(net)) + Call("relu", Negative(Name(net))),
    # These are right.
    "relu(net)": lambda s, n, net: Call("relu", Name(net)),
    "net·relu'": lambda s, n, net: product([Name(net), slope(net)]),
    "out·relu'": lambda s, n, net: product([Name(n.out(net)), slope(net)]),
    "relu(out)": lambda s, n, net: Call("relu", Name(n.out(net))),
    "net + relu(−net)": lambda s, n, net: Name(net) + Call("relu", Negative(Name(net))),
}


def every(nets: list[str]) -> Formula:
    """1 where all of them are active, else 0."""
    return product([slope(net) for net in nets])


def none_of(nets: list[str]) -> Formula:
    """1 where none of them is active, else 0."""
    return product([1 - slope(net) for net in nets])


def either(a: str, b: str) -> Formula:
    """1 where one of the two is active."""
    return total([slope(a), slope(b), Negative(product([slope(a), slope(b)]))])


def edits(s: Subject) -> Iterator[tuple[str, Sides]]:
    """Every edit of each form of one gradient, and the forms themselves."""
    neurons = Neurons.of(s.model)
    for form in FORMS:
        formula: Formula = getattr(s, form)
        yield "as derived", (s.left, formula)
        for spot in _slopes(formula, neurons):
            net = _net(get(formula, spot))
            for what, edit in FOR_SLOPE.items():
                yield what, (s.left, put(formula, spot, edit(s, neurons, net)))
        for spot in _outs(formula, neurons):
            node = get(formula, spot)
            assert isinstance(node, Name)
            net = neurons.net(node.name)
            for what, edit in FOR_OUT.items():
                yield what, (s.left, put(formula, spot, edit(s, neurons, net)))
        for spot, place in _summands(formula):
            terms = get(formula, spot).parts()
            rest = [term for at, term in enumerate(terms) if at != place]
            yield "a path missing", (s.left, put(formula, spot, total(rest)))
            yield "a path twice", (s.left, put(formula, spot, total([*terms, terms[place]])))
        nets = [net for net, _ in neurons.pairs]
        yield "not where all are active", (s.left, formula * (1 - every(nets)))
        yield "more where all are active", (s.left, formula + every(nets))
        yield "more where none is", (s.left, formula + none_of(nets))


def local(model: Model) -> Iterator[tuple[str, Sides]]:
    """The same edits of ∂out/∂net alone."""
    neurons = Neurons.of(model)
    for net, out in neurons.pairs:
        left = Partial(Name(out), Name(net))
        s = _subject(model)
        yield "as derived", (left, slope(net))
        for what, edit in FOR_SLOPE.items():
            yield what, (left, edit(s, neurons, net))


def _subject(model: Model) -> Subject:
    from derive.calculus.chain import Chain

    return Subject(model, Chain(model), model.parameters[0])


def _is_slope(node: Formula, neurons: Neurons) -> bool:
    nets = dict(neurons.pairs)
    if isinstance(node, Partial):
        return (
            isinstance(node.by, Name)
            and isinstance(node.of, Name)
            and nets.get(node.by.name) == node.of.name
        )
    return isinstance(node, Call) and node.primes == 1 and node.function == "relu"


def _net(node: Formula) -> str:
    argument = node.by if isinstance(node, Partial) else node.parts()[0]
    assert isinstance(argument, Name)
    return argument.name


def _slopes(formula: Formula, neurons: Neurons) -> list[Spot]:
    return spots(formula, lambda node: _is_slope(node, neurons))


def _outs(formula: Formula, neurons: Neurons) -> list[Spot]:
    outs = {out for _, out in neurons.pairs}
    return spots(formula, lambda node: isinstance(node, Name) and node.name in outs, into=False)


def _summands(formula: Formula) -> Iterator[tuple[Spot, int]]:
    for spot in spots(formula, lambda node: isinstance(node, Sum) and node.terms[0] != ONE):
        for place in range(len(get(formula, spot).parts())):
            yield spot, place
