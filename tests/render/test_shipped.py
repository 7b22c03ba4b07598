"""Every shipped network, in every notation and both formats: written, compiled, read by KaTeX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notations import NOTATIONS
from derive.numeric.gradcheck import gradcheck
from derive.render.writing import write_notes
from tests.formulas.test_round_trip_functions import SPECIAL
from tests.render.tools import compile_latex, github_errors, katex_errors

NAMES = [
    (name, notation)
    for name in shipped()
    for notation in (NOTATIONS if isinstance(read(name), Network) else ("letters",))
]


def network_of(name: str, notation: str) -> Network | System:
    """A shipped network in a notation; equations have names of their own."""
    found = read(name)
    return found if isinstance(found, System) else Network.read(name, notation=notation)


def no_fault(network: Network | System, folder: Path) -> None:
    """Both documents are proved on the way, read back, and typeset without a fault."""
    assert not compile_latex(write_notes(network, folder / "notes.tex", check=True)).faults
    path = write_notes(network, folder / "notes.md", check=True)
    text = path.read_text(encoding="utf-8")
    assert not katex_errors(text)
    assert not github_errors(text)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "notation"), NAMES)
def test_every_shipped_network_in_every_notation(name: str, notation: str, tmp_path: Path) -> None:
    """Written, read back, compiled, and its numeric check passes."""
    network = network_of(name, notation)
    assert gradcheck(network).passed
    no_fault(network, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("notation", ["letters", "indexed"])
@pytest.mark.parametrize("name", SPECIAL)
def test_every_structure_is_typeset(name: str, notation: str, tmp_path: Path) -> None:
    """Softmax layers, masks, skips, functions of the user's own."""
    table: dict[str, Any] = SPECIAL[name]
    no_fault(Network.from_table(table, "mine", {"notation": notation}), tmp_path)
