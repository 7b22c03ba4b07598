"""The layout of a document's Jacobians: who has ∂z/∂x = W in one formula has no Wᵀ in another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.calculus.readings import JACOBIAN
from derive.checking.claims import Judged, Verdict, worst
from derive.checking.documents.walk import Met, Trouble
from derive.checking.judge import Judge
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.networks.sources import build

Claims = Sequence[Judged | None]


def in_one_layout(
    judges: Sequence[Judge],
    judged: Callable[[Met], Judged | None],
    group: Sequence[Met | Trouble],
    said: Claims,
) -> list[Judged | None]:
    """The verdicts with Jacobians in the layout in which most formulas have them.

    What is right in the other one only is not decided then, and neither is anything where as many
    formulas have one as the other. What would be right in either is judged anew: the `judges` have
    read all of the document, and `judged` is what they say of one formula.
    """
    found = Counter(layout for claim in said for layout in _layouts(claim))
    if not found:
        return list(said)
    (layout, most), *others = found.most_common()
    layout = "" if others and others[0][1] == most else layout
    stated = judges[0].model.network.layout
    layout = stated or layout
    for judge in judges:
        judge.comparing.layout = layout
    settled = []
    for one, claim in zip(group, said, strict=True):
        again = claim
        if claim is not None and claim.verdict is Verdict.UNDECIDED and isinstance(one, Met):
            again = replace(judged(one) or claim, cell=claim.cell)
            again = again if again.verdict is Verdict.PROVED else claim
        settled.append(again if _layouts(again) <= {layout} else _undecided(again, layout))
    for judge in judges:
        judge.comparing.layout = stated
    return settled


def layout_in_words(text: str) -> str:
    """The layout of which a text speaks, if it is one only: "we use the numerator layout"."""
    found = {match[1].lower() for match in _WORDS.finditer(text)}
    return next((a for a in JACOBIAN.answers if found == {a.split()[1]}), "")


_WORDS = re.compile(r"\b(numerator|denominator)[\s-]+layout", re.IGNORECASE)


def laid_out(model: Model, text: str) -> Model:
    """A network with the layout of which a document about it speaks."""
    layout = layout_in_words(text)
    return build(replace(model.network, layout=layout)) if layout else model


def _layouts(claim: Judged | None) -> set[str]:
    """The layouts in which alone a claim is right."""
    return {layout for _, layout in _only(claim)} if claim else set()


def _only(claim: Judged) -> list[tuple[int | None, str]]:
    """The relations of a claim that hold in one layout only, and in which."""
    proved = claim.verdict is Verdict.PROVED
    notes = [finding for finding in claim.findings if proved and finding.code == "layout"]
    return [
        (f.relation, layout) for f in notes for layout in JACOBIAN.answers if layout in f.message
    ]


def _undecided(claim: Judged | None, layout: str) -> Judged | None:
    """A claim that is right in another layout than that of the document."""
    assert claim is not None
    others = [(place, own) for place, own in _only(claim) if own != layout]
    open_ = {place for place, _ in others}
    relations = tuple(
        replace(one, verdict=Verdict.UNDECIDED) if n in open_ or None in open_ else one
        for n, one in enumerate(claim.relations)
    )
    elsewhere = f"are {layout}" if layout else "are in the other one as often"
    message = f"this is right {others[0][1]}, and the Jacobians of the document {elsewhere}"
    finding = Finding("convention", message, Severity.WARNING, relation=others[0][0])
    verdict = worst([one.verdict for one in relations])
    return replace(claim, verdict=verdict, relations=relations, findings=(finding,))
