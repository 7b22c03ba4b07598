"""The oracle itself: what it calls true, false, unread and unsure, and that it stands alone."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.formulas.edges.benches import bench
from tests.formulas.edges.equations import equations
from tests.formulas.edges.networks import Network
from tests.formulas.edges.oracle import Answer, Oracle
from tests.formulas.edges.values import REAL, Point

ALONE = (
    "meaning",
    "networks",
    "layers",
    "equations",
    "layout",
    "roots",
    "tokens",
    "naming",
    "parser",
    "values",
    "oracle",
)

TRUE = {
    "2-4-3-2": (
        r"\frac{\partial E_{total}}{\partial w_{31}} = (out_{d_1} - target_{d_1}) \cdot out_{d_1} (1 - out_{d_1}) out_{c_1}",
        "dE_total/dw21 = delta_c1*out_b1",
        "∂E/∂w₃₁ = δ_d1 · out_c₁",
        r"\delta_{c_1} = (\delta_{d_1} w_{31} + \delta_{d_2} w_{34}) out_{c_1} (1 - out_{c_1})",
        r"w_{31}^{+} = w_{31} - \eta \frac{\partial E_{total}}{\partial w_{31}}",
        r"\sqrt{out_{d_1}^2} = out_{d_1}",
        "(w31^{0.5})^2 = w31",
        r"\sqrt{(out_{d_1} - 1)^2} = 1 - out_{d_1}",
        r"\begin{aligned} net_{d_1} &= w_{31} out_{c_1} + w_{32} out_{c_2} \\ & \quad {} + w_{33} out_{c_3} \end{aligned} \tag{3}",
        r"out_{d_1} = \frac{1}{1 + e^{-net_{d_1}}}, \qquad out_{d_2} = \sigma(net_{d_2}).",
        r"w_{\,31} = w_{3\,1}",
        r"\frac{\partial out_{d_1}}{\partial net_{d_1}} = \mathrm{sig}'(net_{d_1}) = out_{d_1} - out_{d_1}^2",
        "∂E_d2/∂w31 = 0",
        "∂net_d1/∂out_c1 = w31",
        "1.0*w31 = w31",
        r"w_{31} =& w_{32} - w_{32} + w_{31}",
        r"out_{d_1} - \textcolor{#C2410C}{out_{d_1}^2} = out_{d_1} \cdot (1 - \textcolor{#15803D}{out_{d_1}})",
        r"\frac{\partial (w_{31} out_{c_1} + w_{3x} out_{c_2})}{\partial w_{31}} = out_{c_1}",
    ),
    "xor": (
        r"\begin{aligned} \frac{\partial E_{c_1}}{\partial w_{21}} &= \mathrm{inner} \cdot \frac{\partial \mathrm{inner}}{\partial w_{21}} \\ \mathrm{inner} &= target_{c_1} - out_{c_1} \end{aligned}",
        "E_total = 0.5*gap^2, gap = out_c1 - target_c1",
    ),
    "mazur": (
        "dE_total/dw5 = (out_o1 - target_o1)*out_o1*(1 - out_o1)*out_h1",
        r"net_{h1} = w_1 * i_1 + w_2 * i_2 + b_1 * 1",
    ),
    "2-3-2 indexed": (r"a^3_1 = \sigma(z^3_1)", r"(a^3_1)^2 = a^3_1 a^3_1", "z2_1 = w2_1_1*a1_1 + w2_1_2*a1_2 + b2_1"),
    "rnn": ("∂E/∂u = ∂E/∂net_1·h_0 + ∂E/∂net_2·h_1 + ∂E/∂net_3·h_2", "dE/dv = (out - target)*h_3"),
    "softmax": (r"\frac{\partial E}{\partial z_1} = p_1 - target_1", "target_1 + target_2 + target_3 = 1"),
    "lstm": ("c = f*c_0 + i*g", "dE/dc = (h - target)*o*(1 - tanh(c)^2)"),
}  # fmt: skip

FALSE = {
    "2-4-3-2": (
        r"\sqrt{out_{d_1}^2} = -out_{d_1}",
        "(w32^2)^(1/2) = w32",
        "(w32^2)^(1/2) = -w32",
        "sqrt(9) = -3",
        r"\textstyle.5 w_{31} = 5 w_{31}",
        "w31 = w_{x}",
        r"\delta_{c_1} = (\delta_{d_1} w_{3x} + \delta_{d_2} w_{3x}) out_{c_1} (1 - out_{c_1})",
        "w31 = 1.001*w31",
        "w31 = 0.97*w32",
        r"w_{31} = \textcolor{#C2410C}{w_{32}}",
        r"w_{\,31} = w_{3\,2}",
        "w31 = w31 + 0.0000000001",
        r"\begin{aligned} w_{31} &= w_{31} \\ w_{32} &= w_{33} \end{aligned}",
        "∂E/∂w11 = δ_d1·out_c1",
        "w31 = w31 = w32",
    ),
    "mazur": ("out_h1 = 1.0*out_h2", "out_o1 = 0.97*out_o2", "out_h1 = out_h2 + 0.0", "out_o1 = 5"),
    "xor": (
        "E_total = 0.5*(target_c1 + out_c1)^2",
        "E_total = 0.5*gap^2, gap = out_c1 + target_c1",
        "E_total = gap^2, gap = out_c1 - target_c1",
    ),
    "layernorm": (r"y_1 = -w_1 \cdot \frac{x_1 - mean}{\sqrt{var + 0.00001}} + b_1",),
    "2-2-1 relu": (r"net_{c_1} = \mathrm{relu}(net_{c_1})",),
    "rnn": ("dE/du = dE/dnet_2*h_1 + dE/dnet_3*h_2",),
}  # fmt: skip

UNREAD = {
    "2-4-3-2": (
        r"w_{31} = w_{31} \text{ times } 5", r"\text{It is wrong that } w_{31} = w_{31}", "w31 = w31, 5",
        r"w31 = w31;\ + 5", r"w31 = w31 \\ 5", r"w31 = w31 \Rightarrow 5", "w31!",
        "w31 = w31!", "w31", "w31 =", "= w31", "w31 == w31", "w31 3!! = w31", r"w_{31} \quad .5 = w_{31}",
         "3.5.2*w31 = w31", "1 000*w31 = w31", "w__31 = w31", "w31 = w40",
        "(w31 = w31", "(w31] = w31", "w31 = w31)", "sig^{-1}(out_d1) = net_d1", "sig = sig", "w31' = w31",
        r"\left. w31 = w31", "(w31 & + 0) = w31", "w31 & 5 = w31", "w31^w32 = w31^w32", "5, w31 = w31",
        r"\begin{aligne} w31 = w31 \end{aligne}", r"w31 = w31 \end{aligned}", "w31 # = w31", "|w31| = w31",
        r"w_{31} = \textcolor{#C2410C} w_{31}", r"w_{31} \textcolor{#C2410C}{=} w_{31}",
        r"\begin{aligned} w31 / w32 \\ w33 &= w33 \end{aligned}", "w31 < w31", "out_{,d_1} = out_{d_1}",
        r"\sum_k w_{31} = w_{31}", "w31 = w31 \u202e", r"w31 = w31 % + 5", "w31 (= w31)", "w31 ,= w31",
    ),
}  # fmt: skip

SPLIT = {
    "2-4-3-2": (
        r"\ln out_{d_1}^2 = (\ln out_{d_1})^2",
        r"\ln out_{d_1}^2 = 2 \ln out_{d_1}",
        r"\ln out_{d_1} out_{d_2} = out_{d_2} \ln out_{d_1}",
        "sig net_{d_1}^2 = out_{d_1}^2",
        r"\sigma net_{d_1} out_{c_1} = out_{d_1} out_{c_1}",
    ),
}

UNSURE = {
    "2-4-3-2": (
        r"2 \textcolor{#C2410C}{w_{31} + w_{32}} = 2 w_{31} + 2 w_{32}", r"w_{31} = \textcolor{dull}{w_{31}}",
        "w31 ≡ w31", r"w_{31} \div 1 = w_{31}", "where w31 = w31", "w31 & = & w31", r"w31 = w31 \qquad w32 = w32", "delta_d1*out_c1", r"\therefore w31 = w31", "--w31 = w31",
"w31/2 w32 = w31*w32/2",
        "out_{d_1}(net_{d_1}) = out_{d_1}", "2{w31 + w32} = 2 w31 + 2 w32", "1/(w31 - w31) = 5",
        r"net_{d_1} = w_{31} out_{c_1} + w_{xx} out_{c_2} + w_{xx} out_{c_3}", "w31 2 = 2 w31",
        r"\frac{\partial net_{d_1} w_{31}}{\partial w_{31}} = out_{c_1} w_{31}", "w31^99 = w31^99",
        r"w_{31} = \mathbf{1} w_{31}", "w31 += w31", r"2 w_{31} = 2&\times w_{31} = w_{31} + w_{31}",
        "2 w31 = 2 ·&w31 = w31 + w31", "sig'^2(net_d1) = sig'^2(net_d1)",
    ),
    "xor": ("net_b1 = w11*1 + w12*1 + bias_b1",),
    "rnn": ("2*vu = 2*v*u",),
    "softmax": (r"\frac{\partial E}{\partial w_{1,2}} = (p_1 - target_1) \cdot 2",),
    "mazur": ("dE_total/dw5 = 0.0822", "w5^+ = w5 - 0.5*dE_total/dw5"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "answer"),
    [
        (TRUE, Answer.TRUE),
        (FALSE, Answer.FALSE),
        (UNREAD, Answer.UNREAD),
        (SPLIT, Answer.SPLIT),
        (UNSURE, Answer.UNSURE),
    ],
    ids=lambda value: value.value if isinstance(value, Answer) else "",
)
def test_answers(table: dict[str, tuple[str, ...]], answer: Answer) -> None:
    """Each formula of the table gets the answer it is listed under."""
    for network, texts in table.items():
        for text in texts:
            said = bench(network).oracle.ask(text)
            assert said.answer is answer, (network, text, said)


@pytest.mark.parametrize("module", ALONE)
def test_the_oracle_shares_no_code_with_the_program(module: str) -> None:
    """Its modules import the standard library, mpmath and one another, and nothing else."""
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            own = name.removeprefix("tests.formulas.edges.")
            assert name.partition(".")[0] != "derive", name
            assert not name.startswith("tests") or own in ALONE, name


def test_slopes_are_those_of_differences() -> None:
    """The oracle's dual numbers agree with difference quotients of its own values."""
    for name in ("2-4-3-2", "softmax", "lstm", "attention"):
        network = bench(name).oracle.network
        point = Point(network, 5)
        step = REAL.mpf(10) ** -25
        for by in list(network.given)[:6]:
            if by in network.conditions:
                continue
            slope = point.slopes(by).get(network.total, REAL.mpf(0))
            ends = [_total_at(network, point, by, sign * step) for sign in (1, -1)]
            assert abs((ends[0] - ends[1]) / (2 * step) - slope) < REAL.mpf(10) ** -30, (name, by)


def _total_at(network: Network, point: Point, by: str, step: Any) -> Any:
    moved = Point(network, 5)
    moved.values[by] = point.values[by] + step
    for quantity, meaning in network.definitions.items():
        moved.values[quantity] = moved.value(meaning)
    return moved.values[network.total]


def test_a_network_of_equations() -> None:
    """Families, sums, conditions and numbers are written out; the total is what nothing uses."""
    text = "z[j] = sum(w[j,i]*x[i], i=1..2), j=1..2\nE = 1/2*(z[1] - z[2])^2\nnumbers: x = [1, 2]"
    network = equations("small", text)
    assert network.total == "E"
    assert list(network.definitions)[-1] == "E"
    assert network.weights == {"w[1,1]", "w[1,2]", "w[2,1]", "w[2,2]"}
    assert network.numbers == {"x[1]": 1, "x[2]": 2}
    assert Oracle(network).ask("z_2 = w_{2,1} x_1 + w_{22} x_2").answer is Answer.TRUE
    assert Oracle(network).ask("z_2 = w_{1,2} x_1 + w_{2,2} x_2").answer is Answer.FALSE
