"""A derivation: the ordered steps from ∂E_total/∂w to its final product, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.calculus.chain import Chain, Factor, Path, collected, named, plugged_in
from derive.calculus.proof import Proof, prove, prove_equations
from derive.calculus.symbolic import to_sympy
from derive.calculus.why import why_steps
from derive.formula import (
    ZERO,
    Call,
    Delta,
    Equation,
    Formula,
    Name,
    Partial,
    equation,
    product,
    total,
)
from derive.model import Model, Quantity

if TYPE_CHECKING:
    import sympy

MOST_PATHS = 8
"""Up to so many paths the derivation is written out path by path; beyond, in delta form only."""


@dataclass(frozen=True)
class Step:
    """One numbered display. `reason` names its sentence, `facts` fill it in.

    Facts are formulas, counts and lists of them, and the keys of other steps to refer to.
    """

    key: str
    reason: str
    equations: tuple[Equation, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Derivation:
    """How ∂E_total/∂w is derived.

    `parts` are the steps in groups with a title key each. `formula` is the final result as it is
    written, `paths` the number of paths from the error to the parameter.
    """

    model: Model
    parameter: Quantity
    parts: tuple[tuple[str, tuple[Step, ...]], ...]
    formula: Formula
    paths: int
    letters: Mapping[str, Formula] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for _, steps in self.parts for step in steps)

    @cached_property
    def gradient(self) -> sympy.Expr:
        """∂E_total/∂w as a SymPy expression of outputs, weights and targets."""
        return to_sympy(self.formula)

    def latex(self) -> str:
        """The equation ∂E_total/∂w = result in LaTeX."""
        from derive.notation.latex import Latex

        return Latex(self.model).chain(
            equation(_by(self.model.total, self.parameter.name), self.formula)
        )

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        from derive.notation.text import Text

        return Text(self.model).chain(
            equation(_by(self.model.total, self.parameter.name), self.formula)
        )


def derive(model: Model, parameter: str) -> Derivation:
    """Derive ∂E_total/∂`parameter`, step by step, and prove the result and every step.

    Raises :class:`~derive.errors.InputError` for an unknown name and
    :class:`~derive.errors.ProofError` if the result were not SymPy's derivative of E_total.
    """
    chain = Chain(model)
    derivation = written_out(chain, parameter)
    prove(chain, first=[parameter])
    prove_derivation(derivation)
    return derivation


def prove_all(chain: Chain, derivations: Sequence[Derivation]) -> Proof:
    """Prove all gradients of the model and every step of `derivations`."""
    proof = prove(chain, first=[d.parameter.name for d in derivations])
    for derivation in derivations:
        prove_derivation(derivation)
    return proof


def prove_derivation(derivation: Derivation) -> None:
    """Check every equation of the steps, and that the result is E_total's derivative."""
    result = equation(_by(derivation.model.total, derivation.parameter.name), derivation.formula)
    equations = [e for step in derivation.steps for e in step.equations if len(e.sides) > 1]
    prove_equations(derivation.model, [result, *equations], dict(derivation.letters))


def _by(of: str, by: str) -> Partial:
    return Partial(Name(of), Name(by))


def written_out(chain: Chain, parameter: str) -> Derivation:
    """The derivation without its proof."""
    return _Writer(chain, parameter).derivation()


