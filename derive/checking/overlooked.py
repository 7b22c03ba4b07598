"""What an author is told: never nothing of a derivative, and always at what is written."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.checking.claims import Judged
from derive.checking.statements import Ruling, Statement, unreadable
from derive.formula import walk
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding
from derive.grammar.written import Unknown

_RELATES = re.compile(r"[=≈≡←]|\\(?:approx|equiv|coloneqq|leftarrow|gets|simeq)(?![A-Za-z])")
_D = (
    r"(?:\\partial(?![A-Za-z])|∂|𝜕|\\(?:mathrm|text|operatorname)\s*\{\s*d\s*\}"
    r"|d(?=[\sA-Za-z{\\^]))"
)
_DERIVATIVE = re.compile(
    rf"\\[dtc]?frac\s*\{{\s*{_D}[^=]*?\}}\s*\{{\s*{_D}"
    rf"|(?<![A-Za-z\\]){_D}[^\s=/]*(?:\s*\([^()=]*\))?\s*/\s*{_D}[A-Za-z\\(\[{{]"
    r"|\\nabla(?![A-Za-z])|∇"
)
_DELTA = re.compile(
    r"(?:\s|&|\{|\\(?:boldsymbol|bm|mathbf|vec|hat|tilde)(?![A-Za-z]))*(?:\\delta(?![A-Za-z])|δ)"
)


def claims_derivative(text: str) -> bool:
    """Whether a statement says what a derivative is, a gradient, or a δ."""
    relation = _RELATES.search(text)
    if relation is None or not text[: relation.start()].strip(" &{}"):
        return False
    return _DERIVATIVE.search(text) is not None or _DELTA.match(text) is not None


def noticed(statement: Statement, ruling: Ruling, text: str) -> Ruling:
    """A ruling on a statement of a display's `text`; one on a derivative is never silent."""
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


def placed(claim: Judged, read: Expanded) -> Judged:
    """A claim as its author wrote it, before macros were put in, its findings at their places."""
    return replace(claim, text=read.written, findings=tuple(map(read.back, claim.findings)))
