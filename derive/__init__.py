"""Backpropagation by hand, for any network, written out and proved.

>>> from derive import Model, Network, derive
>>> derive(Model.of("2-4-3-2"), "w31").gradient
out_c1*out_d1*(1 - out_d1)*(out_d1 - target_d1)

Names are loaded when they are first used, so that ``derive --help`` starts without SymPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.version import __version__

if TYPE_CHECKING:
    from derive.calculus.derivation import Derivation
    from derive.checking.check import check, check_document, check_file
    from derive.code import write_code
    from derive.errors import InputError, ProofError
    from derive.facade import Model, derive
    from derive.model.numbers import Numbers
    from derive.networks.network import Network
    from derive.numeric.gradcheck import gradcheck
    from derive.render.writing import write_notes

_HOMES = {
    "Derivation": "derive.calculus.derivation",
    "InputError": "derive.errors",
    "Model": "derive.facade",
    "Network": "derive.networks.network",
    "Numbers": "derive.model.numbers",
    "check": "derive.checking.check",
    "check_document": "derive.checking.check",
    "check_file": "derive.checking.check",
    "ProofError": "derive.errors",
    "derive": "derive.facade",
    "gradcheck": "derive.numeric.gradcheck",
    "write_code": "derive.code",
    "write_notes": "derive.render.writing",
}

__all__ = [
    "Derivation",
    "InputError",
    "Model",
    "Network",
    "Numbers",
    "ProofError",
    "__version__",
    "check",
    "check_document",
    "check_file",
    "derive",
    "gradcheck",
    "write_code",
    "write_notes",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
