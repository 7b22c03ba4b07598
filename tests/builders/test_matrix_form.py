"""Backpropagation through time in vectors and matrices: what is written, proved and left out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from derive import Model, ProofError
from derive.calculus.array_rules import ArrayRules
from derive.calculus.chain import Chain
from derive.calculus.general import prove_matrices
from derive.checking.check import check_document
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.emit.latex import Latex
from derive.formula import Array, Equation, Formula, Name, Transposed, transform
from derive.notes.blocks import Notes
from derive.notes.compose import compose
from derive.notes.graph_matrix import matrix_sections
from derive.notes.page import Page
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


def rules_of(text: str) -> tuple[Chain, ArrayRules]:
    chain = Chain(Model.of(stated(text)))
    network = chain.model.network
    assert network.arrays is not None
    return chain, ArrayRules(network.arrays, chain)


def written(text: str) -> list[str]:
    """All rules in LaTeX, without fonts and braces, the letter's range behind each."""
    chain, rules = rules_of(text)
    latex = Latex(chain.model)
    found = []
    for rule in [*rules.forward(), *rules.deltas(), *rules.gradients()]:
        shown = latex.chain(rule.equation)
        for sign in (r"\mathbf", r"\boldsymbol", r"\bigl", r"\bigr", "{", "}"):
            shown = shown.replace(sign, "")
        low_to_high = rule.ranges.get("t")
        found.append(shown if low_to_high is None else f"{shown}, {low_to_high}")
    return found


def section_of(text: str, form: str) -> tuple[str, int]:
    """The section alone as a document, nothing where there is none; how many δ it explains."""
    network = stated(text)
    chain = Chain(Model.of(network))
    sections = matrix_sections(Page(network, chain))
    if not sections:
        return "", 0
    facts = {"spec": "test", "name": "test", "count": 1, "about": "a test"}
    notes = Notes(network, chain.model, facts, tuple(sections))
    return render(notes, form), len(sections[0].facts["meanings"])


def test_an_error_at_the_end_goes_back_from_step_to_step() -> None:
    """The last state gets Vᵀδ_out, every other Uᵀδ of the step after it; the uses add up."""
    assert written(ONE) == [
        r"net_t = Wx_t + Uh_t-1 + b, (1, 3)",
        r"h_t = \tanh(net_t), (1, 3)",
        r"out = Vh_3 + b_out",
        r"\delta_out = out - target",
        r"\delta_3 = (V^\top\delta_out) \odot (1 - (h_3)^2)",
        r"\delta_t = (U^\top\delta_t+1) \odot (1 - (h_t)^2), (1, 2)",
        r"\frac\partial E\partial W = \sum_t = 1^3 \delta_tx_t^\top",
        r"\frac\partial E\partial U = \sum_t = 1^3 \delta_th_t-1^\top",
        r"\frac\partial E\partial b = \sum_t = 1^3 \delta_t",
        r"\frac\partial E\partial V = \delta_outh_3^\top",
        r"\frac\partial E\partial b_out = \delta_out",
    ]


def test_errors_at_every_step_and_layers_above_add_to_what_comes_back() -> None:
    """A state that leads to an output, to the next step and to a layer above gets all of it."""
    every, stacked = written(EVERY), written(STACKED)
    assert (
        r"\delta_t = (U^\top\delta_t+1 + V^\top\delta_out,t) \odot (1 - (h_t)^2), (1, 2)" in every
    )
    assert (
        r"\delta_1,t = (U_1^\top\delta_1,t+1 + W_2^\top\delta_2,t)"
        r" \odot h_1,t \odot (1 - h_1,t), (1, 2)"
    ) in stacked
    assert r"\frac\partial E\partial W_2 = \sum_t = 1^3 \delta_2,th_1,t^\top" in stacked


def test_a_number_times_a_vector_is_no_product_entry_by_entry() -> None:
    """The mean over three outputs: ⅔(out − target), without ⊙."""
    text = ONE.replace("outputs = 2", "outputs = 3") + 'loss = "mean-squared-error"\n'
    assert r"\delta_out = \frac23(out - target)" in written(text)


