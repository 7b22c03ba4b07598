"""Wrong variants of right gradients: every row of the table of mistakes, and random edits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.checking.claims import Verdict
from derive.formula import ONE, Formula, Name, Negative, Partial, Product, Sum, product, total
from derive.model import Role
from tests.formulas.floating import Oracle
from tests.formulas.mistakes import ROWS
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Sides, Subject, Variant, get, put, spots

RANDOM_EDITS = 8


def random_edit(s: Subject) -> Sides:
    """A right formula with one random edit."""
    form = s.form("expanded", "collected", "opened", "named")
    spot = s.draw.choice(spots(form, lambda n: True))
    node = get(form, spot)
    names = [n for n in s.model.quantities if s.role(n) not in (Role.ERROR, Role.TOTAL)]
    other = Name(s.draw.choice(names))
    trials: list[Formula] = [Negative(node), product([node, other]), node + other]
    if isinstance(node, Name):
        trials = [other, Name(s.draw.choice(s.alike(node.name) or names))]
    elif isinstance(node, Sum):
        trials.append(product(node.terms))
    elif isinstance(node, Product):
        trials.append(total(node.factors))
        trials.append(product(node.factors[1:]))
    inside = any(isinstance(get(form, spot[:k]), Partial) for k in range(len(spot)))
    if inside and not isinstance(node, Name):
        trials = [other]
    if isinstance(node, Partial):
        trials.append(ONE)
    return s.left, put(form, spot, s.draw.choice(trials))


def wrong(
    subject: Subject, oracle: Oracle, spelling: Spelling, count: int = 40
) -> Iterator[Variant]:
    """At least `count` wrong claims about one parameter's gradient, each really wrong."""
    seen: set[Sides] = set()
    draw = subject.draw

    def spelled(code: str | None, sides: Sides) -> Variant | None:
        if sides in seen or all(oracle.holds(a, b) is not False for a, b in pairwise(sides)):
            return None
        seen.add(sides)
        how = draw.choice(spelling.names)
        return Variant(spelling.chain(how, sides), Verdict.REFUTED, code, sides, how)

    for code, row in ROWS.items():
        for sides in row(subject):
            variant = spelled(code, sides)
            if variant:
                yield variant
    edits = 0
    while edits < RANDOM_EDITS or len(seen) < count:
        variant = spelled(None, random_edit(subject))
        if variant:
            edits += 1
            yield variant


__all__ = ["ROWS", "Subject", "Variant", "random_edit", "wrong"]
