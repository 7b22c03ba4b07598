"""Networks as books state them: units by their letters, spaces, sets, examples, names given late."""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last, report

TWO_LAYERS = (
    r"s_j = \sum_{i=1}^n w_{ji} x_i + w_{j0}",
    r"u_j = g(s_j)",
    r"s_k = \sum_{j=1}^m w_{kj} u_j + w_{k0}",
    r"v_k = g(s_k)",
    r"J = \frac12 \sum_{k=1}^c (t_k - v_k)^2",
)
"""Two layers whose quantities have one letter, so that the index says the layer."""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial s_k}{\partial w_{kj}} = u_j", "proved"),
        (r"\frac{\partial s_k}{\partial w_{kj}} = x_j", "unreadable"),
        (r"\frac{\partial J}{\partial u_j} = -\sum_{k=1}^c (t_k - v_k) g'(s_k) w_{kj}", "proved"),
        (r"\frac{\partial J}{\partial u_j} = -\sum_{k=1}^c (t_k - v_k) w_{kj}", "refuted"),
        (r"\frac{\partial J}{\partial w_{k0}} = -(t_k - v_k) g'(s_k)", "proved"),
    ],
)
def test_two_definitions_of_one_letter_are_of_two_layers(claim: str, said: str) -> None:
    """s_j of x and s_k of u are net inputs of two layers, and not two versions of one."""
    assert last(*TWO_LAYERS, claim).verdict.value == said


LAYERS = (
    r"a^{(1)} = x \in \mathbb{R}^{n_1}",
    r"z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)} \in \mathbb{R}^{n_l}, \quad \text{for } l = 2, 3, \ldots, L",
    r"a^{(l)} = \sigma(z^{(l)}), \quad \text{for } l = 2, 3, \ldots, L",
    r"C = \frac12 \|y - a^{(L)}\|^2",
)
BACK = r"\delta^{(l)} = \sigma'(z^{(l)}) \circ (W^{(l+1)})^T \delta^{(l+1)}"


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (r"\quad \text{for } 2 \le l \le L-1", "proved"),
        (r"\quad 1 < l < L", "proved"),
        (r"\quad \text{for } 2 \le l \le L-1 \text{ and never}", "unreadable"),
    ],
)
def test_letters_may_stand_between_two_numbers(limit: str, said: str) -> None:
    """2 ≤ l ≤ L − 1 beside a claim limits l; the layers are counted from the one of the inputs."""
    assert last(*LAYERS, BACK + "," + limit).verdict.value == said
    if said == "proved":
        wrong = BACK.replace("^{(l+1)})^T", "^{(l)})^T")
        assert last(*LAYERS, wrong + "," + limit).verdict.value == "refuted"


def test_where_something_lies_is_no_claim() -> None:
    """∈ ℝ^n at the end of a statement says how large something is, and is passed over."""
    claim = r"\delta^{(L)} = \sigma'(z^{(L)}) \circ (a^{(L)} - y) \in \mathbb{R}^{n_L}."
    assert last(*LAYERS, claim).verdict.value == "proved"
    assert last(*LAYERS, claim.replace("a^{(L)} - y", "y - a^{(L)}")).verdict.value == "refuted"
    assert last(*LAYERS, claim.replace(r"\mathbb{R}^{n_L}", "S")).verdict.value == "unreadable"


UNITS = (
    r"q_j = \sum_i w_{ji} o_{i}",
    r"o_j = \sigma(q_j)",
    r"E_d = \frac12 \sum_{k \in \text{outputs}} (t_k - o_k)^2",
)
"""Any unit of a network; what stands in E are the outputs."""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E_d}{\partial w_{ji}} = \frac{\partial E_d}{\partial q_j} o_i", "proved"),
        (
            r"\frac{\partial E_d}{\partial w_{ji}} = \frac{\partial E_d}{\partial q_j} o_j",
            "refuted",
        ),
        (r"\delta_j = o_j (1 - o_j) \sum_k w_{kj} \delta_k", "proved"),
        (r"\delta_j = (1 - o_j) \sum_k w_{kj} \delta_k", "refuted"),
        (r"\delta_k = (o_k - t_k) o_k (1 - o_k)", "proved"),
        (r"\delta_k = (o_k - t_k) o_k", "refuted"),
    ],
)
def test_definitions_of_any_unit_are_a_network_of_layers(claim: str, said: str) -> None:
    """With q_j made of o_i and o_j of q_j the unit i stands before j, and k behind it."""
    assert last(*UNITS, claim).verdict.value == said


