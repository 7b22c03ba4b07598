"""What is wrong with an equation that does not hold, or the right formula for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.checking.answer import right_formula
from derive.checking.claims import Ruled, Verdict
from derive.checking.comparing import Comparing
from derive.checking.diagnosis import Diagnosis
from derive.checking.speller import Speller
from derive.formula import Formula, Held, Name, Number, SumOver, Updated, is_matrix, walk
from derive.formula.letters import has_letters
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.suggest import listed


class Explaining:
    """The part of :class:`~derive.checking.relations.Relations` that explains, if it `explains`."""

    model: Model
    comparing: Comparing
    diagnosis: Diagnosis
    explains: bool

    def explained(self, before: list[Formula], right: Formula, speller: Speller) -> list[Finding]:
        """What is wrong with an equation: its mistakes, or the right formula for comparison."""
        if not self.explains:
            return []
        left = before[-1]
        findings = self.diagnosis.explain(before, right, speller)
        arrays = is_matrix(left) or is_matrix(right)
        if not findings and arrays and not multiplies_matrices(left, right):
            mistake = self.diagnosis.in_arrays(left, right, speller)
            findings = [] if mistake is None else [mistake]
        if not findings and (has_letters(left) or has_letters(right)):
            findings = self._for_some_index(left, right, speller)
        if not findings:
            findings = self._right_formula(before[0], right, speller)
        if any(isinstance(node, Held) and not node.arguments for node in walk(right)):
            # What is suggested would have ∂ in the place of ∂⁺.
            findings = [replace(f, suggestion=None, repaired=None) for f in findings]
        return [*findings, *self._ranges(left, right, findings)]

    def misfit(
        self, why: str, before: Sequence[Formula], right: Formula, speller: Speller
    ) -> Ruled:
        """What to say of sides whose shapes do not fit as they are written, and that are wrong.

        That they do not fit is no reason where they do with vectors as rows.
        """
        rows = self.comparing.in_rows(before[-1], right)
        if rows is not None:
            return Verdict.REFUTED, self.explained([*before], right, speller), rows.witness
        mistake = self.diagnosis.in_arrays(before[-1], right, speller) if self.explains else None
        if mistake is not None and mistake.code != "transpose":
            found = replace(mistake, message=f"{why}; {mistake.message}")
        else:
            written = None if mistake is None else mistake.repaired
            found = Finding("transpose", why, Severity.ERROR, written, repaired=written)
        return Verdict.REFUTED, [found], None

    def kept(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """A step by which a bias would move that the network's file leaves alone."""
        steps = [node for side in (left, right) for node in walk(side) if isinstance(node, Updated)]
        for step in steps:
            if step.of in self.model.parameters and not self.model.moves(step.of):
                old, new = speller.inline(Name(step.of)), speller.inline(step)
                message = (
                    f"the network's file says that biases are not updated, so that {new} is {old}"
                )
                return [Finding("bias-not-updated", message, Severity.ERROR, old)]
        return []

    def _ranges(self, left: Formula, right: Formula, findings: list[Finding]) -> list[Finding]:
        """How far each Σ without limits was taken to run, where no suggestion shows it."""
        if any(finding.repaired for finding in findings):
            return []
        bare = dict.fromkeys(
            (node.index, node.lower, node.upper)
            for side in (left, right)
            for node in walk(side)
            if isinstance(node, SumOver) and node.bare
        )
        runs = [f"{letter} = {lower} to {upper}" for letter, lower, upper in bare]
        if not runs:
            return []
        message = f"Σ without limits runs over {listed(runs)}, where all that it adds exists"
        return [Finding("range", message, Severity.NOTE)]

    def _for_some_index(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """What is wrong with the first of the equations that one with index letters stands for."""
        if is_matrix(left) or is_matrix(right):
            return []
        moved = self.diagnosis.shifted(left, right, speller)
        if moved and moved[0].code != "missing-factor":
            return moved
        failing = self.comparing.failing(left, right)
        if failing is None:
            return moved
        chosen, a, b = failing
        found = self.diagnosis.explain([a], b, speller)
        # A factor that is missing is said in letters, any other mistake by its name.
        if moved and (not found or found[0].code == "missing-factor"):
            return moved
        found = found or self._right_formula(a, b, speller)
        if not chosen:
            return found
        numbers = listed([f"{letter} = {number}" for letter, number in chosen.items()])
        where = Finding("index", f"it does not hold for {numbers}", Severity.NOTE)
        said = [replace(f, message=f"for {numbers}, {f.message}") for f in found]
        return said or [where]

    def _right_formula(self, subject: Formula, wrong: Formula, speller: Speller) -> list[Finding]:
        """Where no single mistake explains a wrong gradient: the right one, for comparison."""
        right = right_formula(self.model, subject)
        if right is None or isinstance(wrong, Name | Number):
            return []
        written = f"{speller.inline(subject)} = {speller.inline(right)}"
        message = "no single mistake explains this; the right formula, for comparison"
        return [Finding("right-formula", message, Severity.NOTE, written)]


def multiplies_matrices(*sides: Formula) -> bool:
    """Whether a Π of matrices stands in one of the sides."""
    nodes = (node for side in sides for node in walk(side))
    return any(isinstance(n, SumOver) and n.multiplies and is_matrix(n.body) for n in nodes)
