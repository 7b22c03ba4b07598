"""What is said about each mistake. `s` writes a formula in the author's spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from derive.checking.diagnosis.case import Case
from derive.formula import Call, Formula, Letter, Name, Partial, Sum
from derive.functions import BY_SYMBOL
from derive.functions.written import kinks
from derive.model import Role
from derive.suggest import listed

Say = Callable[[Formula], str]
Facts = Mapping[str, Any]


def _neuron(case: Case, s: Say, out: str) -> str:
    """The neuron to which a quantity belongs, in the network's names: c1."""
    quantity = case.model.quantities[out]
    if not case.model.has_neurons:
        return s(Name(out))
    names = case.model.network.naming
    if names.table.layers != "numbers":
        return names.plain_neuron(quantity.layer, quantity.index)
    # A neuron goes by the name of its output, which is written as the author writes it.
    return s(Name(names.plain("out", quantity.layer, quantity.index)))


def _bracketed(s: Say, formula: Formula) -> str:
    """A formula as it stands within a sentence, where a sum needs brackets."""
    return f"({s(formula)})" if isinstance(formula, Sum) else s(formula)


def _ends(case: Case) -> tuple[str, str]:
    """How the network's notation calls targets and outputs."""
    symbols = case.model.network.naming.symbols
    return symbols["target"].character, symbols["out"].character


def _turned(case: Case) -> str:
    target, out = _ends(case)
    network = case.model.network
    if not network.loss.endswith("squared-error"):
        return f"{out} − {target} is what is meant, and not {target} − {out}"
    return (
        f"the derivative of ½({target} − {out})² by {out} is −({target} − {out}), which is"
        f" {out} − {target}"
    )


def _sign(case: Case, s: Say, facts: Facts) -> str:
    text = "this is exactly −1 times the right side"
    if facts.get("besides"):
        text = "besides, the sign is wrong"
    return f"{text}: {_turned(case)}" if facts.get("difference") else text


def _sign_summand(case: Case, s: Say, facts: Facts) -> str:
    if facts.get("factor"):
        return f"({s(facts['term'])}) has the wrong sign; the rest is right: {_turned(case)}"
    path = f" through {_neuron(case, s, facts['path'])}" if facts.get("path") else ""
    return f"the summand {s(facts['term'])}{path} has the wrong sign; the rest is right"


def _double_minus(case: Case, s: Say, facts: Facts) -> str:
    target, out = _ends(case)
    return (
        f"the −1 from the derivative of {target} − {out} is counted twice: it turns"
        f" {target} − {out} into {out} − {target}, and stands there once more"
    )


def _constant(case: Case, s: Say, facts: Facts) -> str:
    number: Fraction = facts["number"]
    where = "this is" if facts["whole"] else f"the summand {s(facts['term'])} is"
    if facts.get("besides"):
        where = "besides, this is"
    text = f"{where} {_times(number)} what it should be"
    if abs(number) == 2 and case.gradient is not None:
        text += "; with the ½ of the error the 2 from its square cancels"
    elif facts.get("averaged"):
        what = "a ½ counted once more, or " if abs(number) == Fraction(1, 2) else ""
        verb = "does" if what else "would do"
        text += (
            f"; {what}the mean over the {facts['outputs']} outputs {verb} that:"
            " the error declared here is the sum"
        )
    return text


def _times(number: Fraction) -> str:
    named = {Fraction(1, 2): "half", Fraction(2): "twice", Fraction(3): "three times"}
    if number in named:
        return named[number]
    return f"{number} times".replace("-", "−")


def _missing_factor(case: Case, s: Say, facts: Facts) -> str:
    neuron, factor = _neuron(case, s, facts["out"]), _bracketed(s, facts["factor"])
    where = "" if facts["whole"] else f" in the summand {s(facts['term'])}"
    if not case.about_slopes or facts["kind"] in ("weight", "local", "adjoint"):
        return f"the factor {factor} is missing{where}"
    if facts["kind"] == "difference":
        return f"the derivative of the error by the output, {factor}, is missing{where}"
    if facts["kind"] != "slope":
        return f"the factor {factor} is missing at {neuron}{where}"
    text = f"the derivative of the activation at {neuron}, {factor}, is missing{where}"
    if case.model.quantities[facts["out"]].layer == len(case.model.sizes) - 1:
        text += (
            "; without it this is the gradient of the cross-entropy, which is not this network's"
            " error"
        )
    return text


