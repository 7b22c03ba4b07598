"""Backpropagation through time in vectors and matrices: what is written, proved and left out."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from derive import Model, ProofError
from derive.calculus.chain import Chain
from derive.calculus.family_lifting import FamilyLifting
from derive.calculus.general import prove_matrices
from derive.calculus.graph_rules import Rule, Rules
from derive.checking.check import check_document
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.emit.latex import Latex
from derive.formula import (
    Array,
    Equation,
    Formula,
    Member,
    Name,
    Transposed,
    is_matrix,
    transform,
)
from derive.model.arrays import Entries, Place, Slices
from derive.notes.compose import compose
from derive.notes.equations import law
from derive.render.readback import prove_document
from derive.render.render import render
from tests.builders.families import stated

ONE = """
family = "recurrent"
steps = 3
inputs = 3
hidden = 2
outputs = 2
bias = "neuron"
"""
EVERY = ONE + 'errors = "every"\noutput_activation = "sigmoid"\n'
STACKED = ONE.replace("hidden = 2", "hidden = [2, 2]") + 'activation = "sigmoid"\n'
SOFT = ONE + 'output_activation = "softmax"\nloss = "categorical-cross-entropy"\n'
KINKED = ONE.replace("steps = 3", "steps = 2") + 'activation = "relu"\n'
NETWORKS = {"one": ONE, "every": EVERY, "stacked": STACKED, "soft": SOFT, "kinked": KINKED}
TITLE = "The same in matrix form"


def rules_of(text: str) -> tuple[Chain, list[Rule]]:
    """The law, the derivatives from the back and the gradients, those that are of arrays."""
    chain = Chain(Model.of(stated(text)))
    found, lifting = Rules(chain), FamilyLifting(chain.model)
    rules = lifting.lifted([*law(chain.model), *found.adjoints(), *found.gradients()])
    return chain, [rule for rule in rules if any(map(is_matrix, rule.equation.sides))]


def written(text: str) -> list[str]:
    """All rules in LaTeX, without fonts and braces, the letter's range behind each."""
    chain, rules = rules_of(text)
    latex, lifting = Latex(chain.model), FamilyLifting(chain.model)
    found = []
    for rule in map(lifting.printed, rules):
        shown = latex.chain(rule.equation)
        for sign in (r"\mathbf", r"\boldsymbol", r"\bigl", r"\bigr", r"\frac", "{", "}"):
            shown = shown.replace(sign, "")
        shown = shown.replace(r"\partial E\partial ", "d").replace(r"\partial E \partial ", "d")
        low_to_high = rule.ranges.get("t")
        found.append(shown if low_to_high is None else f"{shown}, {low_to_high}")
    return found


@cache
def section_of(text: str, form: str) -> str:
    """The section of the document, nothing where there is none."""
    document = render(compose(stated(text), full=True), form)
    head, end = ("\n## ", "\n## ") if form == "markdown" else ("\n\\section{", "\n\\section")
    _, title, behind = document.partition(TITLE)
    return head + title + behind.partition(end)[0] if title else ""


def test_an_error_at_the_end_goes_back_from_step_to_step() -> None:
    """The last state gets Vᵀ∂E/∂out, every other Uᵀ∂E/∂net of the step after it; uses add up."""
    assert written(ONE) == [
        r"net_t = Wx_t + Uh_t-1 + b, (1, 3)",
        r"h_t = \tanh(net_t), (1, 3)",
        r"out = Vh_3 + b_out",
        r"dout = out - target",
        r"dh_3 = V^\topdout",
        r"dh_t = U^\topdnet_t+1, (1, 2)",
        r"dnet_t = dh_t \odot (1 - (h_t)^2), (1, 3)",
        r"dW = \sum_t = 1^3 dnet_tx_t^\top",
        r"dU = \sum_t = 1^3 dnet_th_t-1^\top",
        r"db = \sum_t = 1^3 dnet_t",
        r"dV = douth_3^\top",
        r"db_out = dout",
    ]


