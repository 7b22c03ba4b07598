"""What an author is told: never nothing of a derivative, and always at what is written."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.checking.claims import Judged, Verdict
from derive.checking.statements import Ruling, Statement, unreadable
from derive.formula import Call, Letter, Name, Partial, walk
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding, Severity
from derive.grammar.written import Unknown

_RELATES = re.compile(r"[=≈≡←]|\\(?:approx|equiv|coloneqq|leftarrow|gets|simeq)(?![A-Za-z])")
_COMPARES = re.compile(
    r"[<>≤≥≠∝∼]|\\(?:lt|gt|leq?|geq?|leqslant|geqslant|neq?|propto|sim|ll|gg)(?![A-Za-z])"
)
_D = (
    r"(?:\\partial(?![A-Za-z])|∂|𝜕|\\(?:mathrm|text|operatorname)\s*\{\s*d\s*\}"
    r"|d(?=[\sA-Za-z{\\^]))"
)
_DERIVATIVE = re.compile(
    rf"\\[dtc]?frac\s*\{{\s*{_D}[^=]*?\}}\s*\{{\s*{_D}"
    rf"|(?<![A-Za-z\\]){_D}[^\s=/]*(?:\s*\([^()=]*\))?\s*/\s*{_D}[A-Za-z\\(\[{{]"
    r"|\\nabla(?![A-Za-z])|∇|(?:\\partial|∂)\s*_"
)
_COUNTS = re.compile(
    r"\s*[A-Za-z]\s*=\s*[0-9]+\s*,(?:\s*[0-9]+\s*,)*\s*(?:\\[lc]?dots|…|\.\.\.)\s*,?\s*[A-Za-z0-9]+\s*"
)
_ROUGHLY = re.compile(r"≈|\\approx(?![A-Za-z])")
_ANY_FUNCTION = re.compile(r"\s*(f|g|\\(?:var)?phi|φ|ϕ)\s*\(")
_DELTA = re.compile(
    r"(?:\s|&|\{|\\(?:boldsymbol|bm|mathbf|vec|hat|tilde)(?![A-Za-z]))*(?:\\delta(?![A-Za-z])|δ)"
)


def claims_derivative(text: str) -> bool:
    """Whether a statement says what a derivative is, a gradient, or a δ."""
    relation = _RELATES.search(text) or _COMPARES.search(text)
    if relation is None or not text[: relation.start()].strip(" &{}"):
        return False
    return _DERIVATIVE.search(text) is not None or _DELTA.match(text) is not None


def is_condition(text: str) -> bool:
    """Whether a formula only limits something: w ≠ 0, x ∈ ℝ, i = 1, …, n; or relates nothing.

    What limits a derivative, ∂E/∂w < 0, or says that it is proportional to something, claims it.
    """
    if _COMPARES.search(text) is not None and _DERIVATIVE.search(text) is not None:
        return False
    return _RELATES.search(text) is None or _COUNTS.fullmatch(text) is not None


def noticed(statement: Statement, ruling: Ruling, text: str) -> Ruling:
    """A ruling on a statement of a display's `text`.

    One on a derivative is never silent; one on an aside, which is about another function, is.
    """
    near = any(side.near for side in statement.sides)
    fails = {Verdict.REFUTED, Verdict.UNDECIDED} if near else {Verdict.REFUTED}
    if not fails.isdisjoint(ruling.verdicts) and _is_aside(statement, text):
        return Ruling()
    if ruling.judged or statement.defines is not None:
        return ruling
    if not claims_derivative(text[statement.start : statement.end]):
        return ruling
    if statement.error is not None:
        return unreadable(*ruling.findings, statement.error.finding())
    nodes = [node for side in statement.sides for node in walk(side.formula)]
    unknown = next((node for node in nodes if isinstance(node, Unknown)), None)
    if unknown is None:
        return ruling
    return unreadable(
        *ruling.findings,
        Finding(
            "unknown-name",
            f"{unknown.text} is not in the network, and so nobody knows of what derivative this is",
            start=unknown.place,
            end=unknown.place + len(unknown.text),
        ),
    )


def _is_aside(statement: Statement, text: str) -> bool:
    r"""Whether a statement is about a function and no quantity: f(x) = x^2, \sigma'(z) \approx 0.

    A letter like f that the network does not have may be any function; and what a function is
    roughly is said for some values only.
    """
    first = statement.sides[0].formula if statement.sides else None
    if not isinstance(first, Call) or not isinstance(first.argument, Letter):
        return False
    nodes = [node for side in statement.sides for node in walk(side.formula)]
    if any(isinstance(node, Name | Partial) for node in nodes):
        return False
    roughly = _ROUGHLY.search(text, statement.start, statement.end) is not None
    letter = _ANY_FUNCTION.match(statement.sides[0].text)
    other = letter is not None and letter[1] != first.function
    return roughly or (other and not first.primes)


def placed(claim: Judged, read: Expanded) -> Judged:
    """A claim as its author wrote it, before macros were put in, its findings at their places.

    A formula at a brace is told not to be judged.
    """
    labels = [
        Finding("no-claim", label.message, Severity.NOTE, None, label.start, label.end)
        for label in read.labels
    ]
    return replace(claim, text=read.written, findings=(*map(read.back, claim.findings), *labels))
