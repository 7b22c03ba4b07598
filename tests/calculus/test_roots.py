"""Square roots are principal roots of real numbers, in every ring."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from derive import Model
from derive.checking.equality import Answer, Equality
from derive.exact.points import NotASquareError, NoValueError, Point
from derive.exact.reals import RealPoint
from derive.exact.region_points import EveryRegion, RegionPoint
from derive.exact.roots import HALF, Roots, is_root
from derive.formula import Call, Cases, Formula, Name, Negative, Number, Partial, Power, walk
from derive.networks.equations.system import System

NET = Model.of("2-4-3-2")
OUT, W, V = Name("out_d1"), Name("w31"), Name("w32")


def root(formula: Formula | int | Fraction) -> Formula:
    inner = formula if isinstance(formula, Formula) else Number(Fraction(formula))
    return Power(inner, Number(HALF))


@pytest.mark.parametrize(
    ("formula", "apart"),
    [
        (root(9), Number(Fraction(3))),
        (root(Fraction(1, 4)), Number(Fraction(1, 2))),
        (root(12), 2 * root(3)),
        (root(Fraction(2, 3)), Number(Fraction(1, 3)) * root(2) * root(3)),
        (root(OUT**2), OUT),
        (root(OUT * OUT), OUT),
        (root(W**2), Cases(W, W, Negative(W))),
        (root(W**4), W**2),
        (root(OUT * W), root(W)),
        (root(Call("exp", W)), Call("exp", W * Fraction(1, 2))),
        (Power(Number(Fraction(9)), Number(Fraction(3, 2))), Number(Fraction(3)) ** 3),
    ],
)
def test_roots_are_taken_apart(formula: Power, apart: Formula) -> None:
    """Of numbers, of even powers, and of products with a factor that is known to be positive."""
    found = NET.known(Roots).apart(formula)
    if formula == root(OUT * W):
        assert found in (root(W) * root(OUT), root(OUT) * root(W))
    elif formula == root(Call("exp", W)):
        assert found == Call("exp", W * Number(Fraction(1, 2)))
    else:
        assert found == apart


@pytest.mark.parametrize("inside", [W, W + V, W * V, Number(Fraction(7)), 1 + OUT])
def test_other_roots_stay(inside: Formula) -> None:
    """Of sums, of primes, and of what may have either sign."""
    assert NET.known(Roots).apart(Power(inside, Number(HALF))) is None


def drawn(draw: random.Random) -> Formula:
    """A root of a product of powers of weights, outputs and numbers."""
    factors: list[Formula] = []
    for _ in range(draw.randint(1, 4)):
        base = draw.choice([OUT, W, V, Name("out_c1"), Number(Fraction(draw.randint(1, 60)))])
        factors.append(base ** Number(Fraction(draw.choice([1, 2, 2, 3, 4, -1, -2]))))
    inside = factors[0]
    for factor in factors[1:]:
        inside = inside * factor if draw.random() < 2 / 3 else inside / factor
    if draw.random() < 1 / 4:
        inside = Negative(inside)
    return Power(inside, Number(Fraction(draw.choice([1, 1, -1, 3]), 2)))


@pytest.mark.parametrize("seed", range(120))
def test_what_is_taken_apart_is_the_same_number(seed: int) -> None:
    """With 50 digits, wherever the root has a value; parts may have none only where it has none."""
    formula = drawn(random.Random(seed))
    assert isinstance(formula, Power)
    apart = NET.known(Roots).apart(formula)
    if apart is None:
        return
    for at in (RealPoint(NET, n) for n in range(8)):
        try:
            value = at.value(formula)
        except NoValueError:
            continue
        assert abs(at.value(apart) - value) <= abs(value) * Decimal("1e-40")


def test_the_root_of_a_square_is_positive_in_real_numbers() -> None:
    """And √0 is 0; of a negative number there is no root."""
    at = RealPoint(NET)
    assert at.value(root(W**2)) == abs(at.values["w31"])
    assert at.value(root(0)) == 0
    with pytest.raises(NoValueError):
        at.value(root(Negative(OUT)))
    with pytest.raises(NoValueError):
        at.value(Power(Number(Fraction(0)), Number(Fraction(-1, 2))))


def test_both_signs_of_a_root_are_visited_at_one_point() -> None:
    """They are the two roots of one residue: what depends on it has two values, x one."""
    model = Model.of("layernorm")
    first, second = EveryRegion(model).points()
    assert first.prime == second.prime
    inside = next(n for d in model.definitions.values() for n in walk(d) if is_root(n))
    assert isinstance(inside, Power)
    assert first.value(inside.base) == second.value(inside.base)
    assert (first.value(inside) + second.value(inside)) % first.prime == 0
    assert first.value(inside) != second.value(inside)


def test_equal_residues_have_one_root_however_they_are_spelt() -> None:
    """√(w·w + 2wv + v·v) is √((w + v)²), and √(4x) is 2√x."""
    point = next(p for seed in range(50) if (p := attempted(seed, root(W + V))) is not None)
    square = W * W + 2 * W * V + V * V
    assert point.value(root(square)) == point.value(root((W + V) ** 2))
    four = W + V + W + V + W + V + W + V
    assert point.value(root(four)) == point.value(2 * root(W + V)) % point.prime


def attempted(seed: int, formula: Formula) -> Point | None:
    point = Point(NET, seed)
    try:
        point.value(formula)
    except NotASquareError:
        return None
    return point


def test_a_root_is_positive_to_a_step() -> None:
    """relu(√x) is √x, whichever of the two residues stands for it."""
    assert Equality(NET).compare(Call("relu", root(W)), root(W)).answer is Answer.EQUAL


def test_the_slope_of_a_root_is_that_by_its_argument() -> None:
    """∂√v/∂v is 1/(2√v), although v is w², and √v is |w|."""
    model = Model.of(System.from_text("v = w^2\nr = sqrt(v)\nE = r"))
    v = Name("v")
    right = 1 / (2 * root(v))
    assert Equality(model).compare(Partial(Name("r"), v), right).answer is Answer.EQUAL
    wrong = Number(Fraction(0))
    assert Equality(model).compare(Partial(Name("r"), v), wrong).answer is Answer.DIFFERENT


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (root(OUT**2), OUT, Answer.EQUAL),
        (root(OUT**2), Negative(OUT), Answer.DIFFERENT),
        (root(W**2), W, Answer.DIFFERENT),
        (root(W**2), Negative(W), Answer.DIFFERENT),
        (root(W**2), Cases(W, W, Negative(W)), Answer.EQUAL),
        (root(W**2 * OUT**2), OUT * root(W**2), Answer.EQUAL),
        (root(6), root(2) * root(3), Answer.EQUAL),
        (root(6), Negative(root(2) * root(3)), Answer.DIFFERENT),
        (root(2), Negative(root(2)), Answer.DIFFERENT),
        (1 / root(2), root(2) / 2, Answer.EQUAL),
        (root(W) ** 2, W, Answer.EQUAL),
        (Power(W, Number(Fraction(3, 2))), W * root(W), Answer.EQUAL),
        (root(1 + root(OUT)) ** 2, 1 + root(OUT), Answer.EQUAL),
        (root(1 + root(OUT)) ** 2, 1 - root(OUT), Answer.DIFFERENT),
    ],
)
def test_equations_between_roots(left: Formula, right: Formula, answer: Answer) -> None:
    """Right ones hold for either sign of what is left; wrong ones have a witness."""
    compared = Equality(NET).compare(left, right)
    assert compared.answer is answer
    assert answer is Answer.EQUAL or compared.witness is not None


@pytest.mark.parametrize("side", [1 + OUT, Negative(1 + OUT)])
def test_a_hidden_square_is_not_taken_for_one_of_its_roots(side: Formula) -> None:
    """√(1 + 2y + y²) is 1 + y. One of the residues is, too, and one of them is −1 − y."""
    hidden = root(1 + 2 * OUT + OUT * OUT)
    for _ in range(8):
        assert Equality(NET).compare(hidden, side).answer is not Answer.EQUAL


def test_a_point_of_its_own_for_each_sign_would_prove_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is planted: then one of the two signs comes twice, and a wrong formula passes."""
    hidden = root(1 + 2 * OUT + OUT * OUT)
    wrong = Negative(1 + OUT)
    planted = RegionPoint._begin
    begun = iter(range(10_000))

    def begin(self: RegionPoint, seed: int, attempt: int = 0, turn: int = 0) -> None:
        planted(self, seed, attempt + next(begun), turn)

    monkeypatch.setattr(RegionPoint, "_begin", begin)
    found = {EveryRegion(NET).agree(hidden, wrong) for _ in range(40)}
    assert 2 in found


def test_a_root_with_one_sign_only_would_prove_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is planted: of the two roots always the one that is a square itself."""
    monkeypatch.setattr(RegionPoint, "_bit", lambda self: 0)
    monkeypatch.setattr(Roots, "apart", lambda self, power: None)
    found = {EveryRegion(NET, turn).agree(root(W**2), Negative(W)) for turn in range(40)}
    assert 1 in found