def test_errors_at_every_step_and_layers_above_add_to_what_comes_back() -> None:
    """A state that leads to an output, to the next step and to a layer above gets all of it."""
    every, stacked = written(EVERY), written(STACKED)
    assert r"dh_t = V^\topdnet_out,t + U^\topdnet_t+1, (1, 2)" in every
    assert r"dh_1,t = W_2^\topdnet_2,t + U_1^\topdnet_1,t+1, (1, 2)" in stacked
    assert r"dW_2 = \sum_t = 1^3 dnet_2,th_1,t^\top" in stacked


def test_a_number_times_a_vector_is_no_product_entry_by_entry() -> None:
    """The mean over three outputs: ⅔(out − target), without ⊙; and out yᵀ∂E/∂out of a softmax."""
    text = ONE.replace("outputs = 2", "outputs = 3") + 'loss = "mean-squared-error"\n'
    assert r"dout = 23(out - target)" in written(text)
    mean = r"out_t \odot dout_t - out_t\Bigl(dout_t\Bigr)^\topout_t, (1, 3)"
    assert f"dnet_out,t = {mean}" in written(f'{SOFT}errors = "every"\n')


def test_the_product_of_two_vectors_is_a_row_times_a_column() -> None:
    """A single unit has wᵀx; a sum over the steps of time stays one."""
    single = written(ONE.replace("hidden = 2", "hidden = 1"))
    assert r"net_t = w^\topx_t + u \cdot h_t-1 + b, (1, 3)" in single
    assert r"dw = \sum_t = 1^3 dnet_t \cdot x_t" in single


@pytest.mark.parametrize("name", ["one", "every", "stacked", "soft"])
@pytest.mark.parametrize(("form", "kind"), [("markdown", "md"), ("latex", "tex")])
def test_the_section_is_read_back_and_proved(name: str, form: str, kind: str) -> None:
    """Its displays are claims that the checker proves, none left out; shapes stand below them."""
    section = section_of(NETWORKS[name], form)
    report = check_document(Model.of(stated(NETWORKS[name])), section, kind)
    displays = section.count(r"\tag{" if form == "markdown" else r"\begin{equation}")
    assert "The shapes" in section
    assert len(report.claims) == displays >= 2
    assert {claim.verdict for claim in report.claims} == {Verdict.PROVED}


@pytest.mark.slow
def test_with_kinks_nothing_is_refuted_or_unreadable() -> None:
    """What has too many regions to prove all may be printed, as elsewhere; the rest is proved."""
    assert prove_document(stated(KINKED), section_of(KINKED, "markdown"), "markdown")


@pytest.mark.parametrize("size", ["inputs", "outputs", "hidden"])
def test_a_size_of_one_is_a_number_beside_the_vectors(size: str) -> None:
    """As long as a matrix or a vector is multiplied the section is there, and holds."""
    text = re.sub(f"{size} = .", f"{size} = 1", ONE)
    section = section_of(text, "markdown")
    report = check_document(Model.of(stated(text)), section, "md")
    assert section
    assert report.count(Verdict.PROVED) == len(report.claims) == section.count(r"\tag{")


def test_single_numbers_have_no_matrix_form() -> None:
    """With one input, unit and output nothing is gained by it, and the section is not there."""
    single = ONE.replace("= 2", "= 1").replace("inputs = 3", "inputs = 1")
    assert section_of(single, "markdown") == ""


# Faults.


def without_transposition(formula: Formula) -> Formula | None:
    return formula.of if isinstance(formula, Transposed) else None


def a_step_later(formula: Formula) -> Formula | None:
    """h_{t−1} as h_t, net_{t+1} as net_t; the names of single steps stay."""
    if not isinstance(formula, Array) or isinstance(formula.of, Name):
        return None
    indices = formula.of.indices
    moved = tuple((letters, 0) if letters else (letters, n) for letters, n in indices)
    return Array(Member(formula.of.stem, moved))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("fault", [without_transposition, a_step_later])
def test_a_fault_in_any_rule_is_seen(name: str, fault: object) -> None:
    """Each rule without its transpositions, or of another step, fails by itself."""
    chain, rules = rules_of(NETWORKS[name])
    changed = 0
    for rule in rules:
        wrong = transform(rule.equation.right, fault)  # type: ignore[arg-type]
        if wrong == rule.equation.right:
            continue
        changed += 1
        with pytest.raises(ProofError, match="matrix form"):
            prove_matrices(chain, [Equation((rule.equation.left, wrong))])
    assert changed


