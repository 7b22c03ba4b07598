"""The bound of the size of formulas: it holds, it is small where it can be, and a proof needs it."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
import sympy

from derive import Model, check
from derive.calculus.chain import Chain
from derive.calculus.proof import prove
from derive.checking.equality import Answer, Equality
from derive.errors import InputError
from derive.exact import residues
from derive.exact.points import Point
from derive.exact.residues import NoValueError, Residue, field, residue
from derive.exact.sizes import Sizes, points_needed
from derive.exact.symbolic import to_sympy
from derive.formula import Formula, Name, Number, Partial, Power, Quotient, product, total
from derive.networks.equations.system import System

SQUARES = """
    weights: h[0]
    h[i] = h[i-1]^2, i=1..{count}
    E = h[{count}]
"""
FRACTIONS = """
    inputs: x
    h[1] = 1/(w + x)
    h[i] = 1/(x + h[i-1]), i=2..{count}
    E = h[{count}]
"""


def model(text: str, count: int = 0) -> Model:
    return Model.of(System.from_text(text.format(count=count)))


def log2_norm(polynomial: sympy.Poly) -> float:
    """The size of a polynomial as the docstring of the module defines it."""
    norm = sum(abs(int(c)) * 2 ** sum(monomial) for monomial, c in polynomial.as_dict().items())
    return math.log2(norm) if norm else 0.0


def drawn(draw: random.Random, depth: int) -> Formula:
    """A random rational function of three weights."""
    if depth == 0:
        numbers = [Number(Fraction(draw.randint(-9, 9), draw.randint(1, 9))) for _ in range(2)]
        return draw.choice([Name("w11"), Name("w12"), Name("w13"), *numbers])
    kind = draw.randrange(4)
    parts = [drawn(draw, depth - 1) for _ in range(draw.randint(2, 3))]
    if kind == 0:
        return total(parts)
    if kind == 1:
        return product(parts)
    if kind == 2:
        return Quotient(parts[0], parts[1])
    return Power(parts[0], Number(Fraction(draw.choice([2, 3, -1, -2]))))


def with_value(draw: random.Random, network: Model) -> Formula:
    """A random formula that does not divide by 0."""
    while True:
        formula = drawn(draw, 3)
        try:
            Point(network).value(formula)
        except NoValueError:
            continue
        return formula


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_is_a_bound(seed: int) -> None:
    """Numerator and denominator, cancelled by SymPy, are not larger than the bound says."""
    network = Model.of("2-4-3-2")
    formula = with_value(random.Random(seed), network)
    top, bottom = sympy.fraction(sympy.cancel(sympy.together(to_sympy(formula))))
    symbols = sorted(top.free_symbols | bottom.free_symbols, key=str) or [sympy.Symbol("w")]
    found = [log2_norm(sympy.Poly(side, *symbols)) for side in (top, bottom)]
    assert math.log2(max(*found, 1.0)) <= Sizes(network).lost(formula) + 1e-9


def test_the_degree_of_repeated_squares_is_kept() -> None:
    """127 squarings have the degree 2^127, and their slope no less."""
    bound = Sizes(model(SQUARES, 127))
    assert bound.lost(Name("h_127")) >= 127
    assert bound.lost(Partial(Name("h_127"), Name("h_0"))) >= 126


def test_the_size_of_a_deep_network_grows_with_its_depth_only() -> None:
    """2,000 sigmoids: sums take the larger size, and quotients count by their level."""
    deep = model("inputs: h[0], y\nh[t] = sig(w*h[t-1] + b), t=1..2000\nE = 1/2*(y - h[2000])^2")
    assert Sizes(deep).lost(Partial(Name("E"), Name("w"))) < 64


def test_nested_quotients_are_bounded_as_one_quotient() -> None:
    """A continued fraction of 60 steps has 60 levels of denominators, and the degree 60."""
    assert Sizes(model(FRACTIONS, 60)).lost(Name("h_60")) < 12


def test_more_points_are_taken_where_one_is_not_enough() -> None:
    """And none where no number of them is; more regions ask for more, too."""
    assert points_needed(20.0) == 1
    assert points_needed(60.0) == 2
    assert points_needed(20.0, 2**40) == 2
    assert points_needed(residues.CHANCES - 1) is None
    assert points_needed(math.inf) is None


def test_what_differs_by_the_degree_alone_is_not_proved() -> None:
    """h_127 = h_1 is refuted, and what is right but of too high a degree undecided."""
    squares = model(SQUARES, 127)
    assert check(squares, "h_127 = h_1").claims[0].verdict.value == "refuted"
    assert check(squares, "E = h_1").claims[0].verdict.value == "refuted"
    assert check(squares, "h_3 = h_1^4").claims[0].verdict.value == "proved"
    # Six points are enough for the degree 2^127, and no number of points for 2^150.
    assert check(squares, "h_127 = h_126*h_126").claims[0].verdict.value == "proved"
    more = model(SQUARES, 150)
    assert check(more, "h_150 = h_149*h_149").claims[0].verdict.value == "undecided"
    numbers = model("inputs: x\np[1] = 3\np[i] = p[i-1]^2, i=2..200\nE = w*x*p[200]")
    assert check(numbers, "p_200 = p_1").claims[0].verdict.value != "proved"
    assert check(numbers, "p_4 = p_1^8").claims[0].verdict.value == "proved"


def test_a_document_is_not_written_without_the_bound() -> None:
    """The gradient of 127 squarings is no gradient that points modulo primes can prove."""
    with pytest.raises(InputError, match="degree of the formulas is too high"):
        prove(Chain(model(SQUARES, 200)))


def test_without_the_bound_a_wrong_formula_would_be_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the exponents of Fermat's theorem in hand: x^p is x modulo p, and nowhere else."""
    equal = Equality(Model.of("2-4-3-2"))
    orders = [point.prime - 1 for point in equal.points()]
    power = Power(Name("w11"), Number(Fraction(math.lcm(*orders) + 1)))
    assert equal.compare(power, Name("w11")).answer is Answer.DIFFERENT
    monkeypatch.setattr(Sizes, "lost_of", lambda self, values: 0.0)
    assert equal.compare(power, Name("w11")).answer is Answer.EQUAL


