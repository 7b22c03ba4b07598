"""The jobs that time the checker; they run in processes of their own, as those in jobs.py do."""

from __future__ import annotations

import signal
import time
from typing import Any

SIMPLIFY_AT_MOST = 20
"""Seconds after which simplify is given up; the factor is then at least what is printed."""


def judging(spec: str, weight: str, bias: str, repeats: str) -> dict[str, Any]:
    """Seconds to judge the right gradient of a weight, and a wrong one, from text to verdict."""
    from derive import Model
    from derive.checking.judge import Judge
    from derive.networks.network import Network

    model = Model.of(Network.read(spec, bias=bias))
    right, wrong = _claims(model, weight)
    judge = Judge(model)
    verdicts = [judge.judge(text) for text in (right, wrong)]
    assert [v.verdict.value for v in verdicts if v] == ["proved", "refuted"]
    seconds = []
    for text in (right, wrong):
        start = time.process_time()
        for _ in range(int(repeats)):
            judge.judge(text)
        seconds.append((time.process_time() - start) / int(repeats))
    return {"right": seconds[0], "wrong": seconds[1]}


def _claims(model: Any, weight: str) -> tuple[str, str]:
    """∂E_total/∂weight = its collected form, and the same with one (1 − out) left out."""
    from derive.calculus.chain import Chain, collected
    from derive.emit.latex import Latex
    from derive.formula import Name, Partial, Product, equation

    paths = list(Chain(model).paths(model.total, weight))
    formula = collected(paths)
    assert isinstance(formula, Product)
    spoilt = Product((*formula.factors[:-2], formula.factors[-1]))
    by = Partial(Name(model.total), Name(weight))
    latex = Latex(model)
    return latex.chain(equation(by, formula)), latex.chain(equation(by, spoilt))


def simplifying(spec: str, weight: str, bias: str) -> dict[str, Any]:
    """Seconds of simplify(a − b) == 0 for the same pair.

    a is the claim with every output unfolded to sigmoids of sums, b SymPy's derivative of the
    unfolded error: what anyone would compare who has no normal form.
    """
    import sympy

    from derive import Model
    from derive.calculus.chain import Chain, collected
    from derive.exact.symbolic import symbol, to_sympy
    from derive.formula import Call, Product
    from derive.networks.network import Network

    model = Model.of(Network.read(spec, bias=bias))
    unfolded: dict[Any, Any] = {}
    for name, definition in model.definitions.items():
        if isinstance(definition, Call):
            net = to_sympy(definition.argument).xreplace(unfolded)
            unfolded[symbol(name)] = 1 / (1 + sympy.exp(-net))
        else:
            unfolded[symbol(name)] = to_sympy(definition).xreplace(unfolded)
    right = unfolded[symbol(model.total)].diff(symbol(weight))
    formula = collected(list(Chain(model).paths(model.total, weight)))
    assert isinstance(formula, Product)
    spoilt = Product((*formula.factors[:-2], formula.factors[-1]))
    found: dict[str, Any] = {}

    def given_up(number: int, frame: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, given_up)
    for name, written in (("right", formula), ("wrong", spoilt)):
        claimed = to_sympy(written).xreplace(unfolded)
        signal.setitimer(signal.ITIMER_PROF, SIMPLIFY_AT_MOST)
        start = time.process_time()
        try:
            assert (sympy.simplify(claimed - right) == 0) is (name == "right")
        except TimeoutError:
            found[f"{name} given up"] = True
        signal.setitimer(signal.ITIMER_PROF, 0)
        found[name] = time.process_time() - start
    return found


def documents(*sizes: str) -> dict[str, Any]:
    """Seconds to check documents of so many formulas, right and wrong ones mixed."""
    from derive import Model
    from derive.checking.check import check_document

    model = Model.of("2-4-3-2")
    claims = [claim for weight in ("w31", "w21", "w11", "w36", "w2_12") for claim in
              _claims(model, weight)]  # fmt: skip
    times: dict[str, float] = {}
    for _ in range(2):
        for size in sizes:
            text = "\n\n".join(f"$$\n{claims[n % len(claims)]}\n$$" for n in range(int(size)))
            start = time.process_time()
            report = check_document(model, text, "md")
            spent = time.process_time() - start
            assert report.count(report.claims[0].verdict) == int(size) // 2
            times[size] = min(spent, times.get(size, spent))
    return {"seconds": times}