def test_nothing_is_written_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backward pass that forgets to transpose square U stops the document."""
    member = FamilyLifting.of_member

    def never_turned(*args: object) -> Formula:
        found = member(*args)  # type: ignore[arg-type]
        return found.of if isinstance(found, Transposed) else found

    monkeypatch.setattr(FamilyLifting, "of_member", never_turned)
    with pytest.raises(ProofError, match="matrix form"):
        compose(stated(ONE))


def test_a_matrix_put_together_wrongly_stops_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of U with rows and columns exchanged are not those of the network."""
    slices = Slices.__getitem__

    def turned(self: Slices, place: Place) -> Entries:
        found = slices(self, place)
        return tuple(zip(*found, strict=True)) if place[0] == "u" else found

    monkeypatch.setattr(Slices, "__getitem__", turned)
    with pytest.raises(ProofError, match="matrix form does not hold for t = 1"):
        compose(stated(ONE))


@pytest.mark.parametrize("entries", [slice(None), slice(None, None, -1)])
def test_a_capital_is_the_matrix_of_its_small_letter_or_is_not_written(entries: slice) -> None:
    """Where the network calls another matrix so, the small letter stays."""
    model = Model.of(stated(ONE))
    arrays = model.network.arrays
    assert arrays is not None
    named = {**arrays.entries, "U": arrays.entries["U"][entries]}
    other = Model(model.instances, replace(model.network, arrays=replace(arrays, entries=named)))
    shown = FamilyLifting(other).in_capitals(Array(Name("u")))
    assert shown == Array(Name("U" if entries == slice(None) else "u"))


# fmt: off
CLAIMS = [
    (r"\mathbf{h}_t = \tanh(W\mathbf{x}_t + U\mathbf{h}_{t-1} + \mathbf{b})",               Verdict.PROVED),
    (r"\boldsymbol{\delta}_t = U^\top\boldsymbol{\delta}_{t+1} \odot (1 - \mathbf{h}_t^2)",  Verdict.PROVED),
    (r"\boldsymbol{\delta}_t = U\boldsymbol{\delta}_{t+1} \odot (1 - \mathbf{h}_t^2)",       Verdict.REFUTED),
    (r"\boldsymbol{\delta}_t = U^\top\boldsymbol{\delta}_{t+1} \odot (1 - \mathbf{h}_{t+1}^2)", Verdict.REFUTED),
    (r"\frac{\partial E}{\partial U} = \sum_{t=1}^3 \boldsymbol{\delta}_t\mathbf{h}_{t-1}^\top", Verdict.PROVED),
    (r"\frac{\partial E}{\partial U} = \sum_{t=1}^3 \boldsymbol{\delta}_t\mathbf{h}_t^\top", Verdict.REFUTED),
    (r"\frac{\partial E}{\partial U} = \sum_{t=1}^2 \boldsymbol{\delta}_t\mathbf{h}_{t-1}^\top", Verdict.REFUTED),
    (r"\frac{\partial E}{\partial W} = \sum_{t=1}^3 \mathbf{x}_t\boldsymbol{\delta}_t^\top", Verdict.REFUTED),
    (r"\frac{\partial E}{\partial W} = \boldsymbol{\delta}_4\mathbf{x}_4^\top",              Verdict.UNREADABLE),
]
# fmt: on


@pytest.mark.parametrize(("text", "verdict"), CLAIMS)
def test_vectors_written_by_hand_are_judged(text: str, verdict: Verdict) -> None:
    """The same equations in another spelling are proved, and with a slip refuted."""
    judged = Judge(Model.of(stated(ONE))).judge(text)
    assert judged is not None
    assert judged.verdict is verdict


def test_a_lost_transposition_is_named() -> None:
    """The correction is the equation with Uᵀ."""
    text = r"\boldsymbol{\delta_t} = (U\boldsymbol{\delta_{t+1}}) \odot (1 - (\mathbf{h_t})^2)"
    judged = Judge(Model.of(stated(ONE))).judge(text)
    assert judged is not None
    assert [finding.code for finding in judged.findings] == ["transpose"]
    assert r"U^{\top}" in str(judged.findings[0].suggestion)
