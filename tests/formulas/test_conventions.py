"""Claims that fail as the network is given, and are right under a convention of the author's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Judged, Report, Verdict
from derive.checking.conventions import Convention, solved
from derive.checking.explaining import Explaining
from derive.networks.equations.system import System
from derive.networks.sources import Source

HALF = (
    r"\frac{\partial E}{\partial out_{d1}} = 2 (out_{d1} - target_{d1})",
    r"\frac{\partial E}{\partial w_{31}} = 2 (out_{d1} - target_{d1}) out_{d1} (1 - out_{d1}) out_{c1}",
    r"\frac{\partial E}{\partial w_{32}} = 2 (out_{d1} - target_{d1}) out_{d1} (1 - out_{d1}) out_{c2}",
)
SLOPE = r"\frac{\partial out_{d1}}{\partial net_{d1}} = out_{d1} (1 - out_{d1})"
STEPS = System.from_text("s = w*x\nE = 1/2*(s - t)^2\n", "steps")
BACKWARD = System.from_text(
    "z[j] = sum(w[j,i]*x[i], i=1..3), j=1..2\nE = 1/2*sum((z[j] - t[j])^2, j=1..2)\n", "backward"
)


def report(network: Source, *formulas: str) -> Report:
    """What is said of a document about a network."""
    return check_document(network, "".join(f"\n$${one}$$\n" for one in formulas), "md", "notes.md")


def verdicts(found: Report) -> list[str]:
    return [claim.verdict.value for claim in found.claims]


def test_one_convention_makes_a_whole_document_right() -> None:
    """It is said once, at the head; the claims are neither right nor wrong, and not spoken of."""
    found = report("2-4-3-2", *HALF, SLOPE)
    assert verdicts(found) == ["undecided"] * 3 + ["proved"]
    assert {f.code for claim in found.claims[:3] for f in claim.findings} == {"convention"}
    assert found.convention is not None
    assert (found.convention.right, found.convention.wrong) == (3, 0)
    head, *rest = str(found).splitlines()
    assert head.startswith(
        "notes.md: 3 formulas that fail as the network is given hold if the error is the sum of the"
        " squares"
    )
    assert not any("undecided:" in line for line in rest)
    assert found.to_json()["sources"][0]["convention"]["right"] == 3


def test_what_is_wrong_under_it_too_stays_wrong() -> None:
    """With what is wrong with it under the convention, so that the factor 2 is no mistake."""
    wrong = HALF[2].replace("out_{c2}", "out_{c1}")
    found = report("2-4-3-2", *HALF[:2], wrong)
    assert verdicts(found) == ["undecided", "undecided", "refuted"]
    assert found.convention is not None
    assert found.convention.wrong == 1
    assert any("out_{c2} and not out_{c1}" in f.message for f in found.claims[2].findings)


@pytest.mark.parametrize(
    "formulas",
    [
        HALF[:1],
        (*HALF, r"\frac{\partial E}{\partial out_{d2}} = out_{d2} - target_{d2}"),
        (HALF[0], HALF[1], *(one.replace("= 2", "= 3") for one in HALF)),
    ],
    ids=[
        "one claim is a mistake",
        "a claim that holds speaks against it",
        "most fail all the same",
    ],
)
def test_mistakes_are_no_convention(formulas: tuple[str, ...]) -> None:
    """Where it explains one claim only, contradicts another, or explains the smaller part."""
    found = report("2-4-3-2", *formulas)
    assert found.convention is None
    assert Verdict.UNDECIDED not in {claim.verdict for claim in found.claims}
    assert found.to_json()["sources"][0]["convention"] is None


@pytest.mark.parametrize(
    ("network", "formulas", "says"),
    [
        (
            "2-3-1",
            (r"\frac{\partial E}{\partial out_{c1}} = target_{c1} - out_{c1}",
             r"\frac{\partial E}{\partial w_{21}} = (target_{c1} - out_{c1}) out_{c1} (1 - out_{c1}) out_{b1}"),
            "the error has the other sign",
        ),
        (
            "2-3-1",
            (r"\delta_{c1} = (target_{c1} - out_{c1}) out_{c1} (1 - out_{c1})",
             r"\frac{\partial E}{\partial w_{21}} = -\delta_{c1} out_{b1}"),
            "δ is −∂E/∂ of the net input",
        ),
        (
            "2-4-3-2",
            (r"\frac{\partial E}{\partial out_{d1}} = \frac{2}{2} (out_{d1} - target_{d1})",
             HALF[0], HALF[1]),
            None,
        ),
        (
            STEPS,
            (r"\frac{\partial E}{\partial s} = 2 (s - t)", r"\frac{\partial E}{\partial w} = 2 (s - t) x"),
            "the error has no ½ before it",
        ),
        (
            BACKWARD,
            (r"z_j = \sum_i w_{ij} x_i", r"\frac{\partial E}{\partial w_{ij}} = (z_j - t_j) x_i"),
            "the first index of a weight is that of its source",
        ),
    ],
)  # fmt: skip
def test_each_convention_is_found(
    network: Source, formulas: tuple[str, ...], says: str | None
) -> None:
    """The error's factor and sign, the sign of δ, and which index of a weight comes first."""
    found = report(network, *formulas)
    if says is None:
        assert found.convention is None
    else:
        assert found.convention is not None
        assert found.convention.says.startswith(says)
        assert Verdict.REFUTED not in {claim.verdict for claim in found.claims}


