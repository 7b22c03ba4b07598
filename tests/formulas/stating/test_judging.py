"""Documents judged by the network that they state: every reading counts, and none is believed more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive.checking.check import check_document
from derive.checking.claims import Judged, Report, Verdict
from derive.cli import cli
from derive.networks.sources import read


def report(*formulas: str) -> Report:
    """What is said of a document with these displays."""
    text = "".join(f"\n$$\n{formula}\n$$\n" for formula in formulas)
    return check_document(None, text, "md", "article.md")


def last(*formulas: str) -> Judged:
    """The verdict on the last display."""
    return report(*formulas).claims[-1]


NET = ("z_j = \\sum_i w_{ji} x_i", "y_j = \\sigma(z_j)", "E = \\frac12 \\sum_j (y_j - t_j)^2")
STEP = (r"h_t = \tanh(u h_{t-1} + v x_t)", r"E_t = (h_t - y_t)^2")


@pytest.mark.parametrize(
    ("definitions", "claim", "verdict"),
    [
        (NET, r"\frac{\partial E}{\partial z_j} = (y_j - t_j) y_j (1 - y_j)", Verdict.PROVED),
        (NET, r"\frac{\partial E}{\partial z_j} = (y_j - t_j) y_j", Verdict.REFUTED),
        (
            NET,
            r"\frac{\partial E}{\partial w_{ji}} = (y_j - t_j) y_j (1 - y_j) x_i",
            Verdict.PROVED,
        ),
        (
            NET,
            r"\frac{\partial E}{\partial w_{ji}} = (y_j - t_j) y_j (1 - y_j) x_j",
            Verdict.REFUTED,
        ),
        (STEP, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) u", Verdict.PROVED),
        (STEP, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t) u", Verdict.REFUTED),
    ],
)
def test_claims_are_judged_by_the_definitions(
    definitions: tuple[str, ...], claim: str, verdict: Verdict
) -> None:
    """A right formula is proved and a wrong one refuted, without any network file."""
    assert last(*definitions, claim).verdict is verdict


LINE = (r"y_i = \sum_{k=1}^3 w_k x_{i+k-1}", r"E = \frac12 \sum_{i=1}^4 (y_i - t_i)^2")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial E}{\partial w_k} = \sum_{i=1}^4 (y_i - t_i) x_{i+k-1}", Verdict.PROVED),
        (
            r"\frac{\partial E}{\partial w_k} = \sum_{i=1}^4 (y_i - t_i) x_{i-k+1}",
            Verdict.UNDECIDED,
        ),
        (
            r"\frac{\partial E}{\partial x_j} = \sum_{k=1}^3 \frac{\partial E}{\partial y_{j-k+1}} w_k",
            Verdict.PROVED,
        ),
        (
            r"\frac{\partial E}{\partial x_j} = \sum_{k=1}^3 \frac{\partial E}{\partial y_{j-k+1}} x_k",
            Verdict.REFUTED,
        ),
    ],
)
def test_what_a_sum_adds_beyond_the_ends_counts_nothing(claim: str, verdict: Verdict) -> None:
    """Beyond the edge there is nothing; an index that is right for k = 1 only is not proved."""
    found = last(*LINE, claim)
    assert found.verdict is verdict
    if verdict is Verdict.UNDECIDED:
        assert "holds for k = 1; for k = 2" in found.findings[0].message


def test_a_definition_proves_nothing() -> None:
    """What the network is made of is no claim: it is listed, and counted as nothing."""
    found = report(*NET)
    assert found.claims == ()
    assert found.stated is not None
    assert [latex for _, latex in found.stated.definitions] == [
        r"z_j = \sum_i w_{ji} x_i",
        r"y_j = \sigma(z_j)",
        r"E = \frac12 \sum_j (y_j - t_j)^2",
    ]


def test_a_second_definition_that_says_something_else_is_a_finding() -> None:
    """It is judged like any formula by the network of the first."""
    assert last(*NET, r"y_j = \tanh(z_j)").verdict is Verdict.REFUTED
    assert last(*NET, r"y_j = \frac{1}{1 + e^{-z_j}}").verdict is Verdict.PROVED


def test_behind_a_second_definition_both_count() -> None:
    """What holds for one of them only is not decided; before it, nobody knows of it."""
    slope = r"\frac{\partial y}{\partial z} = y (1 - y)"
    other = r"\frac{\partial y}{\partial z} = 1 - y^2"
    both = r"\frac{\partial E}{\partial z} = 2 (y - t) \frac{\partial y}{\partial z}"
    net = ("z = w x", r"y = \sigma(z)", "E = (y - t)^2")
    found = report(*net, slope, r"y = \tanh(z)", slope, other, both)
    assert [claim.verdict for claim in found.claims] == [
        Verdict.PROVED,
        Verdict.REFUTED,
        Verdict.UNDECIDED,
        Verdict.UNDECIDED,
        Verdict.PROVED,
    ]


def test_numbers_of_an_example_are_not_refuted() -> None:
    """A value holds at the numbers of the document, which the network has not; a formula still fails."""
    net = ("y = w x", "E = (y - t)^2")
    value = r"\frac{\partial E}{\partial y} = 2 (y - t) = 3"
    assert last(*net, value).verdict is Verdict.REFUTED
    found = report(*net, "w = 0.5", value, r"\frac{\partial E}{\partial y} = y - t = 3")
    assert [claim.verdict for claim in found.claims] == [Verdict.UNDECIDED, Verdict.REFUTED]
    assert "numbers" in found.claims[0].findings[0].message


def test_definitions_beside_claims_are_taken_out() -> None:
    """In one display, and at the head of a chain, whose further steps are claims."""
    rows = report(
        r"\begin{aligned} z &= w x \\ \frac{\partial z}{\partial w} &= 2 x \end{aligned}",
        r"E = (z - t)^2 = z^2 - 2 z t + t^2",
    )
    assert [claim.verdict for claim in rows.claims] == [Verdict.REFUTED, Verdict.PROVED]
    assert [len(claim.relations) for claim in rows.claims] == [1, 1]
    assert rows.claims[0].text.startswith(r"\begin{aligned} z &= w x")


def test_what_holds_for_one_function_only_is_not_decided() -> None:
    """F is some function: what needs it to be the sigmoid is neither proved nor refuted."""
    net = ("z = w x", "y = f(z)", "E = (y - t)^2")
    chain = r"\frac{\partial E}{\partial w} = \frac{\partial E}{\partial y}\frac{\partial y}{\partial z} x"
    special = r"\frac{\partial y}{\partial z} = y (1 - y)"
    assert last(*net, chain).verdict is Verdict.PROVED
    claim = last(*net, special)
    assert claim.verdict is Verdict.UNDECIDED
    (finding,) = claim.findings
    assert "holds for f = sig" in finding.message
    assert "fails for f = tanh" in finding.message
    assert last(*net, r"\frac{\partial E}{\partial w} = 3 x").verdict is Verdict.REFUTED


@pytest.mark.slow
def test_a_claim_about_vectors_is_not_proved_with_numbers() -> None:
    """W h may be a matrix by a vector; ∂h_t/∂h_{t-1} = … W is then not what it is for numbers."""
    net = (r"h_t = \tanh(W h_{t-1} + U x_t)",)
    claim = r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) W"
    assert last(*net, claim, r"\frac{\partial L}{\partial h_t} = h_t").verdict is not Verdict.PROVED
    judged = report(*net, claim, r"\frac{\partial L}{\partial h_t} = h_t").claims[0]
    assert judged.verdict is Verdict.UNDECIDED
    assert "for numbers" in judged.findings[0].message


def test_claims_about_an_error_that_nobody_defines_hold_for_every_one() -> None:
    """The chain rule holds for whatever L is; a value of its derivative does not."""
    net = ("z = w x", r"y = \tanh(z)")
    chain = r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} x"
    value = r"\frac{\partial L}{\partial y} = 2 y"
    assert last(*net, chain).verdict is Verdict.PROVED
    assert last(*net, value).verdict is Verdict.UNDECIDED


def test_a_correction_is_shown_if_it_is_one_for_every_reading() -> None:
    """With f open, y (1 − y) is no correction; a factor that is missing whatever f is, is one."""
    net = ("z = w x", "y = f(z)", "E = (y - t)^2")
    odd = last(*net, r"\frac{\partial y}{\partial w} = z")
    assert odd.verdict is Verdict.REFUTED
    assert all(finding.suggestion is None for finding in odd.findings)
    missing = last(*net, r"\frac{\partial y}{\partial w} = \frac{\partial y}{\partial z}")
    assert missing.verdict is Verdict.REFUTED
    assert "x" in (missing.findings[0].repaired or missing.findings[0].suggestion or "")
    shapes = last(
        r"\mathbf z = \mathbf W \mathbf x",
        r"J = \|\mathbf z - \mathbf y\|^2",
        r"\frac{\partial J}{\partial \mathbf W} = 2 \mathbf x (\mathbf z - \mathbf y)^T",
    )
    assert shapes.verdict is Verdict.REFUTED
    assert shapes.findings[0].message == "the left side is 2×3, the right side 3×2"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments])


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.md"
    claim = r"\frac{\partial E}{\partial z_j} = (y_j - t_j) y_j (1 - y_j)"
    path.write_text("".join(f"\n$$\n{one}\n$$\n" for one in (*NET, claim)))
    return path


def test_a_document_is_checked_without_a_network(article: Path) -> None:
    """By its name alone, or with --file; the report begins with what was found."""
    for arguments in ([str(article)], ["--file", str(article)]):
        done = run(*arguments)
        assert done.exit_code == 0, done.output
        first, *_, end = done.output.splitlines()
        assert first.startswith(f"{article}: the network is read from the document: z_j, y_j, E")
        assert end == "1 formula: 1 proved; 3 more make no claim about the network"


def test_the_network_can_be_kept(article: Path, tmp_path: Path) -> None:
    """--show-network prints a file, with which the document is judged as before."""
    shown = run(str(article), "--show-network")
    assert shown.exit_code == 0
    kept = tmp_path / "kept.eq"
    kept.write_text(shown.stdout)
    assert read(kept).name == "kept"
    done = run(str(kept), "--file", str(article))
    assert done.exit_code == 0
    assert done.stdout == "4 formulas: 4 proved\n"


def test_json_says_what_states_the_network(article: Path) -> None:
    """Beside the claims, the definitions with their lines, and the file."""
    table = json.loads(run(str(article), "--json").stdout)
    assert [one["verdict"] for one in table["claims"]] == ["proved"]
    (source,) = table["sources"]
    assert [one["line"] for one in source["stated"]["definitions"]] == [3, 7, 11]
    assert source["stated"]["file"] == run(str(article), "--show-network").stdout
    (given,) = json.loads(run("2-2-1", str(article), "--json").stdout)["sources"]
    assert given["stated"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{article}", "dE/dw = 1"], "formula 'dE/dw = 1': name the network"),
        (["2-2-1", "{article}", "--show-network"], "--show-network: give a document"),
        (["{other}"], "other: no network is given, and no formula defines one"),
        (["--weight", "w31"], "nothing to check"),
        (["--activation", "tanh", "{article}"], "activation: the document states its network"),
    ],
)
def test_what_cannot_be_is_said(
    article: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    """Unusable input ends with 2 and one line."""
    other = tmp_path / "other.md"
    other.write_text("Nothing but $\\frac{\\partial E}{\\partial w} = 2$.")
    done = run(*(part.format(article=article, other=other) for part in arguments))
    assert done.exit_code == 2
    assert said in done.output


HIDDEN = (r"h = \tanh(W x), \quad y = V h, \quad L = \frac12 \|y - t\|^2",)


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (r"\left((1 - h^2) \odot V^T (y - t)\right) x^T", Verdict.PROVED),
        (r"(1 - h^2) \odot V^T (y - t) x^T", Verdict.PROVED),
        (r"V^T (y - t) \odot (1 - h^2) x^T", Verdict.PROVED),
        (r"\left((1 - h^2) \odot V (y - t)\right) x^T", Verdict.REFUTED),
        (r"\left((1 - h^2) \odot V^T (t - y)\right) x^T", Verdict.REFUTED),
        (r"\left(\left((1 - h^2) \odot V^T\right) (y - t)\right) x^T", Verdict.REFUTED),
    ],
)
def test_a_sign_of_products_by_entries_reaches_as_far_as_shapes_fit(
    right: str, verdict: Verdict
) -> None:
    """In a ⊙ W x the product may come first, unless brackets say otherwise."""
    assert last(*HIDDEN, rf"\frac{{\partial L}}{{\partial W}} = {right}").verdict is verdict


def test_a_definition_with_a_product_behind_the_sign() -> None:
    """The h = g ⊙ W x of a gate is g ⊙ (W x)."""
    net = (r"g = \sigma(A x), \quad h = g \odot W x, \quad L = \frac12 \|h - t\|^2",)
    left = r"\frac{\partial L}{\partial g} = (h - t) \odot "
    assert last(*net, left + "W x").verdict is Verdict.PROVED
    assert last(*net, left + "A x").verdict is Verdict.REFUTED


def test_outputs_are_counted_where_there_are_some() -> None:
    """The a and the y of one error are no two outputs, over which a mean could be meant."""
    net = (r"z = w x", r"a = \sigma(z)", "C = (a - y)^2")
    (finding,) = last(*net, r"\frac{\partial C}{\partial a} = a - y").findings
    assert finding.code == "constant-factor"
    assert finding.message == "this is half what it should be"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial L}{\partial w} = 2 (y - t) x + 2 \lambda w", Verdict.PROVED),
        (r"\frac{\partial L}{\partial w} = 2 (y - t) x + \lambda w", Verdict.REFUTED),
        (r"\frac{\partial L_1}{\partial w} = 2 (y - t) x", Verdict.PROVED),
        (r"\frac{\partial L_2}{\partial w} = 2 (y - t) x", Verdict.REFUTED),
    ],
)
def test_an_error_may_be_made_of_others(claim: str, verdict: Verdict) -> None:
    """L_1 and L_2 are quantities on the way to L = L_1 + L_2, and no other readings of it."""
    net = ("y = w x", "L_1 = (y - t)^2", r"L_2 = \lambda w^2", "L = L_1 + L_2")
    assert last(*net, claim).verdict is verdict


def test_a_name_for_a_difference_is_no_range_of_letters() -> None:
    """Of g = p − y nothing is taken out as stating the network, so that g means this difference."""
    stated = ("z = W x + b", r"p = \mathrm{softmax}(z)", r"L = -\sum_k y_k \log p_k", "g = p - y")
    assert last(*stated, r"\frac{\partial L}{\partial z} = g").verdict is Verdict.PROVED
    assert last(*stated, r"\frac{\partial L}{\partial W} = g x^T").verdict is Verdict.PROVED
    assert last(*stated, r"\frac{\partial L}{\partial z} = -g").verdict is Verdict.REFUTED
    slip = (*stated[:-1], "g = p + y", r"\frac{\partial L}{\partial z} = g")
    assert last(*slip).verdict is Verdict.REFUTED


def test_a_mistake_is_told_where_the_correction_depends_on_the_size() -> None:
    """−½ Σ for two examples and −⅓ Σ for three is the same mistake, and neither is written."""
    net = (
        r"z_i = \sum_j w_j x_{ij}",
        r"y_i = \sigma(z_i)",
        r"J = -\frac1m \sum_{i=1}^m (t_i \ln y_i + (1 - t_i) \ln(1 - y_i))",
    )
    claim = r"\frac{\partial J}{\partial w_j} = \frac1m \sum_{i=1}^m (t_i - y_i) x_{ij}"
    judged = last(*net, claim)
    (finding,) = [one for one in judged.findings if one.code == "sign"]
    assert finding.message == "the whole right side has the wrong sign"
    assert finding.suggestion is None is finding.repaired


def test_a_correction_keeps_the_layer_of_a_transposed_matrix() -> None:
    """W^{[2]T} has its layer above, and (W^{[2]})ᵀ is what is written; W is no matrix here."""
    net = (
        r"z^{[1]} = W^{[1]} x",
        r"a^{[1]} = \tanh(z^{[1]})",
        r"z^{[2]} = W^{[2]} a^{[1]}",
        r"L = \|z^{[2]} - y\|^2",
    )
    claim = r"\frac{\partial L}{\partial a^{[1]}} = W^{[2]T} (y - z^{[2]}) \cdot 2"
    judged = last(*net, claim)
    assert judged.verdict is Verdict.REFUTED
    written = " ".join(finding.repaired or "" for finding in judged.findings)
    assert "W^{[2]}" in written
    assert "W^{\\top}" not in written


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("y = 0.5", "proved"),
        (r"\frac{\partial E}{\partial w} = 0.3", "undecided"),
        ("0.4 + 0.0625 = 0.4625", "proved"),
        ("0.4 + 0.0625 = 0.3375", "refuted"),
        (r"w^{new} = w - 0.1 \cdot 0.0625", "undecided"),
        (r"w' = w - 0.1 \cdot 0.0625", "undecided"),
        (r"\frac{\partial E}{\partial w} = (y + t) y (1 - y) x", "refuted"),
    ],
)
def test_numbers_of_a_document_refute_only_what_they_say_by_themselves(
    claim: str, said: str
) -> None:
    """A value may be that of another example of the document; a sum of numbers is of none."""
    net = (r"y = \sigma(w x + b)", r"E = \frac12 (y - t)^2")
    data = ("w = 0.4", "x = 0.5", "b = -0.2", "t = 1")
    assert last(*net, *data, claim).verdict.value == said


def test_an_error_counts_from_its_definition_on() -> None:
    """What stands before a second definition of the error is about the first; behind it both count."""
    net = (r"z = w x + b", r"a = \sigma(z)")
    squares = r"C = \frac{(y - a)^2}{2}"
    entropy = r"C = -(y \ln a + (1 - y) \ln(1 - a))"
    of_squares = r"\frac{\partial C}{\partial w} = (a - y) a (1 - a) x"
    of_entropy = r"\frac{\partial C}{\partial w} = (a - y) x"
    said = report(*net, squares, of_squares, of_entropy, entropy, of_entropy, of_squares)
    assert [claim.verdict.value for claim in said.claims] == [
        "proved",
        "refuted",
        "undecided",
        "undecided",
        "undecided",
    ]
    assert not any("right formula" in f.message for c in said.claims[2:] for f in c.findings)
