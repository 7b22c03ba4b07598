"""What delta forms come to: with every δ written out, and counted."""

from __future__ import annotations

from derive.calculus.chain import Chain
from derive.formula import Call, Formula, Power, Product, Quotient, Sum, transform, walk
from derive.model import Role


def without_deltas(chain: Chain, formula: Formula) -> Formula:
    """`formula` with every δ replaced by what it stands for."""
    written: dict[str, Formula] = {}

    def rule(node: Formula) -> Formula | None:
        return written.get(chain.adjoint_of(node))

    for name in reversed(chain.deltas):
        written[name] = transform(chain.deltas[name], rule)
    return transform(formula, rule)


def operations(chain: Chain) -> dict[str, int]:
    """What one evaluation of all gradients costs in delta form, the forward pass included.

    Counts ``multiplications``, ``additions`` (subtractions too), ``divisions`` and ``functions``;
    a sigmoid is one exponential, one addition and one division.
    """
    model = chain.model
    count = {"multiplications": 0, "additions": 0, "divisions": 0, "functions": 0}
    forward = [model.definitions[q.name] for q in model.having(Role.NET, Role.OUTPUT)]
    for formula in [*forward, *chain.deltas.values(), *chain.gradients.values()]:
        for node in walk(formula):
            if isinstance(node, Sum):
                count["additions"] += len(node.terms) - 1
            elif isinstance(node, Power):
                count["multiplications"] += 1
            elif isinstance(node, Quotient):
                count["divisions"] += 1
            elif isinstance(node, Call) and not node.primes:
                count["functions"] += 1
                if node.function == "sig":
                    count["additions"] += 1
                    count["divisions"] += 1
            elif isinstance(node, Product):
                count["multiplications"] += len(node.factors) - 1
    return count