def test_an_error_that_the_document_states_is_no_convention() -> None:
    """E = (s − t)² stands there, so its derivative has the factor 2."""
    text = "$$s = w x$$ $$E = (s - t)^2$$"
    text += (
        r"$$\frac{\partial E}{\partial s} = s - t$$ $$\frac{\partial E}{\partial w} = (s - t) x$$"
    )
    found = check_document(None, text, "md", "notes.md")
    assert verdicts(found) == ["refuted", "refuted"]
    assert found.convention is None


def test_an_order_of_indices_that_the_document_states_is_no_convention() -> None:
    """z_j = Σ_i w_ji x_i stands there, so the derivative by w_ij is another, however often."""
    text = r"$$z_j = \sum_i w_{ji} x_i$$ $$E = \frac12 \sum_j (z_j - t_j)^2$$"
    text += r"$$\frac{\partial z_j}{\partial w_{ij}} = x_i$$"
    text += r"$$\frac{\partial E}{\partial w_{ij}} = (z_j - t_j) x_i$$"
    found = check_document(None, text, "md", "notes.md")
    assert verdicts(found) == ["refuted", "refuted"]
    assert found.convention is None


SIGMOID = System.from_text(
    "a = u*p + r*q\ng = tanh(a)\no = sig(v*g)\nE = 1/2*(o - d)^2\n", "sigmoid"
)
CHAIN = r"\frac{\partial E}{\partial v} = \frac{\partial E}{\partial o}\frac{\partial o}{\partial a}\frac{\partial a}{\partial v}"


def test_a_letter_for_another_net_input_and_another_error_together() -> None:
    """The text has a = vg and the cross-entropy, the file has a for g and half a square."""
    found = report(SIGMOID, rf"{CHAIN} = (o - d) g", r"g = \tanh(u p + r q)")
    assert verdicts(found) == ["undecided", "proved"]
    assert found.convention is not None
    assert found.convention.says == (
        "the error is the cross-entropy, and not a square, and a is the net input of o, and not"
        " of g"
    )
    assert str(found).startswith("notes.md: 1 formula that fails as the network is given holds if")
    against = report(SIGMOID, rf"{CHAIN} = (o - d) g", r"g = \tanh(a)")
    assert verdicts(against) == ["refuted", "proved"], "the text says itself whose net input a is"


@pytest.mark.parametrize(
    "wrong", ["(d - o) g", "(o - d) a", "(o - d) g o", "(o - d) g o (1 + o)", "(o - d) v"]
)
def test_what_no_convention_makes_right_is_refuted(wrong: str) -> None:
    """A sign, a name, a factor too many: wrong with either error and either letter."""
    found = report(SIGMOID, f"{CHAIN} = {wrong}")
    assert verdicts(found) == ["refuted"]
    alone = report(SIGMOID, r"\frac{\partial E}{\partial v} = (o - d) g")
    assert verdicts(alone) == ["refuted"], "one missing factor is a mistake, and no convention"


def test_the_cross_entropy_of_a_layered_network() -> None:
    """δ = out − target for a whole document; half the square where δ is written out so."""
    claims = (
        r"\frac{\partial E}{\partial net_{d1}} = out_{d1} - target_{d1}",
        r"\frac{\partial E}{\partial w_{31}} = (out_{d1} - target_{d1}) out_{c1}",
    )
    found = report("2-4-3-2", *claims)
    assert verdicts(found) == ["undecided"] * 2
    assert found.convention is not None
    assert "the error is the cross-entropy" in found.convention.says
    stated = r"\frac{\partial E}{\partial out_{d2}} = out_{d2} - target_{d2}"
    assert verdicts(report("2-4-3-2", *claims, stated)) == ["refuted", "refuted", "proved"]


