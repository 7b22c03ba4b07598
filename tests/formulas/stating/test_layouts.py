"""The layout of Jacobians is that of the whole document: no formula is right in another one."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.stating.test_judging import report

NET = (
    r"\mathbf{z} = W \mathbf{x} + \mathbf{b}",
    r"\mathbf{h} = \sigma(\mathbf{z})",
    r"\mathbf{y} = U \mathbf{h}",
    r"\ell = \frac12 \|\mathbf{y} - \mathbf{t}\|^2",
)
ONE = r"\frac{\partial \mathbf{y}}{\partial \mathbf{h}} = U"
OTHER = r"\frac{\partial \mathbf{z}}{\partial \mathbf{x}} = W^\top"
BOTH_FIT = r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}} = U \operatorname{diag}(\sigma'(\mathbf{z})) W"
"""Of these matrices some are square for some sizes, so that the shapes do not say the layout."""
TURNED = (
    r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}}"
    r" = W^\top \operatorname{diag}(\sigma'(\mathbf{z})) U^\top"
)


def verdicts(*claims: str, words: str = "") -> list[str]:
    """What is said of claims about the network above, with these words before them."""
    text = words + "".join(f"\n\n$$ {formula} $$" for formula in (*NET, *claims))
    return [claim.verdict.value for claim in check_document(None, text, "md", "a.md").claims]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ([ONE], ["proved"]),
        ([OTHER], ["proved"]),
        ([ONE, OTHER], ["undecided", "undecided"]),
        ([ONE, OTHER, BOTH_FIT], ["undecided", "undecided", "undecided"]),
        ([ONE, BOTH_FIT], ["proved", "proved"]),
        ([ONE, TURNED], ["proved", "undecided"]),
        ([OTHER, TURNED], ["proved", "proved"]),
        ([OTHER, BOTH_FIT.replace(" W", " U")], ["proved", "refuted"]),
    ],
)
def test_jacobians_lie_one_way_in_a_document(claims: list[str], said: list[str]) -> None:
    """What holds in the layout of most formulas is right; what holds in the other is undecided."""
    assert verdicts(*claims) == said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("We use the numerator layout.", ["proved", "undecided", "proved"]),
        ("All of it is in denominator layout.", ["undecided", "proved", "undecided"]),
        ("Numerator layout or denominator layout?", ["undecided", "undecided", "undecided"]),
    ],
)
def test_words_say_the_layout(words: str, said: list[str]) -> None:
    """Words about one layout decide it, whatever most formulas have."""
    assert verdicts(ONE, OTHER, BOTH_FIT, words=words) == said


def test_gradients_have_no_layout() -> None:
    """∂E/∂W as W lies, beside Jacobians in numerator layout, is as right as ever."""
    gradient = r"\frac{\partial \ell}{\partial W} = \frac{\partial \ell}{\partial \mathbf{z}} \mathbf{x}^\top"
    assert [claim.verdict.value for claim in report(*NET, ONE, gradient).claims] == ["proved"] * 2
