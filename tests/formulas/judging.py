"""What is said of single formulas and of documents, and how formulas are written for that."""

from __future__ import annotations

from derive import Model, check, check_document
from derive.checking.claims import Judged, Verdict


def judged(network: str | Model, claim: str) -> Judged:
    """What is said of one formula."""
    return check(network, claim).claims[0]


def in_document(network: Model, *formulas: str) -> list[Verdict]:
    """The verdicts on the displays of a document; a formula that claims nothing has none."""
    text = "\n\n".join(f"$$ {formula} $$" for formula in formulas)
    return [claim.verdict for claim in check_document(network, text, "md").claims]


def slope(of: str, by: str) -> str:
    """∂of/∂by in LaTeX."""
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"