def test_a_convention_is_dropped_at_the_first_formula_that_it_spoils() -> None:
    """What can no longer be the convention of a document is not judged with to the document's end."""
    right = Judged("a = b", Verdict.PROVED, (), ())
    wrong = Judged("a = c", Verdict.REFUTED, (), ())
    before = [right, wrong, wrong, right, right]
    asked: list[int] = []

    def judged(*verdicts: Judged) -> Iterator[Judged]:
        for place, one in enumerate(verdicts):
            asked.append(place)
            yield one

    def convention(says: str) -> Convention:
        return Convention(says, STEPS)

    spoils = {"spoils": [wrong, right, right, right, right]}
    helps_none = {"helps none": [right, wrong, wrong, right, right]}
    helps = {"helps": [right] * 5}
    after = spoils | helps_none | helps
    found, settled = solved(
        before, map(convention, after), lambda one: (judged(*after[one.says]), list)
    )
    assert asked == [0, 0, 1, *range(5)]
    assert settled is not None
    assert settled.says == "helps"
    assert [one.verdict for one in found if one] == [
        Verdict.PROVED, Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.PROVED, Verdict.PROVED,
    ]  # fmt: skip


def test_what_is_wrong_is_looked_for_under_the_convention_that_is_found_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On trial a convention only tells what holds; a mistake is found out once, not for each."""
    looked: list[bool] = []
    explained = Explaining.explained

    def counted(self: Explaining, *sides: Any) -> Any:
        looked.append(self.explains)
        return explained(self, *sides)

    monkeypatch.setattr(Explaining, "explained", counted)
    claims = (
        r"\frac{\partial E}{\partial z_j} = 2 (y_j + t_j) y_j (1 - y_j)",
        r"\frac{\partial E}{\partial y_j} = 3 (y_j - t_j)",
    )
    assert verdicts(report(LAYER, *claims)) == ["refuted", "refuted"]
    assert sum(looked) == len(claims) < len(looked)


LAYER = System.from_text(
    "weights: w\nz[j] = sum(w[j,i]*x[i], i=1..2), j=1..2\ny[j] = sig(z[j]), j=1..2\n"
    "E = 1/2*sum((y[j] - t[j])^2, j=1..2)\n",
    "layer",
)
NAMED_LATER = (
    r"\frac{\partial E}{\partial w_{ji}} = g_j x_i",
    r"g_j = \frac{\partial E}{\partial z_j}",
    r"\frac{\partial E}{\partial y_j} = 2 (y_j - t_j)",
    r"g_j = 2 (y_j - t_j) y_j (1 - y_j)",
)


def test_a_convention_is_found_beside_names_that_are_given_late() -> None:
    """What holds with a name that stands behind it holds under the convention, too."""
    found = report(LAYER, *NAMED_LATER)
    assert found.convention is not None
    assert found.convention.says.startswith("the error has no ½")
    assert verdicts(found)[0] == "proved"
    assert "refuted" not in verdicts(found)
    wrong = (NAMED_LATER[0].replace("x_i", "x_j"), *NAMED_LATER[1:])
    assert verdicts(report(LAYER, *wrong))[0] in ("refuted", "unreadable")


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        (
            (r"\delta_j = (t_j - y_j) y_j (1 - y_j)", r"\Delta w_{ji} = \eta \delta_j x_i",
             r"\frac{\partial E}{\partial w_{ji}} = -\delta_j x_i"),
            None,
        ),
        (
            (r"\frac{\partial E}{\partial w_{ji}} = -\delta_j x_i",
             r"\frac{\partial E}{\partial z_j} = -\delta_j"),
            "δ is −∂E/∂ of the net input",
        ),
        (
            (r"\frac{\partial E}{\partial w_{ji}} = \delta_j y_j (1 - y_j) x_i",
             r"\frac{\partial E}{\partial z_j} = \delta_j \sigma'(z_j)"),
            "δ is ∂E/∂ of the output",
        ),
    ],
)  # fmt: skip
def test_what_delta_is_in_a_network_of_equations(claims: tuple[str, ...], says: str | None) -> None:
    """Minus the derivative, or that by the output, if nothing is stated; a wrong index stays wrong."""
    found = report(LAYER, *claims)
    assert "refuted" not in verdicts(found)
    assert (found.convention and found.convention.says.startswith(says or "")) is (
        True if says else None
    )
    wrong = report(
        LAYER, *claims, claims[-1].replace("_j)", "_i)").replace("-\\delta_j", "\\delta_i")
    )
    assert verdicts(wrong)[-1] != "proved"