def _extra_factor(case: Case, s: Say, facts: Facts) -> str:
    where = "" if facts["whole"] else f" in the summand {s(facts['term'])}"
    many = "stands there twice" if facts["twice"] else "is one too many"
    return f"the factor {_bracketed(s, facts['factor'])} {many}{where}"


def _missing_path(case: Case, s: Say, facts: Facts) -> str:
    if "use" in facts and case.by is not None:
        by, user = s(Name(case.by.name)), s(facts["use"])
        return f"{by} stands in {user} too, and that use is left out: add {s(facts['paths'][0])}"
    neurons = [_neuron(case, s, name) for name in facts["neurons"]]
    paths = [s(path) for path in facts["paths"]]
    shown = listed(paths) if len(paths) <= 2 else f"{paths[0]} and {len(paths) - 1} more"
    noun = "the path" if len(paths) == 1 else "the paths"
    if neurons and case.by is not None:
        return (
            f"the sum leaves out {noun} through {listed(neurons)}, by which"
            f" {s(Name(case.by.name))} reaches the error too: add {shown}"
        )
    return f"the sum leaves out {noun} {shown}"


def _premature_total(case: Case, s: Say, facts: Facts) -> str:
    if not facts["others"]:
        return f"{s(facts['error'])} is only a part of the whole error"
    others = listed([s(other) for other in facts["others"]])
    verb = "depends" if len(facts["others"]) == 1 else "depend"
    return (
        f"{s(facts['error'])} stands for the whole error in the last layer only:"
        f" {others} {verb} on {s(facts['by'])} too"
    )


def _wrong_activation(case: Case, s: Say, facts: Facts) -> str:
    assert case.by is not None
    weight = s(Name(case.by.name))
    right = facts.get("new") or facts["factor"]
    source = _neuron(case, s, right.name) if isinstance(right, Name) else ""
    text = f"the last factor is the input of the weight: {weight} comes from {source}"
    if "old" in facts:
        return f"{text}, so it is {s(right)} and not {s(facts['old'])}"
    where = "" if facts.get("whole", True) else f" in the summand {s(facts['term'])}"
    return f"{text}, so {s(right)} is missing{where}"


def _wrong_index(case: Case, s: Say, facts: Facts) -> str:
    old, new = facts["old"], facts["new"]
    was = case.model.quantities[old.name]
    text = f"{s(old)} should be {s(new)}"
    if was.role is Role.WEIGHT and was.source is not None:
        places = [
            q.name
            for q in case.model.having(Role.INPUT, Role.OUTPUT)
            if q.layer == was.layer - 1 and q.index == was.source
        ]
        ends = [
            q.name
            for q in case.model.having(Role.OUTPUT)
            if q.layer == was.layer and q.index == was.index
        ]
        text += (
            f": {s(old)} leads from {_neuron(case, s, places[0])} to {_neuron(case, s, ends[0])}"
        )
    return text


def _other_numbering(case: Case, s: Say, facts: Facts) -> str:
    if facts["indices"]:
        comes = ["comes from", "leads to"][:: -1 if facts["source_first"] else 1]
        return (
            f"this is right if the first of a weight's two indices is the neuron it {comes[0]};"
            f" here it is the neuron it {comes[1]}. Declare the order, or turn the indices round"
        )
    return (
        "this is right if the weights are numbered source by source; here they are numbered target"
        " neuron by target neuron. Declare the numbering, or renumber"
    )


def _other_weight(case: Case, s: Say, facts: Facts) -> str:
    return f"this is {s(facts['left'])}"


def _sigmoid_derivative(case: Case, s: Say, facts: Facts) -> str:
    if "old" in facts:
        return f"{s(facts['old'])} should be {s(facts['new'])} in the derivative of the activation"
    group, slope = s(facts["group"]), s(facts["slope"])
    name = facts["function"]
    neuron = _neuron(case, s, facts["out"])
    return f"{group} is not the derivative of {name}; at {neuron} it is {slope}"


def _relu(case: Case, s: Say, facts: Facts) -> str:
    definition = case.model.definitions[facts["out"]]
    function = definition.function if isinstance(definition, Call) else "relu"
    neuron = _neuron(case, s, facts["out"])
    if "group" in facts:
        group, slope = s(facts["group"]), s(facts["slope"])
        if function == "relu":
            return (
                f"{group} is not the derivative of relu; relu' is 1 for a positive net input and 0"
                f" for a negative one (it is not defined at 0): {slope}"
            )
        return f"{group} is not the derivative of {function}; at {neuron} it is {slope}"
    lost = f"the slope {s(facts['factor'])} of the"
    if function == "relu":
        return f"{lost} ReLU at {neuron} is lost; it is 0 or 1"
    met = " and ".join(f"of {at}" for at, _ in kinks(BY_SYMBOL[function]) or ())
    sides = met or "of a kink"
    return f"{lost} {function} at {neuron} is lost; it is not the same on both sides {sides}"


