"""What is said of an equation file that cannot be used: one clear line, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import InputError, Model, derive
from derive.emit.text import Text
from derive.networks.equations.system import System
from derive.notes.compose import compose
from tests.work import MOST_CALLS, limited

BAD = [
    # Circles, names twice, names never used.
    ("y = w*x\ny = w*z\nE = y", "test:2: y is defined twice; first in line 1"),
    (
        "net[j] = w*x[j], j=1..2\nnet[2] = 3\nE = net[1]*net[2]",
        "test:2: net[2] is defined twice; first in line 1",
    ),
    ("a = w*b\nb = a + x\nE = a", "test:1: the definitions go round in a circle: a ← b ← a"),
    ("x = 1\ny = w*y\nE = y*x", "test:2: the definitions go round in a circle: y ← y"),
    ("y = w*x\nz = 2*x\nE = y^2", "test:2: z is never used; only the error, E, may be the end"),
    ("E = y^2\ny = w*x\nz = 2*x", "test:1: E is never used; only the error, z, may be the end"),
    ("error: z\ny = w*x\nE = y^2", "test:1: error: the name of one quantity is expected"),
    ("error: y\ny = w*x\nE = y^2", "test:1: error: the name of one quantity is expected"),
    # Indices.
    ("y = w*x[j]\nE = y", "test:1: the index j has no range; add j=1..3"),
    ("y = w*x[1.5]\nE = y", "test:1: an index like j, j+1 or 3 is expected: '1.5'"),
    ("y = w*x[]\nE = y", "test:1: an index like j, j+1 or 3 is expected: ''"),
    ("y = w*x[1 2]\nE = y", "test:1: an index like j, j+1 or 3 is expected: '1 2'"),
    ("y = w*x[1-3]\nE = y", "test:1: x[1-3] has the index -2; indices count from 0"),
    (
        "y[t] = w*x[t-2], t=1..3\nE = y[1]",
        "test:1: x[t-2] has the index -1 for t = 1; indices count from 0",
    ),
    (
        "h[t] = w*h[t-1], t=1..3\nE = h[4]",
        "test:2: h[4] is out of range: h is defined from h[1] to h[3]; if it is given, list",
    ),
    (
        "inputs: x[1..4], t\nnet[i] = w*x[i+1], i=1..4\nE = net[1] + net[2] + net[3] + net[4] - t",
        "test:2: x[5] is out of the range x[1..4] of the inputs in line 1",
    ),
    ("inputs: x\ny = w*z\nE = y*x", "test:2: z is neither defined nor among the inputs in line 1"),
    ("inputs: x, q\nE = w*x", "test:1: inputs: q is never used"),
    ("inputs: x, y\ny = w*x\nE = y", "test:1: inputs: y is defined in line 2"),
    ("inputs: x[3..1]\nE = w*x[1]", "test:1: inputs: the range 3..1 is empty"),
    ("inputs: x y\nE = w*x", "test:1: inputs: a name like x, x[2] or x[1..3] is expected: 'x y'"),
    # Ranges and sums.
    ("y[j] = w*x[j], j=1..\nE = y[1]", "test:1: a range like j=1..3 is expected behind the comma"),
    ("y[j] = w*x[j], j=1..2, j=1..2\nE = y[1]", "test:1: the index j has two ranges"),
    (
        "y = w*x[j], j=1..2\nE = y",
        "test:1: the index j has a range, but does not stand left of '='; write y[j] = …",
    ),
    ("y[j] = w*x[j], j=3..1\nE = y[1]", "test:1: the range j=3..1 is empty"),
    ("y = sum(w*x)\nE = y", "test:1: write a sum as sum(w[i]*x[i], i=1..3)"),
    ("y = sum()\nE = y", "test:1: write a sum as sum(w[i]*x[i], i=1..3)"),
    ("y = sum(w[i], i=3..1)\nE = y", "test:1: the range i=3..1 is empty"),
    (
        "y[i] = sum(w*x[i], i=1..2), i=1..2\nE = y[1]*y[2]",
        "test:1: the index i of the sum already has a range; take another letter",
    ),
    # Functions, brackets, signs.
    (
        "y = tanhh(w*x)\nE = y",
        "test:1: there is no function tanhh (did you mean 'tanh'?); known are sig, tanh, relu,",
    ),
    ("y = foo(w*x)\nE = y", "and a product is written foo*(…)"),
    ("y = w*x)\nE = y", "test:1: the bracket ) closes nothing: y = w*x)"),
    ("y = w*x[1)\nE = y", "test:1: the bracket ) closes nothing; [ is still open"),
    ("y = (w*x", "test:1: the bracket ( is never closed"),
    (
        "z = 1\ny = (w*x\n\nE = y*z",
        "test:2: the bracket ( is not closed before the next equation, in line 4",
    ),
    ("y = w*\nE = y", "test:1: "),
    ("y = w*x = 3\nE = y", "test:1: there is a second '='"),
    ("y == w*x\nE = y", "test:1: write a single '=', as in y = w*x"),
    ("y =\nE = w*y", "test:1: nothing stands behind '='"),
    ("hello", "test:1: an equation 'name = …' is expected: 'hello'"),
    ("y = w*x/0\nE = y", "test:1: a division by 0"),
    ("y = w*0^(-1)\nE = y", "test:1: a division by 0"),
    ("y = w'*x\nE = y", "test:1: a prime has no meaning in a definition"),
    ("y = ∂w/∂x\nE = y", "test:1: a derivative cannot stand in a definition"),
    ("y = w/∂x\nE = y", "test:1: ∂ stands in one part of this fraction only"),
    ("y = Σ_{i=1}^{2} w*x\nE = y", "test:1: dots and Σ are not read here; write sum(…, i=1..3)"),
    ("y = w + … + x\nE = y", "test:1: dots and Σ are not read here; write sum(…, i=1..3)"),
    (
        "y = w*\\begin{cases}x & x \\ge 0 \\\\ z & x < 0\\end{cases}\nE = y",
        "test:1: vectors, matrices and cases are not read here",
    ),
    ("y = w*\\mathbf{x}^2\nE = y", "test:1: vectors, matrices and cases are not read here"),
    ("y = w*%x\nE = y", "test:1: '%' has no meaning here"),
    ("y = w*1e400\nE = y", "test:1: a number of more than 100 digits"),
    # Names.
    ("2*y = w*x\nE = y", "test:1: a name is expected left of '=', of letters, digits and '_'"),
    ("y$ = w*x\nE = y", "net[j]: 'y$'"),
    ("y_{\\x} = w*x\nE = y", "test:1: a name is expected left of '='"),
    ("tanh = w*x\nE = tanh", "test:1: tanh is a function; take another name"),
    ("sum = w*x\nE = sum", "test:1: sum is a function; take another name"),
    ("e = w*x\nE = e", "test:1: e is Euler's number; take another name"),
    ("y = w*eta\nE = y", "test:1: eta is the learning rate; take another name"),
    (
        "h_next = w*x\nE = h_next",
        "test:1: h_next means h after a step of gradient descent; take another name",
    ),
    # Weights, numbers, other lines.
    ("E = x^2", "test: none of x is a weight; say which are, in a line like 'weights: x'"),
    ("E = 3", "test: no weight stands in these equations"),
    ("weights: w\nw = 2*x\nE = w*u", "test:1: weights: w is defined in line 2"),
    ("weights: c, w\nE = w*x", "test:1: weights: c is never used"),
    ("weights: w\nweights: x\nE = w*x", "test:2: 'weights:' stands in line 1 already"),
    ("weigths: w\nE = w*x", "test:1: there is no 'weigths:' (did you mean 'weights'?); known are"),
    ("title:\nE = w*x", "test:1: nothing stands behind 'title:'"),
    ("numbers: q = 1\nE = w*x", "test:1: numbers: 'q' is no input or weight of these equations"),
    ("numbers: x = one\nE = w*x", "test:1: numbers: expected 'name = number'"),
    ("numbers: x\nE = w*x", "test:1: numbers: expected 'name = number': 'x'"),
    ("numbers: x = nan, w = 1\nE = w*x", "test:1: numbers: expected 'name = number', a finite one"),
    ("numbers: x = 1e999, w = 1\nE = w*x", "a finite one: 'x = 1e999'"),
    ("numbers: x = 1, x = 2\nE = w*x", "test:1: numbers: x has a number already"),
    ("E = w*x\nnumbers: x = 1", "test:2: numbers: w has none; give all of them, or no numbers"),
    ("numbers: x = [1, NaN], w = 1\nE = w*x[1]*x[2]", "of finite numbers: 'x = [1, NaN]'"),
    ("numbers: x = [], w = 1\nE = w*x[1]", "expected a list like x = [0.05, 0.10]"),
    ("rate: fast\nE = w*x", "test:1: rate: expected a number like 0.5: 'fast'"),
    ("rate: nan\nE = w*x", "test:1: rate: expected a number like 0.5: 'nan'"),
    ("", "test: there is no equation in it; write for example y = w*x"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_bad_file_is_one_clear_line_with_its_place(text: str, said: str) -> None:
    """The line's number, the name, and what would do."""
    with pytest.raises(InputError) as error:
        System.from_text(text, "test")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


