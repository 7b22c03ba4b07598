"""Numbers of equations in Markdown, and the words before a formula."""

from __future__ import annotations

import pytest

from derive.checking.documents import find
from tests.formulas.documents.found import numbers, only, slice_at


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (r"$$x = 1 \tag{7}$$", "7"),
        (r"$$x = 1 \tag*{(7b)}$$", "7b"),
        (r"$x = 1 \tag{16}$", "16"),
        ("$$x = 1$$\n (1)", "1"),
        ("$$x = 1$$\n(2)\n\nmore", "2"),
        ("$$x = 1$$\n\n\n(2.4)\n", "2.4"),
        ("$$x = 1$$ (A.1)", "A.1"),
        ("$$x = 1$$, (4)", "4"),
        ("$$x = 1$$ {#eq-x}\n\n(4)", "4"),
        ("\\begin{equation}x = 1 \\quad (4)\\end{equation}", "4"),
        ("$$x = 1,$$\n\n$$(3)$$", "3"),
        ("$$x = 1$$\n\n$$\n\\tag{13}\n$$", "13"),
        ("$$x = 1$$\n\n$(3)$\n", "3"),
        ("$x = 1$\n(3a)\n", "3a"),
        ("$x = 1$ (3)\n", "3"),
        (r"$$x = 1 \qquad (12)$$", "12"),
        (r"$$x = 1 \qquad \text{(12)}$$", "12"),
        ("$$\nx = 1\n(5)\n$$", "5"),
        ("\\begin{align}x &= 1\\\\ &= 2\\tag{4}\\end{align}", "4"),
        ("```math\nx = 1 \\tag{8}\n```", "8"),
        ("\\begin{equation}x = 1\\end{equation}\n(9)", "9"),
        ("$$x = 1$$\n(3) is what follows", None),
        ("$$x = 1$$\nand (3)", None),
        ("$$x = y (3)$$", None),
        ("$$x = y +\n(3)$$", None),
        ("see $x = 1$ (3)", None),
        ("\\begin{equation}x = 1\\end{equation}", None),
    ],
)
def test_numbers_of_equations(source: str, number: str | None) -> None:
    """A number is a tag, or stands alone in brackets behind or below the formula."""
    assert only(source).number == number


def test_a_number_beside_a_formula_is_not_part_of_it() -> None:
    """A tag stays where it is, in the text; what merely stands beside does not."""
    assert only(r"$$x = 1 \tag{7}$$").text == r"x = 1 \tag{7}"
    assert only(r"$$x = 1 \qquad (12)$$").text == "x = 1"
    assert only("$$\nx = 1\n(5)\n$$").text == "x = 1"


def test_a_number_belongs_to_the_display_directly_before_it() -> None:
    """One that has a number keeps it, and one with words in between gets none."""
    assert numbers("$$x = 1 \\tag{1}$$\n\n$$(2)$$\n\n$$y$$") == ["1", None]
    assert numbers("$$x = 1$$\n\nso\n\n$$(2)$$") == [None]
    assert numbers("$$x = 1$$\n\n$$y = 2$$\n\n(2)") == [None, "2"]
    assert numbers("$$(2)$$\n\n$$y = 2$$") == [None]


def test_rows_with_tags_of_their_own_are_formulas_of_their_own() -> None:
    """An align with several tags is split where a numbered statement ends."""
    source = "$$\\begin{align}\na &= b \\tag{1}\\\\\n&= c \\\\\nd &= e \\tag{2}\n\\end{align}$$"
    first, second = find(source, "md")
    assert (first.text, first.number) == ("a &= b \\tag{1}\\\\\n&= c", "1")
    assert (second.text, second.number, second.line, second.column) == (
        "d &= e \\tag{2}",
        "2",
        4,
        1,
    )


NOTES = r"""
following the chain rule we get:

$$\frac{\partial E_{total}}{\partial w_{31}} = \frac{\partial E_{total}}{\partial out_{d1}}$$
 (1)

Because I had some trouble, we use $out_{d_1} = sig(net_{d_1})$ and $out_{d_2} = sig(net_{d_2})$. The index of w_{31} stays.

Putting it back together we get

$$E_{d_1} = \frac{1}{2} (target_{d_1} - sig(w_{31} * out_{c_1}))^2$$
 (2)

resulting in

$$(inner)*\frac{\partial inner}{\partial w_{31}}, \text{ mit } inner = target_{d_1} - sig(w_{31}*out_{c_1})$$

$$(3)$$

Now to get the first factor you could also derive the equation

$$E_{d_1} = \frac{1}{2}(target_{d_1} - out_{d_1})^2$$

hidden in equation (3), which results in

$$\frac{\partial inner}{\partial w_{31}} = -sig(net_{d_1}), \tag{4}$$

mit
$$net_{d_1} = w_{31} * out_{c_1}$$

In (4) we have

$$\frac{\partial out_{d_1}}{\partial net_{d_1}} = sig'(net_{d_1})$$

$$\tag{13}$$

$$\frac{\partial net_{d_1}}{\partial w_{31}} = out_{c_1}$$
(14)

by taking the example of w_{21}

 $\frac{\partial E_{total}}{\partial w_{2_1}} = \frac{\partial E_{d_1}}{\partial w_{2_1}} \tag{16}$

Starting with the first summand
"""


def test_notes_as_somebody_writes_them() -> None:
    """Numbers below, beside, in a display of their own and as tags, side by side in one text."""
    found = find(NOTES, "md")
    displayed = [formula.number for formula in found if formula.display]
    assert displayed == ["1", "2", "3", None, "4", None, "13", "14", "16"]
    assert [formula.text for formula in found if not formula.display] == [
        "out_{d_1} = sig(net_{d_1})",
        "out_{d_2} = sig(net_{d_2})",
    ]
    assert all(slice_at(NOTES, formula) == formula.text for formula in found)


def test_the_words_before_a_formula() -> None:
    """They reach back to the previous formula and its number, without tags, and not endlessly."""
    before = [formula.before for formula in find(NOTES, "md")]
    assert before[:3] == [
        "following the chain rule we get:",
        "Because I had some trouble, we use",
        "and",
    ]
    assert before[3].endswith("The index of w_31 stays. Putting it back together we get")
    assert before[7] == "mit"
    source = 'so\n\n<a id="eq-1"></a>\n\n$$x$$ ' + "long " * 99 + "word $y$"
    first, second = find(source, "md")
    assert first.before == "so"
    assert len(second.before) <= 80
    assert second.before.endswith("long word")
    assert only("Words.\n```\ncode\n```\nwhere $x$").before == "where"