class _Writer:
    """Writes one derivation; keeps what all its steps need at hand."""

    def __init__(self, chain: Chain, parameter: str) -> None:
        self.chain = chain
        self.model = chain.model
        self.quantity = self.model.parameter(parameter)
        self.w = parameter
        self.relevant = self.model.downstream(parameter)
        self.total = self.model.total
        self.errors = self.model.errors
        self.survivors = [name for name in self.errors if name in self.relevant]
        self.count = chain.count_paths(self.total, parameter)
        self.letters: dict[str, Formula] = {}

    def derivation(self) -> Derivation:
        spine, net = self._spine(self.survivors[0])
        direct = self.w in self.model.inputs_of[net]
        parts: list[tuple[str, tuple[Step, ...]]] = []
        if direct and len(self.survivors) == 1:
            why, self.letters = why_steps(self.chain, self.w, spine)
            parts.append(("why", tuple(why)))
            parts.append(("formula", tuple(self._last_layer(spine, net))))
        else:
            parts.append(("paths", tuple(self._sum_rule() + self._first_summand(spine, net))))
            if self.count <= MOST_PATHS:
                parts.append(("others", tuple(self._other_summands() + self._total())))
            else:
                parts.append(("many", tuple(self._one_path())))
        parts.append(("delta", tuple(self._delta_form())))
        return Derivation(
            self.model,
            self.quantity,
            tuple((title, steps) for title, steps in parts if steps),
            self._result(),
            self.count,
            self.letters,
        )

    def _result(self) -> Formula:
        if self.count <= MOST_PATHS:
            return collected(self._paths(self.total))
        return self.chain.gradients[self.w]

    def _paths(self, top: str) -> list[Path]:
        """The paths below `top`; the trivial factor ∂E_total/∂E = 1 is left out."""
        paths = list(self.chain.paths(top, self.w))
        return [path[1:] for path in paths] if top == self.total else paths

    def _spine(self, top: str) -> tuple[list[Factor], str]:
        """The factors from `top` down to the first quantity that branches or contains w."""
        factors: list[Factor] = []
        name = top
        while self.w not in self.model.inputs_of[name]:
            below = [x for x in self.model.inputs_of[name] if x in self.relevant]
            if len(self.model.summands(name)) > 1:
                break
            factors.append(self.chain.factor(name, below[0]))
            name = below[0]
        return factors, name

    def _neurons(self, names: Sequence[str]) -> list[Name]:
        return [Name(name) for name in names]

    # The last layer: equations (9) to (15) of the notes.

    def _last_layer(self, spine: list[Factor], net: str) -> list[Step]:
        error = self.survivors[0]
        steps = self._sum_rule()
        by_w = _by(error, self.w)
        first, rest = spine[0], [*spine[1:], self.chain.factor(net, self.w)]
        full = named((first, *rest))
        steps.append(
            Step(
                "chain",
                "chain",
                (equation(by_w, first.name * _by(first.by, self.w), full),),
                {"factors": len(rest) + 1, "error": Name(error)},
            )
        )
        steps.append(
            Step(
                "factor-error",
                "factor_error",
                (equation(first.name, first.value),),
                {"error": Name(error), "target": self._targets(error)},
            )
        )
        for factor in spine[1:]:
            steps.append(self._factor_activation(factor))
        steps.append(self._factor_net(net))
        value = plugged_in((first, *rest))
        sides = (
            [_by(self.total, self.w), by_w, value]
            if len(self.errors) > 1
            else [_by(self.total, self.w), value]
        )
        steps.append(Step("product", "product", (equation(*sides),), {"chain": "chain"}))
        return steps

    def _targets(self, error: str) -> list[Name]:
        return [Name(x) for x in self.model.inputs_of[error] if x not in self.model.definitions]

    def _factor_activation(self, factor: Factor) -> Step:
        definition = self.model.definitions[factor.of]
        sides: list[Formula] = [factor.name]
        if isinstance(definition, Call):
            sides.append(Call(definition.function, definition.argument, 1))
        sides.append(factor.value)
        return Step(
            "factor-activation",
            "factor_activation",
            (equation(*sides),),
            {
                "out": Name(factor.of),
                "net": Name(factor.by),
                "function": definition.function if isinstance(definition, Call) else "",
            },
        )

    def _factor_net(self, net: str) -> Step:
        definition = self.model.definitions[net]
        slope = self.chain.local(net)[self.w]
        return Step(
            "factor-net",
            "factor_net",
            (equation(_by(net, self.w), Partial(definition, Name(self.w)), slope),),
            {
                "net": Name(net),
                "weight": Name(self.w),
                "terms": len(self.model.summands(net)),
                "slope": slope,
            },
        )

    # The sum over the outputs: (9), (10) and (16).

    def _sum_rule(self) -> list[Step]:
        by_total = _by(self.total, self.w)
        summands = [_by(error, self.w) for error in self.errors]
        vanishing = [error for error in self.errors if error not in self.survivors]
        if len(self.errors) == 1:
            return [
                Step(
                    "sum",
                    "single_error",
                    (equation(by_total, summands[0]),),
                    {"error": Name(self.errors[0])},
                )
            ]
        written = Partial(total(Name(e) for e in self.errors), Name(self.w))
        sides = [by_total, written, total(summands)] if vanishing else [by_total, total(summands)]
        steps = [
            Step(
                "sum",
                "sum_rule" if vanishing else "sum_rule_all",
                (equation(*sides),),
                {"errors": self._neurons(self.errors), "weight": Name(self.w)},
            )
        ]
        if vanishing:
            with_zeros = total(
                [_by(e, self.w) if e in self.survivors else ZERO for e in self.errors]
            )
            left = total(summands)
            survivors = total(_by(e, self.w) for e in self.survivors)
            steps.append(
                Step(
                    "vanish",
                    "vanishing",
                    (equation(left, with_zeros, survivors),),
                    {
                        "vanishing": self._neurons(vanishing),
                        "survivors": self._neurons(self.survivors),
                        "weight": Name(self.w),
                    },
                )
            )
        return steps

    # The first summand, down to the weight: (17) to (23).

    def _first_summand(self, spine: list[Factor], net: str) -> list[Step]:
        error = self.survivors[0]
        chain = named(tuple(spine)) * _by(net, self.w)
        steps = [
            Step(
                "chain",
                "chain_to_net",
                (equation(_by(error, self.w), chain),),
                {"error": Name(error), "net": Name(net), "one": len(self.errors) == 1},
            )
        ]
        steps += self._through_net(net)
        frontier = self._below(net)
        while frontier:
            steps += self._descend(frontier)
            frontier = list(dict.fromkeys(x for name in frontier for x in self._below(name)))
        if self.count <= MOST_PATHS:
            steps += self._named_and_plugged(error, first=True)
        return steps

    def _below(self, net: str) -> list[str]:
        """The net inputs one layer further down on the way from `net` to w."""
        found: list[str] = []
        for x in self.model.inputs_of[net]:
            if x in self.relevant and x != self.w:
                found += [self._spine(x)[1]]
        return found

    def _surviving_terms(self, net: str) -> list[Formula]:
        from derive.formula import names_in

        return [
            term
            for term in self.model.summands(net)
            if any(name in self.relevant for name in names_in(term))
        ]

    def _through_net(self, net: str) -> list[Step]:
        """Substitution (18), linearity (19), the zeros dropped (20), the inner chain (21)."""
        definition = self.model.definitions[net]
        by_w = _by(net, self.w)
        terms = self.model.summands(net)
        surviving = self._surviving_terms(net)
        steps = [
            Step(
                "substitute",
                "substitute",
                (equation(by_w, Partial(definition, Name(self.w))),),
                {"net": Name(net)},
            )
        ]
        partials: list[Formula] = [Partial(term, Name(self.w)) for term in terms]
        if len(terms) > 1:
            steps.append(
                Step(
                    "linearity",
                    "linearity",
                    (equation(by_w, total(partials)),),
                    {"terms": len(terms)},
                )
            )
        if len(surviving) < len(terms):
            left = [p if t in surviving else ZERO for t, p in zip(terms, partials, strict=True)]
            kept = total(p for t, p in zip(terms, partials, strict=True) if t in surviving)
            steps.append(
                Step("zeros", "zeros", (equation(by_w, total(left), kept),), self._zero_facts(net))
            )
        steps.append(
            Step(
                "inner",
                "inner_chain",
                (equation(by_w, self._inner(net)),),
                {
                    "net": Name(net),
                    "several": len(surviving) > 1,
                    "direct": self.w in self.model.inputs_of[net],
                    "all": len(surviving) == len(terms) and len(terms) > 1,
                    "weight": Name(self.w),
                },
            )
        )
        return steps

    def _zero_facts(self, net: str) -> dict[str, Any]:
        inputs = self.model.inputs_of[net]
        outs = [x for x in inputs if x in self.model.definitions]
        return {
            "weight": Name(self.w),
            "kept": [Name(x) for x in outs if x in self.relevant],
            "dropped": [Name(x) for x in outs if x not in self.relevant],
            "direct": self.w in inputs,
        }

    def _inner(self, net: str) -> Formula:
        """∂net/∂w through each of the inputs of net that depends on w."""
        terms: list[Formula] = []
        for x in self.model.inputs_of[net]:
            if x == self.w:
                terms.append(self.chain.local(net)[x])
            elif x in self.relevant:
                factors, below = self._spine(x)
                terms.append(product([_by(net, x), *(f.name for f in factors), _by(below, self.w)]))
        return total(terms)

    def _descend(self, nets: list[str]) -> list[Step]:
        """The same one layer further down, for every net input on the way."""
        open_nets = [net for net in nets if self._below(net)]
        if not open_nets:
            return []
        shown = open_nets if len(open_nets) <= 6 else open_nets[:1]
        equations = tuple(equation(_by(net, self.w), self._inner(net)) for net in shown)
        facts = {
            **self._zero_facts(open_nets[0]),
            "nets": self._neurons(open_nets),
            "shown": len(shown),
        }
        return [Step(f"descend-{open_nets[0]}", "descend", equations, facts)]

    def _named_and_plugged(self, error: str, first: bool) -> list[Step]:
        paths = self._paths(error)
        by_w = _by(error, self.w)
        facts = {
            "error": Name(error),
            "paths": len(paths),
            "factors": len(paths[0]),
            "weight": Name(self.w),
            "alone": len(self.errors) == 1,
        }
        suffix = "" if first else "_again"
        steps = [
            Step(
                f"path-{error}",
                "path" + suffix,
                (equation(by_w, total(named(path) for path in paths)),),
                facts,
            )
        ]
        if first:
            steps.append(self._factor_values(paths))
        steps.append(
            Step(
                f"plugged-{error}",
                "plugged" + suffix,
                (equation(by_w, total(plugged_in(path) for path in paths)),),
                facts,
            )
        )
        return steps

    def _factor_values(self, paths: Sequence[Path]) -> Step:
        """The local derivatives that occur along `paths`, each once."""
        seen: dict[Formula, Formula] = {}
        for path in paths:
            for factor in path:
                seen.setdefault(factor.name, factor.value)
        equations = tuple(equation(name, value) for name, value in seen.items())
        return Step("values", "factor_values", equations, {"count": len(equations)})

    def _other_summands(self) -> list[Step]:
        """(24), (25), and the same for every further output."""
        steps: list[Step] = []
        for error in self.survivors[1:]:
            steps += self._named_and_plugged(error, first=False)
        return steps

    def _total(self) -> list[Step]:
        """The total the notes do not write: (23) + (25), the common factors out of the bracket."""
        paths = self._paths(self.total)
        result = collected(paths)
        plugged = [total(plugged_in(p) for p in self._paths(error)) for error in self.survivors]
        if len(paths) == 1:
            return [
                Step(
                    "total",
                    "total_single",
                    (equation(_by(self.total, self.w), result),),
                    {"parts": [f"plugged-{e}" for e in self.survivors]},
                )
            ]
        if len(paths) > 2:
            # The single products stand in the equations before; only their sum is new.
            sides: list[Formula] = [_by(self.total, self.w), result]
            if len(self.errors) > 1:
                sides.insert(1, total(_by(e, self.w) for e in self.survivors))
        else:
            sides = [_by(self.total, self.w), total(plugged), result]
        return [
            Step(
                "total",
                "total",
                (equation(*sides),),
                {
                    "parts": [f"plugged-{e}" for e in self.survivors],
                    "common": _common(paths),
                    "paths": len(paths),
                },
            )
        ]

    def _one_path(self) -> list[Step]:
        """With many paths: one of them in full, the others by their number."""
        error = self.survivors[0]
        path = next(iter(self.chain.paths(error, self.w)))
        return [
            Step(
                "one-path",
                "one_path",
                (Equation((named(path), plugged_in(path))),),
                {"paths": self.count, "factors": len(path), "weight": Name(self.w)},
            ),
        ]

    # The delta form.

    def _delta_form(self) -> list[Step]:
        chain = self.chain
        needed = [name for name in reversed(chain.deltas) if name in self.relevant]
        groups: dict[int, list[str]] = {}
        for name in reversed(needed):
            groups.setdefault(self.model.quantities[name].layer, []).append(name)
        shown: list[str] = []
        for layer in sorted(groups, reverse=True):
            shown += groups[layer] if len(groups[layer]) <= 6 else groups[layer][:1]
        equations = [
            equation(Delta(name), _by(self.total, name), chain.deltas[name])
            if len(shown) == 1 or layer_first
            else equation(Delta(name), chain.deltas[name])
            for name, layer_first in _first_of_layer(shown, self.model)
        ]
        facts = {"weight": Name(self.w), "shown": len(shown), "needed": len(needed)}
        gradient = chain.gradients[self.w]
        steps = [
            Step("deltas", "deltas", tuple(equations), facts),
            Step(
                "delta-gradient",
                "delta_gradient",
                (equation(_by(self.total, self.w), gradient),),
                {"weight": Name(self.w), "shared_deltas": len(_deltas_in(gradient))},
            ),
        ]
        if self.count <= MOST_PATHS:
            sides = [gradient]
            for layer in sorted(groups):
                opened = _open(sides[-1], chain.deltas, groups[layer])
                if opened != sides[-1]:
                    sides.append(opened)
            steps.append(
                Step(
                    "same",
                    "same_form",
                    (equation(*sides),),
                    {"other": "product" if self._is_last() else "total"},
                )
            )
        else:
            steps.append(
                Step(
                    "same", "same_many", (), {"paths": self.count, "inner": groups[min(groups)][0]}
                )
            )
        return steps

    def _is_last(self) -> bool:
        return (
            len(self.survivors) == 1
            and self.w in self.model.inputs_of[self._spine(self.survivors[0])[1]]
        )


def _first_of_layer(names: Sequence[str], model: Model) -> list[tuple[str, bool]]:
    seen: set[int] = set()
    out = []
    for name in names:
        layer = model.quantities[name].layer
        out.append((name, layer not in seen))
        seen.add(layer)
    return out


def _deltas_in(formula: Formula) -> list[Formula]:
    from derive.formula import walk

    return [node for node in walk(formula) if isinstance(node, Delta)]


def _open(formula: Formula, deltas: Mapping[str, Formula], names: Sequence[str]) -> Formula:
    """`formula` with the δ of `names` written out once."""
    from derive.formula import transform

    def rule(node: Formula) -> Formula | None:
        return deltas[node.of] if isinstance(node, Delta) and node.of in names else None

    return transform(formula, rule)


def _common(paths: Sequence[Path]) -> Formula:
    """The product of the factors with which all paths end."""
    common: list[Factor] = []
    for factors in zip(*(reversed(path) for path in paths), strict=False):
        if any((f.of, f.by) != (factors[0].of, factors[0].by) for f in factors):
            break
        common.insert(0, factors[0])
    return product(factor.value for factor in common)