def test_a_set_of_which_only_words_speak_refutes_nothing() -> None:
    """Whether Next(j) are the units of the next layer, no formula says."""
    right = r"\delta_j = o_j (1 - o_j) \sum_{k \in Next(j)} w_{kj} \delta_k"
    assert last(*UNITS, right).verdict.value == "proved"
    claim = last(*UNITS, right.replace("(1 - o_j)", "(1 + o_j)"))
    assert claim.verdict.value == "unreadable"
    assert "Next(j)" in claim.findings[0].message


def test_index_letters_are_no_quantities() -> None:
    """That only k = j counts in a sum makes no quantity k, on which an error may depend."""
    net = (r"z_j = \sum_i w_{ji} x_i", r"o_j = \sigma(z_j)", r"p_k = o_k^2", "k = j")
    slope = r"\frac{\partial E}{\partial z_j} = \frac{\partial E}{\partial o_j} o_j (1 - o_j)"
    said = report(*net, slope)
    assert said.claims[-1].verdict.value == "proved"
    assert said.stated is not None
    assert said.stated.summary.startswith("the network is read from the document: z_j, o_j, p_k;")


EXAMPLES = (
    r"q_{pj} = \sum_i w_{ji} o_{pi}",
    r"o_{pj} = f_j(q_{pj})",
    r"E_p = \frac12 \sum_j (t_{pj} - o_{pj})^2",
)
PATTERNS = (
    r"h_j^\mu = \sum_k w_{jk} \xi_k^\mu",
    r"V_j^\mu = g(h_j^\mu)",
    r"h_i^\mu = \sum_j W_{ij} V_j^\mu",
    r"O_i^\mu = g(h_i^\mu)",
    r"E[w] = \frac12 \sum_{\mu i} [\zeta_i^\mu - O_i^\mu]^2",
)


@pytest.mark.parametrize(
    ("definitions", "claim", "said"),
    [
        (EXAMPLES, r"\frac{\partial E_p}{\partial o_{pj}} = o_{pj} - t_{pj}", "proved"),
        (
            EXAMPLES,
            r"\frac{\partial E_p}{\partial w_{ji}} = \frac{\partial E_p}{\partial q_{pj}} o_{pi}",
            "proved",
        ),
        (EXAMPLES, r"\frac{\partial o_{pj}}{\partial q_{pj}} = f_j'(q_{pj})", "proved"),
        (EXAMPLES, r"\frac{\partial o_{pj}}{\partial q_{pj}} = f_i'(q_{pj})", "unreadable"),
        (EXAMPLES, r"\frac{\partial o_{pj}}{\partial q_{pj}} = f_j(q_{pj})", "refuted"),
        (
            PATTERNS,
            r"\frac{\partial E}{\partial W_{ij}} = -\sum_\mu [\zeta_i^\mu - O_i^\mu] g'(h_i^\mu) V_j^\mu",
            "proved",
        ),
        (
            PATTERNS,
            r"\frac{\partial E}{\partial W_{ij}} = -\sum_\mu [\zeta_i^\mu - O_i^\mu] V_j^\mu",
            "refuted",
        ),
        (
            PATTERNS,
            r"\frac{\partial E}{\partial W_{ij}} = -[\zeta_i^\mu - O_i^\mu] g'(h_i^\mu) V_j^\mu",
            "unreadable",
        ),
        (
            PATTERNS,
            (
                r"\frac{\partial E}{\partial w_{jk}}"
                r" = \sum_\mu \frac{\partial E}{\partial V_j^\mu} g'(h_j^\mu) \xi_k^\mu"
            ),
            "proved",
        ),
        (
            PATTERNS,
            (
                r"\frac{\partial E}{\partial w_{jk}}"
                r" = -\sum_{\mu i} [\zeta_i^\mu - O_i^\mu] g'(h_i^\mu) W_{ij} g'(h_j^\mu) \xi_k^\mu"
            ),
            "proved",
        ),
    ],
)
def test_the_letter_of_an_example_is_left_out(
    definitions: tuple[str, ...], claim: str, said: str
) -> None:
    """What has p or μ at all of its quantities is of one example; a sum over it is of all.

    What is of one on one side and of all on the other is not read.
    """
    assert last(*definitions, claim).verdict.value != "refuted" or said == "refuted"
    assert last(*definitions, claim).verdict.value == said


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (r"\frac{\partial E}{\partial w_j} = -\delta_j x_j", ["proved", "proved"]),
        (r"\frac{\partial E}{\partial w_j} = \delta_j x_j", ["refuted", "proved"]),
    ],
)
def test_what_is_named_behind_a_formula_counts_in_it(first: str, said: list[str]) -> None:
    """Before δ_j = −∂E/∂z_j a formula with −δ_j x_j is right, and one without minus is wrong."""
    net = (r"z_j = w_j x_j", r"y_j = \sigma(z_j)", r"E = \frac12 \sum_j (y_j - t_j)^2")
    claims = report(*net, first, r"\delta_j = -\frac{\partial E}{\partial z_j}").claims
    assert [claim.verdict.value for claim in claims] == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C}{\partial b^{(l)}} = -\delta^{(l)}", "proved"),
        (r"\frac{\partial C}{\partial b^{(l)}} = \delta^{(l)}", "refuted"),
        (BACK, "proved"),
    ],
)
def test_a_network_of_layers_has_the_delta_that_its_document_states(claim: str, said: str) -> None:
    """Where δ = −∂C/∂z stands, nothing is proved of the other δ, and nothing refuted by it."""
    minus = r"\delta^{(l)} = -\frac{\partial C}{\partial z^{(l)}}"
    assert [one.verdict.value for one in report(*LAYERS, minus, claim).claims] == ["proved", said]


