"""Every shipped network, in every notation and both formats: written, compiled, read by KaTeX."""

from __future__ import annotations

from typing import Any

import pytest

from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.numeric.gradcheck import gradcheck
from derive.render.readback import _stands
from tests.formulas.test_round_trip_functions import SPECIAL
from tests.render.tools import github_errors, katex_errors, typeset
from tests.shelf import FIRST, READ_AS, judged, written

NAMES = [
    (name, notation)
    for name in shipped()
    for notation in (FIRST if isinstance(read(name), Network) else ("letters",))
]


def network_of(name: str, notation: str) -> Network | System:
    """A shipped network in a notation; equations have names of their own."""
    found = read(name)
    return found if isinstance(found, System) else Network.read(name, notation=notation)


def no_fault(network: Network | System) -> None:
    """Both documents are proved on the way, read back, and typeset without a fault."""
    for format_ in READ_AS:
        claims = judged(network, format_).claims
        assert claims
        assert [claim for claim in claims if not _stands(claim)] == []
    assert not typeset(written(network, "latex")).faults
    text = written(network, "markdown")
    assert not katex_errors(text)
    assert not github_errors(text)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "notation"), NAMES)
def test_every_shipped_network_in_every_notation(name: str, notation: str) -> None:
    """Written, read back, compiled, and its numeric check passes."""
    network = network_of(name, notation)
    assert gradcheck(network).passed
    no_fault(network)


@pytest.mark.slow
@pytest.mark.parametrize("notation", ["letters", "indexed"])
@pytest.mark.parametrize("name", SPECIAL)
def test_every_structure_is_typeset(name: str, notation: str) -> None:
    """Softmax layers, masks, skips, functions of the user's own."""
    table: dict[str, Any] = SPECIAL[name]
    no_fault(Network.from_table(table, "mine", {"notation": notation}))