HOSTILE = {
    "a huge family": "y[i] = w*x[i], i=1..100000000000\nE = y[1]",
    "a range of thousands of digits": f"y[i] = w*x[i], i=1..{'9' * 5000}\nE = y[1]",
    "a huge sum": "E = sum(w*x[i], i=1..100000000000)",
    "sums in sums": "E = sum(sum(sum(w*x[i,j,k], i=1..999), j=1..999), k=1..999)",
    "many sums": "y[n] = sum(w*x[i], i=1..3000), n=1..3000\nE = sum(y[n], n=1..3000)",
    "brackets": f"E = {'(' * 9000}w{')' * 9000}",
    "open brackets": "E = " + "(" * 10_000,
    "open brackets, a line each": "E = " + "(\n" * 10_000,
    "closing brackets": "E = w" + ")" * 10_000,
    "nested sums": f"E = {'sum(' * 300}w{', i=1..1)' * 300}",
    "minus signs": f"E = {'-' * 9000}w",
    "powers": f"E = w{'^2' * 5000}",
    "a power": "E = w^999999999999",
    "a tower": "E = w*9^9^9^9^9",
    "NUL": "y = w*x\0\nE = y",
    "NUL in a name": "y\0 = w*x\nE = y",
    "control characters": "y = w*x\x1b[31m\nE = y",
    "right to left": "y = w*\u202ex\nE = y",
    "a long line": f"E = {'w*x + ' * 150_000}x",
    "a long file": "x = 1\n" * 200_000,
    "a long name": "y" * 900_000 + " = w*x",
    "a long name on the right": "E = w*" + "x" * 15_000,
    "a long list of numbers": f"numbers: x = {'[' * 15_000}\nE = w*x",
    "nested numbers": f"numbers: x = {'[' * 30}1{']' * 30}, w = 1\nE = w*x",
    "many equations": "\n".join(f"y_{i} = w*x" for i in range(50_000)),
    "LaTeX": "\\input{/etc/passwd} = w*x",
    "LaTeX on the right": "E = w*\\input{x}",
    "Jinja": "{{ y }} = w*x",
    "Python": "E = __import__('os').system('w')",
    "a long circle": "\n".join(f"y_{i} = w*y_{(i + 1) % 4000}" for i in range(4000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_at_once(text: str) -> None:
    """With 60 million calls at most, in one line of reasonable length."""
    with limited(MOST_CALLS), pytest.raises(InputError) as error:
        System.from_text(text, "test")
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E = sqrt(-w^2)", "no value at any point"),
        ("E = w/(x - x)", "no value at any point: a division by 0"),
        ("E = ln(-w*w)", "numbers: E has no value, as a logarithm .*; other numbers"),
        ("E = exp(1000 + w)", "numbers: E is inf; smaller weights or other numbers keep it finite"),
    ],
)
def test_equations_without_a_value_are_refused(text: str, said: str) -> None:
    """What can be read but not computed is said when it is computed."""
    with pytest.raises(InputError, match=said):
        compose(System.from_text(text, "test"))


def first(system: System) -> str:
    """The first definition, in plain text."""
    model = Model.of(system)
    return Text(model).inline(next(iter(model.definitions.values())))


def test_an_initial_value_is_no_index_out_of_range() -> None:
    """h[0] of h[t] = … h[t-1], t=1..3 is given, and so is g[4] where the inputs are listed."""
    rnn = System.from_text("h[t] = w*h[t-1], t=1..3\nE = h[3]", "test")
    assert rnn.inputs == ["h_0"]
    backward = System.from_text("inputs: g[4]\ng[t] = w*g[t+1], t=1..3\nE = g[1]", "test")
    assert backward.inputs == ["g_4"]


def test_an_index_may_be_a_sum_of_letters_and_numbers() -> None:
    """The places that a kernel and a pooling window look at: x[i+k-1], y[2*i-1]."""
    system = System.from_text(
        "y[i] = sum(w[k]*x[i+k-1], k=1..2), i=1..2\nE = sum(y[2*n-1] - y[2n], n=1..1)", "test"
    )
    model = Model.of(system)
    assert [Text(model).inline(formula) for formula in model.definitions.values()] == [
        "w_1 · x_1 + w_2 · x_2",
        "w_1 · x_2 + w_2 · x_3",
        "y_1 − y_2",
    ]


def test_a_line_goes_on_where_the_next_begins_with_a_sign() -> None:
    """Also behind an empty line or a comment; its number in messages is that of its beginning."""
    system = System.from_text("y = w*x  # first\n\n  + v*z\n  - b\nE = y", "test")
    assert first(system) == "w · x + v · z − b"
    with pytest.raises(InputError, match="test:2: '%'"):
        System.from_text("y = w\nE = y\n  + %", "test")


def test_lists_give_numbers_to_families() -> None:
    """A list [1, 2] for x is x[1] = 1, x[2] = 2; a list of lists is for two indices."""
    system = System.from_text(
        "numbers: x = [1, 2], t = 5\nnumbers: w = [[0.1, 0.2],\n  [0.3, -4e-1]]\n"
        "y[j] = sum(w[j,i]*x[i], i=1..2), j=1..2\nE = (t - y[1]*y[2])^2",
        "test",
    )
    assert system.numbers == {
        "x_1": 1.0,
        "x_2": 2.0,
        "t": 5.0,
        "w_1_1": 0.1,
        "w_1_2": 0.2,
        "w_2_1": 0.3,
        "w_2_2": -0.4,
    }


def test_members_of_a_family_stand_in_the_order_of_their_indices() -> None:
    """However late x[2] is used, it stands between x[1] and x[3]; w[10] behind w[9]."""
    system = System.from_text("E = w[10]*x[3] + w[9]*x[1] + b + w[2]*x[2]", "test")
    assert system.weights == ["w_2", "w_9", "w_10", "b"]
    assert system.inputs == ["x_1", "x_2", "x_3"]


def test_a_family_may_have_a_name_that_ends_in_a_number() -> None:
    """`weights: a1` lists a1[1], a1[2] and a1 itself; `a1[2]` lists the second alone."""
    text = "weights: {}\nE = sum(a1[k]*x[k], k=1..2)"
    assert System.from_text(text.format("a1"), "test").weights == ["a_1_1", "a_1_2"]
    assert System.from_text(text.format("a1[2]"), "test").weights == ["a_1_2"]


ORDERS = {
    "a recurrence": (
        "h[0] = w*x\nnet[t] = u*h[t-1], t=1..2\nh[t] = tanh(net[t]), t=1..2\nE = h[2]^2",
        "h_0 net_1 h_1 net_2 h_2 E",
    ),
    "stated from behind": (
        "E = h[2]^2\nh[t] = tanh(net[t]), t=1..2\nnet[t] = w*h[t-1], t=1..2",
        "net_1 h_1 net_2 h_2 E",
    ),
    "backward in time": (
        "inputs: g[4]\ng[t] = w*g[t+1], t=1..3\nE = g[1]^2",
        "g_3 g_2 g_1 E",
    ),
    "the error among others": ("y[t] = w*y[t-1], t=1..3", "y_1 y_2 y_3"),
    "two indices": (
        "g[i,j] = w*g[i-1,j] + u*g[i,j-1], i=1..2, j=1..2\nE = g[2,2]^2",
        "g_1_1 g_1_2 g_2_1 g_2_2 E",
    ),
    "as the letters count": (
        "a[i,j] = w*x[i]*x[j], j=1..2, i=1..2\nE = sum(a[i,j], i=1..2, j=1..2)",
        "a_1_1 a_2_1 a_1_2 a_2_2 E",
    ),
    "two that use each other in one step": (
        "p[t] = w*q[t-1], t=1..2\nq[t] = u*q[t-1] + p[t], t=1..2\nE = q[2]",
        "p_1 q_1 p_2 q_2 E",
    ),
    "a tree, which has no steps": (
        "inputs: s[4..7]\ns[i] = w*s[2*i] + s[2i+1], i=1..3\nE = s[1]",
        "s_2 s_3 s_1 E",
    ),
    "a letter that is subtracted": (
        "a[k] = w[k]*x[3-k], k=1..2\nE = a[1]*a[2]",
        "a_1 a_2 E",
    ),
}


@pytest.mark.parametrize(("text", "order"), ORDERS.values(), ids=ORDERS)
def test_each_definition_comes_after_all_that_it_uses(text: str, order: str) -> None:
    """Else in the order of the file; families that use one another go step by step."""
    model = Model.of(System.from_text(text, "test"))
    assert " ".join(model.definitions) == order
    for name in model.definitions:
        assert all(model.order[used] < model.order[name] for used in model.inputs_of[name])


def test_a_square_root_is_a_power() -> None:
    """sqrt(…) may stand wherever a function may, also around sums."""
    system = System.from_text("E = w*sqrt(sum(x[i]^2, i=1..2))", "test")
    assert first(system) == "w · √(x_1^2 + x_2^2)"


def test_lines_may_end_and_letters_be_written_in_other_ways() -> None:
    """Windows line ends, a byte order mark, := for =, Greek letters, · and ² for * and ^2."""
    system = System.from_text("\ufeffy := θ_1·x²\r\nE = y\r\n", "test")
    assert system.weights == ["theta_1"]
    assert first(system) == "theta_1 · x^2"


def test_a_bracket_behind_a_quantity_is_a_product() -> None:
    """w(a + x) is w·(a + x) for a weight or a quantity that is known elsewhere."""
    system = System.from_text("a = w(1 + x)\nE = a(1 - a)", "test")
    assert first(system) == "w · (1 + x)"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, a folder, a file that is not there."""
    binary = tmp_path / "binary.eq"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path, tmp_path / "none.eq"):
        with pytest.raises(InputError, match=path.name):
            System.from_file(path)


def test_a_condition_is_solved_for_its_last_quantity() -> None:
    """Whatever way it is written; the quantities themselves stay as they are."""
    system = System.from_text(
        "condition: 2*sum(t[k], k=1..2) = 1 - t[3]\nE = w*t[1] + t[2]*t[3]", "test"
    )
    (condition,) = system.conditions
    model = Model.of(system)
    assert condition.name == "t_3"
    assert Text(model).inline(condition.meaning) == "1 − 2 · t_1 − 2 · t_2"
    assert system.inputs == ["t_1", "t_2", "t_3"]
    numbers = system.with_random_numbers(0).numbers
    assert numbers is not None
    assert numbers["t_3"] == pytest.approx(1 - 2 * numbers["t_1"] - 2 * numbers["t_2"])


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("t[1] + t[2] = 1, i=1..2", "t[2] has a condition already"),
        ("t[i] = 1", "the index i has no range"),
        ("t[1] + t[2]", "write a condition as sum(target[k], k=1..3) = 1"),
        ("t[1]*t[2] = 1", "has to be a linear equation between given quantities"),
        ("t[1]^2 = 1", "has to be a linear equation between given quantities"),
        ("1 = 1", "has to be a linear equation between given quantities"),
        ("t[1] + w = 1", "condition: w is not among what is given"),
        ("t[1] + q = 1", "condition: q is not among what is given"),
        ("t[1] + * = 1", "condition: "),
        ("t[1] + t[2] = 1\nnumbers: t = [0.5, 0.6], w = 1", "t[2] would have to be 0.5"),
        ("t[1] + t[2] = 1\ncondition: t[1] - t[2] = 0", "t[2] has a condition already"),
    ],
)
def test_a_bad_condition_is_told_with_its_place(condition: str, said: str) -> None:
    """What is no linear equation between inputs, and numbers that do not satisfy it."""
    with pytest.raises(InputError, match=r"^test:[123]: ") as error:
        System.from_text(f"E = w*t[1] + t[2]\ncondition: {condition}", "test")
    assert said in str(error.value)


def test_a_line_says_which_the_error_is_where_others_are_used_by_nothing() -> None:
    """No other uses the share beside the p[1] of L = −ln p[1], and each weight reaches L by z."""
    text = (
        "error: L\nz[k] = w[k]*x, k=1..2\np[k] = exp(z[k])/sum(exp(z[j]), j=1..2), k=1..2\n"
        "L = -ln(p[1])"
    )
    model = Model.of(System.from_text(text, "test"))
    assert model.total == "L"
    assert not model.used_in.get("p_2")
    assert derive(model.network, "w_2").gradient != 0