def test_a_delta_whose_meaning_was_not_read_refutes_nothing() -> None:
    """δ_2 = U ∘ sgn(h) is not read: what δ_2 is, nobody knows in the formulas behind it."""
    net = (r"z = W x + b", r"h = \tanh(z)", r"\theta = U h", r"J = \frac12 \|\theta - y\|^2")
    claim = r"\frac{\partial J}{\partial x} = (\delta_2 W)^T"
    assert last(*net, r"\delta_2 = U \circ \mathrm{sgn}(h)", claim).verdict.value == "unreadable"


def test_a_delta_may_be_named_and_worked_out_at_once() -> None:
    """δ_1 = ∂J/∂θ = … gives a name to ∂J/∂θ, though δ_1 might be a number elsewhere."""
    net = (r"z = W x + b", r"h = \tanh(z)", r"\theta = U h", r"J = \frac12 \|\theta - y\|^2")
    named = r"\delta_1 = \frac{\partial J}{\partial \theta} = (\theta - y)^T"
    said = report(*net, named, r"\frac{\partial J}{\partial U} = \delta_1^T h^T")
    assert [claim.verdict.value for claim in said.claims] == ["proved", "proved"]
    turned = named.replace(r"\theta - y", r"y - \theta")
    assert last(*net, turned).verdict.value == "refuted"


def test_a_row_that_is_a_column_is_left_undecided() -> None:
    """Gradients that are rows on the way, and at the end as what they are taken by, are a habit."""
    net = (r"z = W x + b", r"h = \tanh(z)", r"J = \frac12 \|h - y\|^2")
    way = r"\frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} \frac{\partial z}{\partial x}"
    end = r" = (\frac{\partial J}{\partial z} W)^T"
    assert last(*net, way).verdict.value == "proved"
    assert last(*net, way + end).verdict.value == "undecided"
    assert last(*net, way + end.replace("W", "(W + W)")).verdict.value == "refuted"


GATED = (
    r"z_t = \sigma(W_z x_t + U_z h_{t-1})",
    r"\tilde h_t = \tanh(W_h x_t + U_h h_{t-1})",
    r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t",
    r"a_{z,t} = W_z x_t + U_z h_{t-1}, \qquad a_{h,t} = W_h x_t + U_h h_{t-1}",
    r"L = \frac12 \|h_T - y\|^2",
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (
            (
                r"\frac{\partial L}{\partial a_{z,t}}"
                r" = \frac{\partial L}{\partial z_t} \odot z_t \odot (1 - z_t)"
            ),
            "proved",
        ),
        (
            (
                r"\frac{\partial L}{\partial U_h}"
                r" = \sum_{t=1}^T \frac{\partial L}{\partial a_{h,t}} h_{t-1}^\top"
            ),
            "proved",
        ),
        (
            (
                r"\frac{\partial L}{\partial U_h}"
                r" = \sum_{t=1}^T \frac{\partial L}{\partial a_{h,t}} h_t^\top"
            ),
            "refuted",
        ),
        (r"\frac{\partial L}{\partial h_T} = h_T - y", "proved"),
    ],
)
def test_arguments_of_gates_may_have_names_that_are_given_later(claim: str, said: str) -> None:
    """a_{z,t} is what σ is applied to in z_t; h_T has as many entries as every h_t."""
    assert last(*GATED, claim).verdict.value == said