@pytest.mark.parametrize("name", ["one", "every", "stacked", "soft"])
@pytest.mark.parametrize(("form", "kind"), [("markdown", "md"), ("latex", "tex")])
def test_the_section_is_read_back_and_proved(name: str, form: str, kind: str) -> None:
    """Its displays, and what δ stands for, are claims that the checker proves, none left out."""
    section, deltas = section_of(NETWORKS[name], form)
    report = check_document(Model.of(stated(NETWORKS[name])), section, kind)
    displays = section.count(r"\tag{" if form == "markdown" else r"\begin{equation}")
    assert TITLE in section
    assert len(report.claims) == displays + deltas >= 5
    assert {claim.verdict for claim in report.claims} == {Verdict.PROVED}


def test_with_kinks_nothing_is_refuted_or_unreadable() -> None:
    """What has too many regions to prove all may be printed, as elsewhere; the rest is proved."""
    section, deltas = section_of(KINKED, "markdown")
    assert deltas < prove_document(stated(KINKED), section, "markdown")


@pytest.mark.parametrize("size", ["inputs", "outputs", "hidden"])
def test_a_size_of_one_is_a_vector_with_one_entry(size: str) -> None:
    """As long as anything is larger than 1 × 1 the section is there, and holds."""
    text = re.sub(f"{size} = .", f"{size} = 1", ONE)
    section, _ = section_of(text, "markdown")
    report = check_document(Model.of(stated(text)), section, "md")
    assert TITLE in section
    assert report.count(Verdict.PROVED) == len(report.claims) >= 5


def test_single_numbers_have_no_matrix_form() -> None:
    """With one input, unit and output nothing is gained by it, and the section is not there."""
    single = ONE.replace("= 2", "= 1").replace("inputs = 3", "inputs = 1")
    assert section_of(single, "markdown") == ("", 0)
    assert TITLE not in render(compose(stated(single)), "markdown")


# Faults.


def without_transposition(formula: Formula) -> Formula | None:
    return formula.of if isinstance(formula, Transposed) else None


def a_step_later(formula: Formula) -> Formula | None:
    """h_{t−1} as h_t, δ_{t+1} as δ_t; the names of single steps stay."""
    if not isinstance(formula, Array) or isinstance(formula.of, Name):
        return None
    *before, (letters, offset) = formula.of.indices
    moved = replace(formula.of, indices=(*before, (letters, 0))) if offset else formula.of
    return Array(moved)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("fault", [without_transposition, a_step_later])
def test_a_fault_in_any_rule_is_seen(name: str, fault: object) -> None:
    """Each rule without its transpositions, or of another step, fails by itself."""
    chain, rules = rules_of(NETWORKS[name])
    changed = 0
    for rule in [*rules.forward(), *rules.deltas(), *rules.gradients()]:
        wrong = transform(rule.equation.right, fault)  # type: ignore[arg-type]
        if wrong == rule.equation.right:
            continue
        changed += 1
        with pytest.raises(ProofError, match="matrix form"):
            prove_matrices(chain, [Equation((rule.equation.left, wrong))])
    assert changed


def test_nothing_is_written_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backward pass that forgets to transpose square U stops the document."""
    monkeypatch.setattr("derive.calculus.array_rules.Transposed", lambda matrix: matrix)
    with pytest.raises(ProofError, match="matrix form"):
        compose(stated(ONE))


def test_a_matrix_put_together_wrongly_stops_the_document() -> None:
    """Entries of U with rows and columns exchanged are not those of the network."""
    network = stated(ONE)
    assert network.arrays is not None
    entries = dict(network.arrays.entries)
    entries["U"] = tuple(zip(*entries["U"], strict=True))
    wrong = replace(network, arrays=replace(network.arrays, entries=entries))
    with pytest.raises(ProofError, match="matrix form does not hold for t = 1"):
        compose(wrong)


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