@pytest.mark.parametrize("text", ["out = w*x*{p}", "out = w*x/{p}"])
@pytest.mark.parametrize("prime", [2**127 - 1, 2**61 - 1, 2**107 - 1])
def test_primes_in_a_network_are_numbers_like_others(text: str, prime: int) -> None:
    """No formula can know the primes: they are drawn when it has been written."""
    network = model(f"inputs: x\n{text.format(p=prime)}\nE = out")
    assert check(network, "out = 0").claims[0].verdict.value == "refuted"
    assert check(network, "dE/dw = 0").claims[0].verdict.value == "refuted"
    right = "x*" if "*{p}" in text else "x/"
    assert check(network, f"dE/dw = {right}{prime}").claims[0].verdict.value == "proved"


def test_points_have_primes_of_their_own() -> None:
    """What two points say is independent, and a residue is one of its own prime."""
    network = Model.of("2-4-3-2")
    points = [Point(network, seed) for seed in range(8)]
    assert len({point.prime for point in points}) == 8
    assert all(sympy.isprime(p.prime) and p.prime % 4 == 3 for p in points)
    assert all(p.prime.bit_length() == residues.BITS for p in points)
    for point in points:
        assert point.value(Number(Fraction(1, 3))) * 3 % point.prime == 1
    turned = Point(network, 0, turn=1)
    assert turned.prime != points[0].prime


def test_a_multiple_of_the_prime_cannot_be_divided_by() -> None:
    """That is said, as any division by 0 is."""
    prime = residues.prime(0)
    with pytest.raises(NoValueError):
        residue(Fraction(1, prime), prime)
    with pytest.raises(NoValueError):
        field(prime)(1) / field(prime)(0)
    assert isinstance(field(prime)(2) * 3, Residue)


def test_arguments_are_compared_with_each_other() -> None:
    """What the tables of exponentials and steps look up costs chances, too."""
    plain, kinked = Model.of("2-4-3-2"), model("inputs: x\nn = w*x\nout = relu(n)\nE = out^2")
    assert Sizes(plain).lost(Name("w11")) > 10
    assert Sizes(kinked).lost(Name("w")) >= 17
