"""Documents whose functions have pieces: maxima, leaky rectifiers, cases; and sums over two letters."""

from __future__ import annotations

import pytest

from derive.errors import InputError
from tests.formulas.stating.test_judging import last, report

SUM, END = r"z_j = \sum_i w_{ji} x_i + b_j", (r"o = \sum_j v_j h_j", r"L = (o - y)^2")
SLOPE = r"\frac{\partial h_j}{\partial z_j} = \begin{cases} %s & \text{if } z_j > 0 \\ %s & \text{if } z_j < 0 \end{cases}"


@pytest.mark.parametrize(
    ("unit", "low"),
    [
        (r"\max(0, z_j)", "0"),
        (r"\max(0.01 z_j, z_j)", "0.01"),
        (r"\max(z_j, 0.2 z_j)", "0.2"),
        (r"\begin{cases} z_j & z_j > 0 \\ 0 & z_j \le 0 \end{cases}", "0"),
        (r"\begin{cases} z_j & \text{if } z_j \geq 0 \\ \alpha z_j & \text{otherwise} \end{cases}", r"\alpha"),
        (r"\begin{cases} \alpha z_j, & z_j < 0, \\ z_j, & \text{sonst.} \end{cases}", r"\alpha"),
        (r"\begin{cases} z_j & 0 < z_j \\ -z_j & 0 > z_j \end{cases}", "-1"),
    ],
)  # fmt: skip
def test_a_unit_may_have_two_pieces(unit: str, low: str) -> None:
    """Its slope is what its pieces say, on both sides of 0, and nothing else."""
    net = (SUM, f"h_j = {unit}", *END)
    assert last(*net, SLOPE % ("1", low)).verdict.value == "proved"
    assert last(*net, SLOPE % (low, "1")).verdict.value == "refuted"
    assert last(*net, SLOPE % ("1", "0.5")).verdict.value == "refuted"
    chain = r"\frac{\partial L}{\partial w_{ji}} = 2 (o - y) v_j \frac{\partial h_j}{\partial z_j} "
    assert last(*net, chain + "x_i").verdict.value == "proved"
    assert last(*net, chain + "x_j").verdict.value == "refuted"


POOL = (r"m = \max(a, c)", "a = u x", "c = v x", r"E = \frac12 (m - t)^2")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (
            r"\frac{\partial m}{\partial a} = \begin{cases} 1 & a > c \\ 0 & a < c \end{cases}",
            "proved",
        ),
        (
            r"\frac{\partial m}{\partial a} = \begin{cases} 1 & a < c \\ 0 & a > c \end{cases}",
            "refuted",
        ),
        (r"\frac{\partial E}{\partial u} = (m - t) \frac{\partial m}{\partial a} x", "proved"),
        (r"\frac{\partial E}{\partial u} = (m - t) \frac{\partial m}{\partial c} x", "refuted"),
        (r"\frac{\partial E}{\partial c} = (m - t) \mathbb{1}[c > a]", "proved"),
        (r"\frac{\partial E}{\partial c} = m - t", "refuted"),
    ],
)
def test_a_maximum_passes_on_to_the_larger(claim: str, said: str) -> None:
    """The gradient goes to what is the maximum, and the other one gets nothing."""
    assert last(*POOL, claim).verdict.value == said


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (r"\begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}", ["proved", "refuted"]),
        (r"\begin{cases} z, & z \geq 0 \\ 0.01 z, & z < 0 \end{cases}", ["refuted", "proved"]),
    ],
)
def test_a_function_may_be_defined_by_cases(function: str, said: list[str]) -> None:
    """Then f is the rectifier, or the leaky one, and its slope is theirs."""
    net = (rf"f(z) = {function}", "z = w x + b", "h = f(z)", r"L = \frac12 (h - y)^2")
    slope = r"f'(z) = \begin{cases} 1 & z > 0 \\ %s & z < 0 \end{cases}"
    assert [last(*net, slope % low).verdict.value for low in ("0", "0.01")] == said
    claims = (r"\frac{\partial L}{\partial z} = (h - y) %s(z)" % f for f in ("f'", "f"))  # noqa: UP031
    assert [last(*net, claim).verdict.value for claim in claims] == ["proved", "refuted"]


@pytest.mark.parametrize(
    "function",
    [
        r"f(z) = \begin{cases} z & z > 0 \\ 0.1 z & z < 0 \end{cases}",
        r"f(z) = \begin{cases} z^2 & z > 0 \\ 0 & z < 0 \end{cases}",
        r"f(z) = \begin{cases} z & z > 1 \\ 0 & z < 1 \end{cases}",
        r"f(z) = \begin{cases} z & \text{on Sundays} \\ 0 & \text{otherwise} \end{cases}",
    ],
)
def test_a_function_that_is_not_known_is_taken_for_no_other(function: str) -> None:
    """Whatever has a definition that is not read is neither some function nor the sigmoid."""
    net = ("z = w x + b", "h = f(z)", r"L = \frac12 (h - y)^2")
    with pytest.raises(InputError, match="f"):
        report(*net, function, r"\frac{\partial L}{\partial z} = (h - y) f'(z)")


def test_a_maximum_of_multiples_with_letters_is_not_read() -> None:
    """Which of αz and z is the larger depends on α."""
    with pytest.raises(InputError, match="h"):
        report(
            "z = w x + b",
            r"h = \max(\alpha z, z)",
            r"L = \frac12 (h - y)^2",
            r"\frac{dL}{dh} = h - y",
        )


IMAGE = (
    r"y_{i,j} = \sum_{m=0}^{1} \sum_{n=0}^{1} w_{m,n} x_{i+m,j+n} + b",
    r"E = \frac12 \sum_{i,j} (y_{i,j} - t_{i,j})^2",
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial b} = \sum_{i,j} (y_{i,j} - t_{i,j})", "proved"),
        (r"\frac{\partial E}{\partial b} = \sum_{i,j} (t_{i,j} - y_{i,j})", "refuted"),
        (
            r"\frac{\partial E}{\partial w_{m,n}} = \sum_{i,j} (y_{i,j} - t_{i,j}) x_{i+m,j+n}",
            "proved",
        ),
        (
            r"\frac{\partial E}{\partial w_{m,n}} = \sum_{i,j} (y_{i,j} - t_{i,j}) x_{i+n,j+m}",
            "refuted",
        ),
    ],
)
def test_a_sum_may_be_over_two_letters(claim: str, said: str) -> None:
    """Σ_{i,j} in a definition adds over both."""
    assert last(*IMAGE, claim).verdict.value == said
