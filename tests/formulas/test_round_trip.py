"""Every document that the program writes is read back and proved, equation by equation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive import Model, Network, ProofError, check_document, write_notes
from derive.render.formats import format_of
from tests.shelf import READ_AS, judged_text, proved, written

OUTPUT = Path(__file__).parents[2] / "output"
NETWORKS: list[tuple[str, dict[str, str]]] = [
    ("2-4-3-2", {}),
    ("2-4-3-2", {"notation": "numbered"}),
    ("mazur", {}),
    ("mazur", {"notation": "letters"}),
    ("xor", {}),
    ("2-2-2", {"bias": "neuron"}),
    ("3-5-5-3", {"bias": "neuron", "notation": "numbered"}),
    ("1-1", {}),
    ("1-1-1-1", {"bias": "layer", "notation": "numbered"}),
    ("2-12-2", {}),
    ("2-30-2", {}),
    ("2-3-2", {"activation": "tanh"}),
    ("2-3-2", {"activation": "relu", "bias": "neuron"}),
    ("3-4-4-2", {"activation": "relu,tanh,identity"}),
]


def _checked(network: Network, format_: str, every: bool = False) -> None:
    """All there is to remark are the kinks that derivatives pass, where there are kinks."""
    codes = proved(network, format_, every=every)
    assert codes == ({"kink"} if "relu" in network.activations else set())


@pytest.mark.parametrize(
    ("spec", "options", "format_"), [(*network, way) for network in NETWORKS for way in READ_AS]
)
def test_every_numbered_equation_is_proved(
    spec: str, options: dict[str, str], format_: str
) -> None:
    """No numbered equation is passed over, and there is nothing to remark on any of them."""
    _checked(Network.read(spec, **options), format_)


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["markdown", "latex"])
@pytest.mark.parametrize("spec", ["2-4-3-2", "3-5-5-3", "4-8-8-4", "12-11-3", "64-14-10"])
def test_so_is_every_equation_of_larger_documents(spec: str, format_: str) -> None:
    """Also with every weight derived, where that is not too long."""
    _checked(Network.read(spec), format_, every=spec == "2-4-3-2")


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_the_shown_documents_check(ending: str) -> None:
    """The files in output/ as they are committed: every equation of them is proved."""
    text = (OUTPUT / f"2-4-3-2.{ending}").read_text(encoding="utf-8")
    report = judged_text(Network.read("2-4-3-2"), text, format_of(Path(f"shown.{ending}")).name)
    assert report.summary == {
        "proved": len(report.claims), "refuted": 0, "undecided": 0, "unreadable": 0
    }  # fmt: skip


def test_a_changed_symbol_in_a_document_is_noticed() -> None:
    """Each numbered equation with one of its indices changed is refuted or unreadable."""
    text = written(Network.read("2-4-3-2"), "markdown")
    model = Model.of(Network.read("2-4-3-2"))
    whole = re.compile(r"(\$\$\n\\frac\{\\partial E_\{d_1\}\}.*?= .*?)out_\{c_1\}(.*?\n\$\$)")
    changed = whole.sub(r"\1out_{c_2}\2", text)
    assert changed != text
    report = check_document(model, changed, "md")
    assert report.summary["refuted"] == len(whole.findall(text))


@pytest.mark.slow
def test_nothing_is_written_into_output_that_does_not_check(tmp_path: Path) -> None:
    """A template with a false equation leaves no file in a folder called output."""
    templates = tmp_path / "mine"
    templates.mkdir()
    words = (Path(__file__).parents[2] / "templates" / "words.jinja").read_text(encoding="utf-8")
    false = words.replace(
        "Gradient descent with these rules.", "As $E_{d_1} = E_{d_2}$, it is gradient descent."
    )
    assert false != words
    (templates / "words.jinja").write_text(false, encoding="utf-8")
    shown = tmp_path / "output" / "2-4-3-2.md"
    with pytest.raises(ProofError, match=r"E_\{d_1\} = E_\{d_2\}"):
        write_notes("2-4-3-2", shown, templates=templates)
    assert not shown.exists()
    elsewhere = write_notes("2-4-3-2", tmp_path / "2-4-3-2.md", templates=templates)
    assert elsewhere.exists()
    with pytest.raises(ProofError):
        write_notes("2-4-3-2", elsewhere, templates=templates, check=True)
