r"""Every number of a document, computed anew from the inputs that are printed in that document.

No number is passed over: what stands in a display, in a table or in a sentence is right to its last
digit, what is put into a formula has been printed before, and a number that nobody computes is a fault.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from derive import Model
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from tests.render.audit import DECIMAL, wrong_numbers
from tests.render.counts import wrong_counts
from tests.sample import sampled
from tests.shelf import written

OUTPUT = Path(__file__).parents[2] / "output"
MANY = ("16-32-16-8", "784-30-10")
"""Networks of which the numbers are too many to be printed."""
ALL = (*shipped(), "2-3-1", "relu-softmax", "recurrent", "lstm-2-2")
NAMES = sampled(ALL, {*ALL} - {"maxpool"})
LSTM = """# an LSTM of two units over two steps
f[t,j] = sig(w_f[j]*x[t] + sum(u_f[j,k]*h[t-1,k], k=1..2)), t=1..2, j=1..2
i[t,j] = sig(w_i[j]*x[t] + sum(u_i[j,k]*h[t-1,k], k=1..2)), t=1..2, j=1..2
o[t,j] = sig(w_o[j]*x[t] + sum(u_o[j,k]*h[t-1,k], k=1..2)), t=1..2, j=1..2
g[t,j] = tanh(w_g[j]*x[t] + sum(u_g[j,k]*h[t-1,k], k=1..2)), t=1..2, j=1..2
c[t,j] = f[t,j]*c[t-1,j] + i[t,j]*g[t,j], t=1..2, j=1..2
h[t,j] = o[t,j]*tanh(c[t,j]), t=1..2, j=1..2
E = sum(1/2*(target[j] - h[2,j])^2, j=1..2)
"""


def network_of(name: str) -> Network | System:
    """A shipped network, one beside the shown documents, sizes, or the LSTM of this file."""
    if name == "lstm-2-2":
        return System.from_text(LSTM, name)
    own = OUTPUT / f"{name}.toml"
    return read(own if own.exists() else name)


@cache
def document(name: str) -> str:
    return written(network_of(name), "markdown")


@cache
def model_of(name: str) -> Model:
    return Model.of(network_of(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_every_number_is_right_to_the_digits_that_are_shown(name: str) -> None:
    """Displays, tables and sentences; and what is used has been printed before."""
    seen, wrong = wrong_numbers(model_of(name), document(name))
    assert wrong == []
    assert seen > 15


@pytest.mark.parametrize("name", ["2-4-3-2", "mazur", "xor", "relu-softmax", *MANY])
def test_what_is_counted_is_counted_right(name: str) -> None:
    """Weights, multiplications, passes, paths."""
    assert wrong_counts(model_of(name), document(name)) == []


@pytest.mark.parametrize("name", MANY)
def test_no_number_is_printed_where_not_all_are(name: str) -> None:
    """What is given cannot be printed, and so nothing that is computed from it is."""
    text = re.sub(r"^#.*$", "", document(name), flags=re.MULTILINE)
    assert "too many to be printed" in " ".join(text.split())
    assert DECIMAL.findall(text) == []


def test_all_networks_that_come_with_the_program_are_tried() -> None:
    """Those with numbers here, and no other."""
    assert {p.values[0] for p in NAMES} >= set(shipped())


FAULTS = {
    "a digit of a value": (r"\\approx (-?0\.[0-9]+) *\\\\", "2-4-3-2"),
    "a digit that is put in": (r"\\approx \((0\.[0-9]+) - ", "2-4-3-2"),
    "a digit of a slope": (r"\| \$(0\.[0-9]+)\$ \|\n\| \$b_2", "2-4-3-2"),
    "a digit of a derivative": (r"out_\{a_1\}\$ \| \$(0\.[0-9]+)", "2-4-3-2"),
    "a digit after a step": (r"\| \$(0\.[0-9]+)\$ \|\n\| \$w_\{12\}", "2-4-3-2"),
    "a digit after ten steps": (r"\| 10 \| \$(0\.[0-9]+)", "2-4-3-2"),
    "a digit of the error": (r"takes the error from \$(0\.[0-9]+)", "2-4-3-2"),
    "a digit of a nudge": (r"computed anew, it changes by \$(-0\.[0-9]+)", "2-4-3-2"),
    "a digit of the fading": (r"of the size \$(0\.[0-9]+)", "2-4-3-2"),
    "a digit in a picture": (r"b₁ \((0\.[0-9]+)", "2-4-3-2"),
    "a digit of a δ in a picture": (r"b₁ \([0-9.]+, δ (0\.[0-9]+)", "2-4-3-2"),
    "an input": (r"x_2 & = (0\.[0-9]+)", "rnn"),
    "an input of the second example": (r"\| 2 \| \$(0\.2)", "relu-softmax"),
    "the error of the third": (r"\$(0\.[0-9]+)\$ \|\n\n## 5", "relu-softmax"),
    "the error of the batch": (r"of their errors, \$(0\.[0-9]+)", "relu-softmax"),
    "the answer of an exercise": (r"put in the numbers\. \(\$(0\.[0-9]+)", "2-4-3-2"),
    "the answer for a nudge": (r"Is the change about [^?]*\? \(\$(-0\.[0-9]+)", "2-4-3-2"),
    "what slopes come to": (r"together about \$(0\.[0-9]+)", "2-4-3-2"),
    "a derivative in the second example": (
        r"examples [^,]* is [^,]*, \$(0\.[0-9]+)",
        "relu-softmax",
    ),
    "a number of the law": (r"(0\.0000[0-9]+)", "layernorm"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    """One digit is another."""
    pattern, name = FAULTS[fault]
    text = document(name)
    found = re.search(pattern, text)
    assert found
    last = found.end(1) - 1
    other = f"{text[:last]}{(int(text[last]) + 1) % 10}{text[last + 1 :]}"
    assert wrong_numbers(model_of(name), other)[1]


def test_what_is_not_as_it_should_be_is_found() -> None:
    """= where ≈ has to stand; a number that no sentence knows; one that is printed nowhere."""
    text = document("2-4-3-2")
    assert wrong_numbers(model_of("2-4-3-2"), text.replace(r"\approx", "="))[1]
    assert wrong_numbers(model_of("2-4-3-2"), text + "\nIt is $0.123456$.\n")[1]
    assert wrong_numbers(
        model_of("2-4-3-2"), text.replace("target_{d_2} & = 0.28", "target_{d_2}")
    )[1]


def test_a_wrong_count_is_found() -> None:
    """A planted fault in what the way back costs."""
    text = document("2-4-3-2").replace("44 more", "45 more")
    assert len(wrong_counts(model_of("2-4-3-2"), text)) == 1