def _softmax_diagonal(case: Case, s: Say, facts: Facts) -> str:
    of, by = s(facts["of"]), s(facts["by"])
    return (
        "this is the diagonal of the softmax's Jacobian only; every output depends on every net"
        f" input, {of} on {by} too: {s(Partial(facts['of'], facts['by']))} ="
        f" {s(facts['slope'])} is missing"
    )


def _softmax_ce(case: Case, s: Say, facts: Facts) -> str:
    return (
        f"{s(facts['slope'])} is one factor too many: the softmax's Jacobian is in the rest"
        " already, which is why p − y has no slope behind it"
    )


def _cross_entropy(case: Case, s: Say, facts: Facts) -> str:
    slips = {
        "sign": "the minus of −Σ y·ln p is lost",
        "divisor": "the derivative of ln p is 1/p, and the divisor is lost",
        "both": "the derivative of −y·ln p is −y/p: minus and divisor are lost",
    }
    return f"{slips[facts['slip']]}; here p is {s(facts['by'])}"


def _added_factors(case: Case, s: Say, facts: Facts) -> str:
    return "the chain rule multiplies along a path and adds over paths" + (
        "; here factors of one path are added"
        if facts["what"] == "factors"
        else "; here paths are multiplied"
    )


def _brackets(case: Case, s: Say, facts: Facts) -> str:
    about = s(facts["about"])
    said = {
        "set": f"brackets are missing around {about}",
        "away": f"the brackets around {about} do not belong there",
        "inside": f"the exponent belongs to {about} alone",
        "around": f"the exponent belongs to all of {about}",
    }
    return said[facts["what"]]


def _bias(case: Case, s: Say, facts: Facts) -> str:
    if facts.get("lost"):
        return f"the bias {s(facts['term'])} is missing in the sum"
    assert case.by is not None
    where = "" if facts["whole"] else f" in the summand {s(facts['term'])}"
    return (
        f"a bias has no input: the derivative of the net input by {s(Name(case.by.name))} is 1, so"
        f" {s(facts['factor'])} is one factor too many{where}"
    )


def _missing_term(case: Case, s: Say, facts: Facts) -> str:
    return f"the summand {s(facts['term'])} is missing"


def _update(case: Case, s: Say, facts: Facts) -> str:
    if "averaged" in facts:
        count = facts["averaged"]
        return f"this is the gradient of the mean over the {count} outputs, not of their sum"
    eta = s(Letter("eta"))
    if "step" in facts:
        text = "this is the weight after the step, not the gradient"
        return text if facts["sign"] > 0 else f"{text}; and the step goes the wrong way"
    minus = "" if facts["sign"] > 0 else "minus "
    return f"this is the update, {minus}{eta} times the gradient, not the gradient itself"


def _false_zero(case: Case, s: Say, facts: Facts) -> str:
    derivative = facts["derivative"]
    if isinstance(derivative, Partial) and isinstance(derivative.of, Name):
        of, by = derivative.of, derivative.by
        return f"{s(derivative)} is not 0: {s(of)} depends on {s(by)}"
    return f"{s(derivative)} is not 0"


WORDS: dict[str, Callable[[Case, Say, Facts], str]] = {
    "sign": _sign,
    "sign-summand": _sign_summand,
    "double-minus": _double_minus,
    "constant-factor": _constant,
    "missing-factor": _missing_factor,
    "extra-factor": _extra_factor,
    "missing-path": _missing_path,
    "premature-total": _premature_total,
    "wrong-activation": _wrong_activation,
    "wrong-index": _wrong_index,
    "wrong-name": lambda case, s, facts: f"{s(facts['old'])} should be {s(facts['new'])}",
    "other-numbering": _other_numbering,
    "other-weight": _other_weight,
    "sigmoid-derivative": _sigmoid_derivative,
    "relu": _relu,
    "softmax-diagonal": _softmax_diagonal,
    "softmax-ce": _softmax_ce,
    "cross-entropy": _cross_entropy,
    "added-factors": _added_factors,
    "brackets": _brackets,
    "bias": _bias,
    "missing-term": _missing_term,
    "update-not-gradient": _update,
    "false-zero": _false_zero,
}
