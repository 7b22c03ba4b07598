"""Values are computed with as many digits as they need where terms nearly cancel."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from mpmath import mp

from derive import Model
from derive.checking import numbers
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.checking.witnesses import Witnesses
from derive.exact.reals import RealPoint, normal, pi
from derive.formula import Name
from derive.networks.equations.system import System

SATURATED = "o = sig(w*x)\nE = -ln(1 - o)\nnumbers: x = 1, w = 133\n"
POWERS = "a = (x+1)^40 - x*(x+1)^39 - (x+1)^39\nE = a*w\nnumbers: x = 100, w = 2\n"
NOISE = "n = exp(x/3)^3 - exp(x)\nE = n*w\n"


def verdict(text: str, claim: str) -> str:
    found = Judge(Model.of(System.from_text(text))).judge(claim)
    assert found is not None
    return found.verdict.value


CLAIMS = [
    (SATURATED, "E = 133.00000", "proved"),
    (SATURATED, "dE/dw = 1.000", "proved"),
    (SATURATED, "E = 133.01931", "refuted"),
    (SATURATED, "dE/dw = 1.0194947307891453499786088", "refuted"),
    (POWERS, "a = 0.0", "proved"),
    (POWERS, "E = 0.00", "proved"),
    (POWERS, "a = 0.1", "refuted"),
]


@pytest.mark.parametrize(("text", "claim", "expected"), CLAIMS)
def test_what_cancels_is_computed_with_more_digits(text: str, claim: str, expected: str) -> None:
    """1 − sig(133) is 1.7e-58, of which 60 digits leave two."""
    assert verdict(text, claim) == expected


def test_few_digits_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the digits of one precision alone the right value is called wrong."""
    monkeypatch.setattr(numbers.Numbers, "value", lambda self, f: self._computed(f, numbers.DIGITS))
    assert verdict(SATURATED, "E = 133.00000") == "refuted"


def test_what_needs_too_many_digits_is_undecided() -> None:
    """1 − sig(9000) has its first digit behind 3,900 others."""
    text = SATURATED.replace("133", "9000")
    assert verdict(text, "E = 9000.0") == "undecided"


def test_noise_refutes_nothing() -> None:
    """At a real point n is 1e-60 and not 0; three times the digits show that it is noise."""
    model = Model.of(System.from_text(NOISE))
    noise, twice = Name("n"), Name("x")
    witnesses = Witnesses(model, lambda kink: False)
    point = RealPoint(model, 1)
    assert point.value(noise)
    assert not witnesses._persists(point, (noise, noise), point.value(noise))
    gap = point.value(twice) - point.value(noise)
    assert witnesses._persists(point, (twice, noise), gap)
    found = Judge(model).judge("w/n = 2*w/n")
    assert found is not None
    assert found.verdict is not Verdict.REFUTED


def test_normal_distribution_to_many_digits() -> None:
    """Φ and π have all digits of the context, also far to the left."""
    with mp.workdps(320), decimal.localcontext(decimal.Context(prec=300)):
        assert abs(pi(300) - Decimal(mp.nstr(mp.pi, 310))) < Decimal("1e-299")
        for x in ("-17", "-0.3", "2.5", "20"):
            exact = Decimal(mp.nstr(mp.ncdf(mp.mpf(x)), 310))
            assert abs(normal(Decimal(x)) - exact) < Decimal("1e-295")


TINY = "o = sig(w*x)\nE = (1 - o)*w\nnumbers: x = 1, w = 2000\n"
NOTHING = "n = exp(x/3)^3 - exp(x)\nE = n*w\nnumbers: x = 0.7, w = 3\n"


@pytest.mark.parametrize(
    ("text", "claim", "expected"),
    [
        (NOTHING, "E = 0.0", "proved"),
        (NOTHING, "E = 0.000000", "proved"),
        (NOTHING, "E = 0.001", "refuted"),
        (SATURATED.replace("133", "500"), "1 - o = 7.12*10^-218", "proved"),
        (SATURATED.replace("133", "500"), "1 - o = 7.13*10^-218", "refuted"),
        (TINY, "E = 0.0", "proved"),
        (TINY, "E = 1.0", "refuted"),
        (TINY, "1 - o = 2.58*10^-869", "undecided"),
        (TINY, "1 - o = 9.99*10^-869", "undecided"),
    ],
)
def test_what_is_next_to_nothing(text: str, claim: str, expected: str) -> None:
    """What more digits only make smaller is 0, and nothing is said of less than 1e-700."""
    assert verdict(text, claim) == expected