SCALED = (
    r"m = \frac1D \sum_{i=1}^D x_i",
    r"v = \frac1D \sum_{i=1}^D (x_i - m)^2",
    r"n_i = \frac{x_i - m}{\sqrt{v + 1}}",
    r"y_i = g_i n_i + b_i",
    r"s = \sqrt{v + 1}",
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial n_i} = \frac{\partial L}{\partial y_i} g_i", "proved"),
        (
            (
                r"\frac{\partial L}{\partial m}"
                r" = -\frac{1}{\sqrt{v + 1}} \sum_{j=1}^D \frac{\partial L}{\partial n_j}"
                r" - \frac{2}{D} \frac{\partial L}{\partial v} \sum_{j=1}^D (x_j - m)"
            ),
            "proved",
        ),
        (
            (
                r"\frac{\partial L}{\partial v} = -\frac{1}{2 (v + 1) s}"
                r" \sum_{j=1}^D \frac{\partial L}{\partial n_j} (x_j - m)"
            ),
            "proved",
        ),
        (
            (
                r"\frac{\partial L}{\partial v} = -\frac{1}{2 s}"
                r" \sum_{j=1}^D \frac{\partial L}{\partial n_j} (x_j - m)"
            ),
            "refuted",
        ),
    ],
)
def test_an_error_that_nothing_defines_depends_on_what_it_is_differentiated_by(
    claim: str, said: str
) -> None:
    """L depends on the y_i of ∂L/∂y_i, and not on a name s for a part; D counts, and is a number."""
    named = r"d_i = \frac{\partial L}{\partial y_i}"
    assert last(*SCALED, named, claim).verdict.value == said


def test_an_error_that_is_written_out_is_no_other_network() -> None:
    """E in terms of the inputs is a claim about E in terms of the outputs; the outputs remain."""
    net = (
        r"u_j = g(\sum_k w_{jk} x_k)",
        r"O_i = \sum_j W_{ij} u_j",
        r"E = \frac12 \sum_i (O_i - t_i)^2",
    )
    whole = r"E = \frac12 \sum_i (\sum_j W_{ij} g(\sum_k w_{jk} x_k) - t_i)^2"
    claim = r"\frac{\partial E}{\partial W_{ij}} = (O_i - t_i) u_j"
    assert last(*net, whole, claim).verdict.value == "proved"
    assert last(*net, whole, claim.replace("u_j", "x_j")).verdict.value != "proved"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ((r"\frac{\partial L}{\partial \mathbf{p}_0} = \mathbf{a}'[\mathbf{p}_0]"
         r" \odot \left(\mathbf{V}^T \frac{\partial L}{\partial \mathbf{p}_1}\right)"), "proved"),
        ((r"\frac{\partial L}{\partial \mathbf{p}_0} = \mathbf{a}'[\mathbf{p}_0]"
         r" \odot \left(\mathbf{V} \frac{\partial L}{\partial \mathbf{p}_1}\right)"), "refuted"),
    ],
)  # fmt: skip
def test_functions_may_have_square_brackets(claim: str, said: str) -> None:
    """𝐚[𝐩] is a function of 𝐩 where 𝐚 stands before a bracket wherever it stands."""
    net = (
        r"\mathbf{p}_0 = \mathbf{b} + \mathbf{W}\mathbf{x}",
        r"\mathbf{q} = \mathbf{a}[\mathbf{p}_0]",
        r"\mathbf{p}_1 = \mathbf{c} + \mathbf{V}\mathbf{q}",
    )
    assert last(*net, claim).verdict.value == said


def test_a_function_with_a_capital_may_have_a_matrix_of_derivatives() -> None:
    """Whether F'(Y) δ is entry by entry or a matrix with F' along its diagonal, it does not say."""
    net = (
        r"Y_n = W_n X_{n-1}",
        r"X_n = F(Y_n)",
        r"E = \frac12 \|D - X_N\|^2",
    )
    claim = r"\frac{\partial E}{\partial Y_n} = F'(Y_n) \frac{\partial E}{\partial X_n}"
    assert last(*net, claim).verdict.value == "unreadable"
    assert last(*net, claim.replace(") ", r") \odot ")).verdict.value == "proved"
