"""What the program prints, it reads: print, parse, and the same value at a point.

Formulas are drawn at random over a network's names, written by the emitters for LaTeX and for text,
and read back.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive import Model, Network
from derive.calculus.indices import Indices
from derive.checking.reader import Reader
from derive.emit.emitter import Emitter
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.exact.points import NoValueError, Point
from derive.formula import (
    Call,
    Delta,
    Formula,
    Letter,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Updated,
)
from derive.model import Role

NETWORKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("2-4-3-2", {}),
    ("2-4-3-2", {"notation": "numbered"}),
    ("3-5-5-3", {"bias": "neuron", "notation": "numbered"}),
    ("2-3-2", {"activation": "tanh", "bias": "layer"}),
    ("2-12-2", {"bias": "neuron"}),
    ("2-4-3-2", {"notation": "indexed"}),
    ("2-12-2", {"notation": "indexed", "bias": "neuron", "activation": "tanh"}),
)


@cache
def model(place: int) -> Model:
    """One of the networks."""
    spec, options = NETWORKS[place]
    return Model.of(Network.read(spec, **options))


def numbers() -> st.SearchStrategy[Formula]:
    """Whole numbers, negative ones, fractions and decimals."""
    return st.one_of(
        st.integers(-12, 12).map(lambda n: Number(Fraction(n))),
        st.fractions(-3, 3, max_denominator=9).map(Number),
        st.sampled_from(["0.5", "0.50", "1.25", "0.001"]).map(lambda t: Number(Fraction(t), t)),
    )


def leaves(place: int) -> st.SearchStrategy[Formula]:
    """Names, numbers, δ, w⁺ and η."""
    m = model(place)
    nets = [quantity.name for quantity in m.having(Role.NET)]
    return st.one_of(
        st.sampled_from(list(m.quantities)).map(Name),
        st.sampled_from(list(m.quantities)).map(Name),
        numbers(),
        st.sampled_from(nets).map(Delta),
        st.sampled_from(list(m.parameters)).map(Updated),
        st.just(Letter("eta")),
    )


def varied(place: int) -> st.SearchStrategy[Formula]:
    """∂ of a name, a sum or a product by a name."""
    m = model(place)
    names = st.sampled_from(list(m.quantities)).map(Name)
    inner = st.one_of(
        names,
        st.lists(names, min_size=2, max_size=3).map(lambda parts: Sum(tuple(parts))),
        st.lists(names, min_size=2, max_size=3).map(lambda parts: Product(tuple(parts))),
        names.map(lambda name: Power(name, Number(Fraction(2)))),
        names.map(lambda name: Call("sig", name)),
        st.tuples(names, names).map(lambda two: Quotient(*two)),
    )
    return st.builds(Partial, inner, names)


def indexed(place: int) -> st.SearchStrategy[Formula]:
    """Σ over the neurons of a layer."""
    m = model(place)
    layers = m.network.layers

    def over(layer: int, letter: str, kinds: list[str], rest: Formula) -> Formula:
        factors = tuple(Neuron(kind, layer, letter) for kind in kinds)
        body = Product((*factors, rest)) if rest != Number(Fraction(1)) else Product(factors)
        return SumOver(letter, layers[layer], body if len(body.factors) > 1 else factors[0])

    return st.builds(
        over,
        st.integers(1, len(layers) - 1),
        st.sampled_from("jk"),
        st.lists(st.sampled_from(["out", "net", "delta"]), min_size=1, max_size=2),
        st.one_of(st.just(Number(Fraction(1))), leaves(place)),
    )


def grown(place: int) -> st.SearchStrategy[Formula]:
    """Formulas of all kinds inside each other."""
    activation = model(place).network.activations[0]
    symbol = {"sigmoid": "sig", "tanh": "tanh"}[activation]

    def deeper(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        some = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.one_of(
            some.map(Sum),
            some.map(Product),
            inner.map(Negative),
            st.builds(Quotient, inner, inner),
            st.builds(
                Power,
                inner,
                st.sampled_from([2, 3, -1, -2, 1, 0]).map(lambda n: Number(Fraction(n))),
            ),
            st.builds(Call, st.just(symbol), inner, st.integers(0, 1)),
        )

    base = st.one_of(leaves(place), leaves(place), varied(place), indexed(place))
    return st.recursive(base, deeper, max_leaves=9)


def value(formula: Formula, place: int) -> int | None:
    """The value at a fresh point; nothing where there is none."""
    m = model(place)
    try:
        return Point(m, 7).value(Indices(m).instance(formula, {}))
    except NoValueError:
        return None


def read_back(formula: Formula, place: int, emitter: type[Emitter]) -> None:
    m = model(place)
    text = emitter(m).inline(formula)  # type: ignore[call-arg]
    found = Reader(m).statements(text)
    assert len(found) == 1, text
    assert found[0].error is None, (text, found[0].error)
    assert len(found[0].sides) == 1, text
    assert value(found[0].sides[0].formula, place) == value(formula, place), text


CASES = [(place, emitter) for place in range(len(NETWORKS)) for emitter in (Latex, Text)]


@pytest.mark.parametrize(("place", "emitter"), CASES)
def test_what_is_printed_is_read_back_with_its_value(place: int, emitter: type[Emitter]) -> None:
    @settings(
        max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(grown(place))
    def run(formula: Formula) -> None:
        read_back(formula, place, emitter)

    run()


@pytest.mark.sweep
@pytest.mark.parametrize(("place", "emitter"), CASES)
def test_much_of_what_is_printed_is_read_back(place: int, emitter: type[Emitter]) -> None:
    @settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(grown(place))
    def run(formula: Formula) -> None:
        read_back(formula, place, emitter)

    run()
