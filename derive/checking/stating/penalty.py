r"""The term that authors add to an error for the size of the weights: λ/2 Σ_l ‖W^{(l)}‖².

Networks of layers have it as ``l2``, over all of their weights, and with ½; no other is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from derive.checking.stating.lettering import Lettering
from derive.checking.stating.parser import read
from derive.checking.stating.written import Node, Quantity, Written, changed

RATE = "0.3"
"""What λ is taken for; a claim that names it is judged for any."""
_FORMS = (
    r"\frac{\lambda}{2} w^2", r"\frac12 \lambda w^2", r"\lambda \frac12 w^2",
    r"\frac{1}{2} (\lambda w^2)", r"\lambda (\frac12 w^2)", r"\frac{\lambda w^2}{2}",
    r"\frac{\lambda}{2} (w w)", r"\frac12 \lambda (w w)", r"\lambda \frac12 (w w)",
    r"\frac{1}{2} (\lambda (w w))", r"\lambda (\frac12 (w w))",
)  # fmt: skip
"""The term, without the signs that add up all weights."""


def without_penalty(
    right: Written, weight: str, lettering: Lettering, text: Callable[[Written], str]
) -> tuple[Written, bool]:
    """An error without its term for the weights, and whether there was one."""
    if not isinstance(right, Node) or right.kind != "sum":
        return right, False
    kept = [part for part in right.parts if not _is_penalty(part, weight, lettering, text)]
    if len(kept) != len(right.parts) - 1:
        return right, False
    return (kept[0] if len(kept) == 1 else replace(right, parts=tuple(kept))), True


def _is_penalty(
    written: Written, weight: str, lettering: Lettering, text: Callable[[Written], str]
) -> bool:
    """Whether a summand is half of λ times the squares of all weights."""
    totals: list[Node] = []
    scripts: set[tuple[str, ...]] = set()

    def rule(part: Written) -> Written | None:
        if isinstance(part, Quantity):
            if part.stem != weight:
                return None
            scripts.add(part.scripts)
            return Quantity("w")
        if part.kind == "total":
            totals.append(part)
        inner = part.parts[0] if part.kind in ("total", "norm") else None
        return None if inner is None else changed(inner, rule)

    alike = text(changed(written, rule)) in _texts(text)
    letters = sorted(total.text for total in totals)
    one = [letters] == [sorted(of) for of in scripts]
    return alike and one and _are_all(totals, lettering)


def _are_all(totals: list[Node], lettering: Lettering) -> bool:
    """Whether Σ runs over all layers, and all weights of each."""
    below = {"", "1", "2"} if lettering.first == 1 and not lettering.out_of else {"", "1"}
    above = {"", f"{lettering.last}-1" if lettering.out_of else lettering.last}
    layers = [total for total in totals if total.text == lettering.layer]
    within = len(layers) == 1 and layers[0].low in below and layers[0].high in above
    return within and all(t.low in ("", "1") for t in totals if t is not layers[0])


@cache
def _texts(text: Callable[[Written], str]) -> frozenset[str]:
    return frozenset(text(read(form)) for form in _FORMS) - {""}
