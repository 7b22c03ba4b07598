r"""∂⁺h/∂W: the direct derivative, as authors write it who tell it from the one along all ways."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Judged, Verdict
from derive.networks.equations.system import System
from derive.networks.sources import build

PROVED, REFUTED, UNREADABLE = Verdict.PROVED, Verdict.REFUTED, Verdict.UNREADABLE
NUMBERS = """
weights: w, u
h[t] = tanh(u*h[t-1] + w*x[t]), t=1..3
L[t] = 1/2*(h[t]-y[t])^2, t=1..3
E = sum(L[t], t=1..3)
"""
VECTORS = """
weights: W, U
h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j=1..2) + sum(W[i,j]*x[t,j], j=1..2)), t=1..3, i=1..2
L[t] = sum(1/2*(h[t,i]-y[t,i])^2, i=1..2), t=1..3
E = sum(L[t], t=1..3)
"""
WAYS = r"<L_t/du> = \sum_{k=1}^{t} <L_t/dh_t> <h_t/dh_k> <+h_k/du>"


def claim(text: str, formula: str) -> Judged:
    """What is said of a formula in which ∂a/∂b is <a/db>, and ∂⁺a/∂b is <+a/db>."""
    latex = formula.replace("<+", r"\frac{\partial^+ ").replace("<", r"\frac{\partial ")
    latex = latex.replace("/d", r"}{\partial ").replace(">", "}")
    (found,) = check_document(build(System.from_text(text, "net")), f"$${latex}$$", "md").claims
    return found


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("<+h_t/du> = (1 - h_t^2) h_{t-1}", PROVED),
        ("<+h_t/du> = (1 - h_t^2) h_t", REFUTED),
        ("<+h_3/du> = (1 - h_3^2) h_2", PROVED),
        ("<+h_3/du> = (1 - h_3^2) h_1", REFUTED),
        ("<h_3/du> = <+h_3/du>", Verdict.UNDECIDED),
        ("<h_3/du> = <+h_3/du> + <h_3/dh_2> <h_2/du>", PROVED),
        ("<+h_t/du> = (1 + h_t^2) h_{t-1}", REFUTED),
        ("<h_t/du> = <+h_t/du> + <h_t/dh_{t-1}> <h_{t-1}/du>", PROVED),
        ("<h_t/du> = <+h_t/du> + <h_t/dh_{t-1}> <+h_{t-1}/du>", REFUTED),
        ("<h_t/du> = <+h_t/du>", Verdict.UNDECIDED),
        (WAYS, PROVED),
        (WAYS.replace("k=1", "k=2"), REFUTED),
        (WAYS.replace("<h_t/dh_k>", "<h_k/dh_{k-1}>"), REFUTED),
        ("<h_t/d^+u> = (1 - h_t^2) h_{t-1}", UNREADABLE),
    ],
)
def test_a_direct_derivative_keeps_all_else_fixed(formula: str, expected: Verdict) -> None:
    """Where the sign stands elsewhere, nobody knows what it says."""
    assert claim(NUMBERS, formula).verdict is expected


def test_the_same_of_matrices() -> None:
    ways = WAYS.replace("du>", "dU>")
    assert claim(VECTORS, ways).verdict is PROVED
    assert claim(VECTORS, ways.replace("k=1", "k=2")).verdict is not PROVED
    assert claim(VECTORS, ways.replace("+h_k/dU", "+h_k/dW")).verdict is not PROVED


def test_nothing_is_suggested_in_which_the_sign_would_be_lost() -> None:
    slip = claim(NUMBERS, "<h_t/du> = <+h_t/du> - <h_t/dh_{t-1}> <h_{t-1}/du>")
    assert slip.verdict is REFUTED
    assert not any(finding.suggestion or finding.repaired for finding in slip.findings)


def test_where_several_states_go_on_it_is_not_said_what_is_fixed() -> None:
    """Of c_t, h_{t-1} goes on, too, with all that is older behind it."""
    text = """
weights: w, u
f[t] = sig(w*x[t] + u*h[t-1]), t=1..3
c[t] = f[t]*c[t-1] + x[t], t=1..3
h[t] = f[t]*tanh(c[t]), t=1..3
E = sum(1/2*(h[t]-y[t])^2, t=1..3)
"""
    assert claim(text, "<+c_t/du> = c_{t-1} f_t (1 - f_t) h_{t-1}").verdict is UNREADABLE


SCALED = """
weights: w
m = 1/3*sum(u[k], k=1..3)
v = 1/3*sum((u[k] - m)^2, k=1..3)
r[k] = (u[k] - m)/sqrt(v + 1), k=1..3
E = sum(1/2*(w*r[k] - t[k])^2, k=1..3)
"""
RULE = "<E/du_k> = <E/dr_k> <r_k/du_k> + <E/dm> <m/du_k> + <E/dv> <v/du_k>"
ALONE = r"<r_k/du_k> = \frac{1}{\sqrt{v + 1}}"


def said(text: str, *formulas: str) -> list[str]:
    """The verdicts on a document in which ∂a/∂b is <a/db>."""
    latex = "\n\n".join(f"$${formula}$$" for formula in formulas).replace("<", r"\frac{\partial ")
    latex = latex.replace("/d", r"}{\partial ").replace(">", "}")
    claims = check_document(build(System.from_text(text, "net")), latex, "md").claims
    return [found.verdict.value for found in claims]


def test_a_factor_of_a_chain_rule_means_elsewhere_what_it_does_there() -> None:
    """The rule holds with direct derivatives only; other values do not hold with it."""
    assert said(SCALED, ALONE) == ["undecided"]
    assert said(SCALED, RULE, ALONE) == ["proved", "proved"]
    assert said(SCALED, RULE, ALONE.replace("sqrt", "tanh")) == ["proved", "refuted"]
    assert said(SCALED, RULE, ALONE.replace(r"\frac", r"-\frac")) == ["proved", "refuted"]
    assert said(SCALED, RULE.replace("+ <E/dv> <v/du_k>", ""), ALONE)[1] == "undecided"
    other = r"<r_k/dm> = \frac{-1}{\sqrt{v + 1}}"
    assert said(SCALED, RULE, r"<r_k/dv> = -\frac{r_k}{v + 1}")[1] == "refuted"
    assert said(SCALED, RULE, other) == ["proved", "proved"], "v does not change with m"
