r"""Means whose Σ has no limits: there are m of x in ``\frac1m \sum_i x_i``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.checking.stating.said import Definition
from derive.checking.stating.written import Node, Quantity, Written, changed, is_number, names

_COUNTS = frozenset("nmdNMDBHK")
"""Letters that count what is summed; the capital of a sum's own letter does it, too: T for t."""


def with_means(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions in which the Σ of each mean has the limit by which it is divided."""
    defined = {d.left.stem for d in definitions}
    indexed = {q.stem for d in definitions for q in (d.left, *names(d.right)) if q.scripts}
    known = defined | indexed

    def rule(written: Written) -> Written | None:
        if not isinstance(written, Node) or written.kind not in ("product", "quotient"):
            return None
        parts = tuple(changed(part, rule) for part in written.parts)
        place = next((n for n, p in enumerate(parts) if _is_open(p)), None)
        if place is None:
            return replace(written, parts=parts)
        total = parts[place]
        assert isinstance(total, Node)
        below = parts[1:] if written.kind == "quotient" else parts[:place]
        counts = [q for q in _divisors(below, written.kind) if _counts(q, total, known)]
        if len(counts) == 1 and (written.kind == "product" or not place):
            limited = replace(total, high=counts[0].stem)
            parts = (*parts[:place], limited, *parts[place + 1 :])
        return replace(written, parts=parts)

    return [replace(d, right=changed(d.right, rule)) for d in definitions]


def _is_open(written: Written) -> bool:
    return isinstance(written, Node) and written.kind == "total" and not written.high


def _divisors(parts: Sequence[Written], kind: str) -> Iterator[Quantity]:
    """The names by which a whole product is divided: m of 1/m and of 1/(2m)."""
    for part in parts:
        if kind == "product":
            divides = (
                isinstance(part, Node) and part.kind == "quotient" and is_number(part.parts[0])
            )
            below = part.parts[1] if divides and isinstance(part, Node) else None
        else:
            below = part
        factors = below.parts if isinstance(below, Node) and below.kind == "product" else (below,)
        yield from (factor for factor in factors if isinstance(factor, Quantity))


def _counts(name: Quantity, total: Node, known: set[str]) -> bool:
    """Whether a name says how many a Σ adds."""
    counts = name.stem in _COUNTS or name.stem == total.text.upper()
    return counts and not name.scripts and not name.bold and name.stem not in known
