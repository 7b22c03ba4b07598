"""Formulas of MyST, reStructuredText, HTML and of environments, where authors write them."""

from __future__ import annotations

import pytest

from derive import check_document
from derive.checking.documents import find
from tests.formulas.documents.found import slice_at, texts

MYST = r"""Text

```{math}
:label: one
a = b
```

:::{math}
:label: two
c = d
:::

and {math}`e = f`, $`g = h`$, `$no = 1$`, \\[ i = j \\] and \\( k = l \\)

$$
m = n
$$ (three)
"""
RST = """Title
=====

.. math::
   :label: one

   a = b
     + c

   d = e

Text :math:`f = g` and ``:math:`no = 1``` and code::

   :math:`no = 2`

.. math:: h = i

.. code-block:: tex

   :math:`no = 3`

.. note::

   see :math:`j = k`
"""
HTML = r"""<!DOCTYPE html><html><!-- \(no = 1\) -->
<p>A \(a = b\), $$c &lt; d &amp;= e$$, \[f=g\]</p>
<script type="math/tex; mode=display">h = i</script><script>x = "\(no = 2\)"</script>
<math display="block"><semantics><mi>x</mi>
<annotation encoding="application/x-tex">j &lt; k</annotation></semantics></math>
<code>\(no = 3\)</code> \begin{align} l &amp;= m \end{align}</html>"""


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (MYST, "md", ["a = b", "c = d", "e = f", "g = h", "i = j", "k = l", "m = n"]),
        (RST, "rst", ["a = b\n     + c", "d = e", "f = g", "h = i", "j = k"]),
        (HTML, "html", ["a = b", "c <    d &    = e", "f=g", "h = i", "j <    k", "l &    = m"]),
    ],
    ids=["myst", "rst", "html"],
)
def test_formulas_of_a_format(text: str, kind: str, expected: list[str]) -> None:
    """Every one is found, and none in code, comments and scripts."""
    assert texts(text, kind) == expected


@pytest.mark.parametrize(("text", "kind"), [(MYST, "md"), (RST, "rst")], ids=["myst", "rst"])
def test_a_formula_stands_where_it_is_said_to(text: str, kind: str) -> None:
    """Line and column lead to it."""
    assert all(slice_at(text, found) == found.text for found in find(text, kind))


def verdicts(text: str, kind: str = "tex") -> list[str]:
    """The verdicts on all claims of a document about 2-4-3-2."""
    return [claim.verdict.value for claim in check_document("2-4-3-2", text, kind).claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            r"\begin{eqnarray} w_{31} &=& w_{31} \\ w_{32} &=& 2 w_{32} \end{eqnarray}",
            ["proved", "refuted"],
        ),
        (
            r"\begin{eqnarray*} \delta_{d_1} &=& w_{31} + \delta_{d_1} \\ && - w_{31} \\ &=& \delta_{d_1} \end{eqnarray*}",
            ["proved"],
        ),
        (
            r"\begin{multline} net_{d_1} = w_{31} out_{c_1} + w_{32} out_{c_2} \\ + w_{33} out_{c_3} \end{multline}",
            ["proved"],
        ),
        (r"\begin{alignat}{2} w_{31} &= w_{31} &\quad w_{32} &= w_{31} \end{alignat}", ["refuted"]),
        (r"\begin{flalign} w_{31} &= w_{31} & \end{flalign}", ["proved"]),
        (r"\[\begin{gathered} w_{31} = w_{31} \\ w_{32} = 5 w_{32} \end{gathered}\]", ["refuted"]),
        (
            r"\[\begin{split} \foo{w_{32}} &= w_{32} \\ w_{33} &= 2 w_{33} \end{split}\]",
            ["refuted"],
        ),
        (
            r"\[\begin{aligned} w_{32} &= w_{32} \text{ if it rains} \\ w_{33} &= 2 w_{33} \end{aligned}\]",
            ["refuted"],
        ),
        (
            r"\[\begin{aligned} w_{32} &= w_{32} \text{ if it rains} \\ &= 2 w_{32} \end{aligned}\]",
            ["unreadable"],
        ),
        (
            r"\[\begin{aligned} \text{it is wrong that} \\ w_{33} &= 2 w_{33} \end{aligned}\]",
            ["unreadable"],
        ),
    ],
)
def test_every_row_of_a_display_stands_for_itself(text: str, expected: list[str]) -> None:
    """What is not read in one row leaves the others; but a row that goes on belongs to its claim."""
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "E = mc^2",
        "f(x) = x^2",
        r"\sigma'(z) \approx 0",
        r"w_{31} \neq 0",
        r"out_{d_1} \to 1",
        r"i = 1, \dots, n",
        r"\foo w_{31}",
        "t_2 = 1 - t_1",
        r"\frac{\partial net_{d_1}}{\partial w_{31}}",
        r"\nabla_h L",
        r"\pdv{E}{w_{31}} \stackrel{!}{=} 0",
    ],
)
def test_what_claims_nothing_about_the_network_is_no_finding(formula: str) -> None:
    """Other things' formulas, other functions, side remarks, bare expressions and demands."""
    report = check_document("2-4-3-2", f"${formula}$", "md", "a.md")
    assert not report.claims
    assert report.status == 3


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial\mathcal{L}}{\partial\mathbf{V}^{(2)}} = \mathbf{q}^{(7)} x^\top",
        r"\frac{\partial L}{\partial z} = 3",
        r"\nabla_{h} L = V^\top x",
        r"\boldsymbol\delta^{(7)} = x y",
        r"\boxed{\frac{∂f}{∂x_i} = g}",
        "dL/dz = y - t",
    ],
)
def test_what_looks_like_a_claim_about_a_derivative_is_never_passed_over(formula: str) -> None:
    """Where nobody knows of what it speaks, it is unreadable and says why."""
    (claim,) = check_document("2-4-3-2", f"$${formula}$$", "md").claims
    assert claim.verdict.value == "unreadable"
    assert claim.findings


def test_silence_on_a_derivative_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check that notices it, the claim would be passed over."""
    monkeypatch.setattr("derive.checking.judge.noticed", lambda statement, ruling, text: ruling)
    assert not check_document("2-4-3-2", "$dL/dz = y - t$", "md").claims
