"""What is said of any parameter: w := w − η ∂E/∂w, θ ← θ − η ∇_θ J, ∂E/∂w ≈ (E(w + ε) − E(w))/ε.

What w is nobody says, and it is no matter: where nothing else is spoken of, the rule is the same
for each of them, and is judged for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from derive.calculus.indices import Indices
from derive.checking.adjoints import differentiated
from derive.formula import (
    ETA,
    Array,
    Formula,
    Gradient,
    Name,
    Neuron,
    Number,
    Partial,
    Product,
    Sum,
    is_matrix,
    names_in,
    transform,
    walk,
)
from derive.grammar.written import Change, Unknown
from derive.model import PARAMETERS, Model, Quantity, Role

Sides = tuple[Formula, ...]
_WEIGHTS = ("w", "W")
_BIASES = ("b",)
_ANY = ("θ", "Θ")


def of_one_parameter(sides: Sides, model: Model) -> Sides:
    """The sides of a step of any parameter, as that of one; all others as they are."""
    connection = _of_one_connection(sides, model)
    if connection is not None:
        return connection
    leaves = {node for side in sides for node in walk(side) if not node.parts()}
    unknown = [leaf for leaf in leaves if isinstance(leaf, Unknown)]
    stems = {leaf.stem for leaf in unknown if not leaf.familiar and "_" not in leaf.text}
    if len(stems) != 1 or len(sides) < 2 or len(unknown) != sum(u.stem in stems for u in unknown):
        return sides
    (stem,) = stems
    rest = leaves - set(unknown) - {ETA, Name(model.total)}
    nodes = [node for side in sides for node in walk(side)]
    slopes = [node for node in nodes if isinstance(node, Partial | Gradient)]
    first = sides[0].of if isinstance(sides[0], Change) else sides[0]
    steps = slopes or any(isinstance(node, Change) for side in sides[1:] for node in walk(side))
    a_step = isinstance(first, Unknown) and steps and all(_is_of(s, stem, model) for s in slopes)
    parameter = _one(stem, model)
    if parameter is None or not a_step or not all(isinstance(leaf, Number) for leaf in rest):
        return sides

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Gradient):
            return Partial(node.of, parameter)
        return parameter if isinstance(node, Unknown) else None

    return tuple(transform(side, rule) for side in sides)


_END = re.compile(r"_\W*(?:(?:rm|text|textrm|mathrm|mbox)\W+)?(in|out|pre|post)\W*\Z")
_IS_TARGET = {"in": False, "pre": False, "out": True, "post": True}
"""What authors call the two ends of a weight, and whether it is the one where it leads."""


def _of_one_connection(sides: tuple[Formula, ...], model: Model) -> tuple[Formula, ...] | None:
    """∂E/∂w, a_in and δ_out at the ends of one weight, or ∂E/∂b and δ of one neuron.

    Nothing else may be spoken of: what holds of these is the same for each weight or bias.
    """
    leaves = {node for side in sides for node in walk(side) if not node.parts()}
    unknown = [leaf for leaf in leaves if isinstance(leaf, Unknown)]
    slopes = {node for side in sides for node in walk(side) if isinstance(node, Partial)}
    total = Name(model.total)
    stems = {u.stem for u in unknown if u.stem in (*_WEIGHTS, *_BIASES) and "_" not in u.text}
    others = [leaf for leaf in unknown if leaf.stem not in stems]
    alone = len(stems) == 1 and leaves - {*unknown} <= {total}
    if len(sides) < 2 or not alone or not others or not model.has_neurons:
        return None
    (stem,) = stems
    if (stem in _BIASES and model.network.bias != "neuron") or model.network.l2:
        return None
    found = list(model.having(Role.BIAS if stem in _BIASES else Role.WEIGHT))
    own = [slope for slope in slopes if _is_of(slope, stem, model)]
    at_its_ends = all(
        slope.of == total and (slope in own or slope.by in others) for slope in slopes
    )
    if not found or not own or not at_its_ends:
        return None
    if stem in _WEIGHTS and all("_" not in leaf.text for leaf in others):
        return None
    parameter = found[-1]
    meant = {leaf: _at_its_end(leaf, parameter, model) for leaf in others}
    if None in meant.values():
        return None

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Unknown):
            return None
        return meant.get(node, Name(parameter.name))

    return tuple(transform(side, rule) for side in sides)


def of_missing_bias(sides: Sides, indices: Indices) -> tuple[Sides, str]:
    """The sides of ∂E/∂b = ∂E/∂z in a network without biases: those of b added to z, and a note.

    Which net input that is says a side that is ∂E/∂z and nothing else; what has none is left.
    """
    model, total = indices.model, Name(indices.model.total)
    slopes = [s for s in sides if isinstance(s, Partial | Gradient) and s.of == total]
    nets = [*{slope.by for slope in slopes if _is_weighted_sum(slope.by, indices)}]
    gradient = model.network.naming.table.gradient

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Partial | Gradient) and node.of == total:
            named = isinstance(node.by, Unknown) and node.by.stem in _BIASES
            return type(node)(total, nets[0]) if named else None
        adjoint = differentiated(node.stem, gradient) if isinstance(node, Unknown) else None
        return Partial(total, nets[0]) if adjoint in _BIASES else None

    if len(nets) != 1 or len(sides) < 2 or _has_biases(model):
        return sides, ""
    found = tuple(transform(side, rule) for side in sides)
    of = nets[0].of if isinstance(nets[0], Array) else nets[0]
    assert isinstance(of, Name)
    said = f"the network has no biases; b is taken for one that is added to {of.name}"
    return found, said if found != sides else ""


def _is_weighted_sum(formula: Formula, indices: Indices) -> bool:
    """Whether a quantity, or each of a vector, is a sum of products with weights."""
    of = formula.of if isinstance(formula, Array) else formula
    if not isinstance(of, Name):
        return False
    rows = indices.arrays.entries[of.name] if isinstance(formula, Array) else ((of,),)
    made = [
        indices.model.definitions.get(n.name) if isinstance(n, Name) else None
        for row in rows
        for n in row
    ]
    terms = [t for d in made for t in (d.terms if isinstance(d, Sum) else (d,))]
    weights = set(indices.model.parameters)
    return all(
        isinstance(term, Product) and not weights.isdisjoint(names_in(term)) for term in terms
    )


def _has_biases(model: Model) -> bool:
    """Whether a parameter is called b, or stands in a sum by itself."""
    parameters = set(model.parameters)
    if any(name[:1].lower() == "b" for name in parameters):
        return True
    made = model.first_definitions()
    sums = (node for _, definition in made for node in walk(definition) if isinstance(node, Sum))
    return any(isinstance(t, Name) and t.name in parameters for s in sums for t in s.terms)


def _at_its_end(leaf: Unknown, parameter: Quantity, model: Model) -> Neuron | None:
    """δ of the neuron to which a parameter belongs; δ, z or a at one of the ends of a weight."""
    symbols = model.network.naming.symbols
    kinds = ("delta", "net", "out") if parameter.role is Role.WEIGHT else ("delta",)
    kind = next((kind for kind in kinds if leaf.stem == symbols[kind].stem), None)
    end = _END.search(leaf.text)
    layer, index, source = parameter.layer, parameter.index, parameter.source
    if kind is None or ("_" in leaf.text and end is None):
        return None
    if end is None or _IS_TARGET[end[1]]:
        return Neuron(kind, layer, index) if kind == "delta" or end else None
    if source is None or (layer == 1 and kind != "out"):
        return None
    return Neuron(kind, layer - 1, source)


_SIZED = re.compile(
    r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:left|right|[bB]igg?[lr]?|,|;|!|:| )(?![A-Za-z])|[\s{}]"
)
_DIFFERENCE = re.compile(
    r"\\[dt]?frac(?:\\partial|d)(?P<of>[A-Za-z]|\\[a-z]+[A-Z]?)(?P<all>\([^()]*\))?(?:\\partial|d)"
    r"(?P<by>(?P<stem>[A-Za-z]|\\[a-zA-Z]+)(?:_(?P<at>[a-z0-9]))?)(?:\\approx|\\simeq|≈)"
    r"\\[dt]?frac(?P=of)\((?P<one>[^()]*)\)-(?P=of)\((?P<other>[^()]*)\)(?P<twice>2?)"
    r"(?P<by_how_much>\\(?:var)?epsilon|ε|h)\Z"
)
"""∂E/∂w ≈ (E(w + ε e_j) − E(w))/ε, without blanks, braces, labels and the sizes of brackets."""


def of_differences(
    text: str, model: Model, look_up: Callable[[str], Formula | None]
) -> tuple[Formula, Formula] | None:
    """The sides of a derivative that is near a quotient of differences; nothing of all else.

    Near it is the derivative as many times as the step from one value to the other is that by which
    is divided. It is judged for one parameter.
    """
    found = _DIFFERENCE.fullmatch(_SIZED.sub("", text))
    if found is None or look_up(found["of"].removeprefix("\\mathcal")) != Name(model.total):
        return None
    steps = [_step(found[side], found) for side in ("one", "other")]
    parameter = _one(found["stem"].removeprefix("\\").replace("theta", "θ"), model)
    first, second = steps
    if first is None or second is None or parameter is None:
        return None
    times = Fraction(first - second, 2 if found["twice"] else 1)
    slope = Partial(Name(model.total), parameter)
    return slope, slope if times == 1 else Product((Number(times), slope))


def _step(argument: str, found: re.Match[str]) -> int | None:
    """By how many ε a value is away: 1 for w + ε e_j, 0 for w; nothing for anything else."""
    whole = found["by"] if found["at"] is None else found["stem"]
    rest = argument.removeprefix(whole)
    if rest == argument or not rest:
        return None if rest == argument else 0
    unit = rf"(?:\\mathbf|\\boldsymbol|\\vec)?e_{found['at']}" if found["at"] else ""
    moved = re.fullmatch(rf"([+-]){re.escape(found['by_how_much'])}{unit}", rest)
    return None if moved is None else 1 if moved[1] == "+" else -1


def _is_of(slope: Partial | Gradient, stem: str, model: Model) -> bool:
    """Whether this is ∂E/∂w."""
    by = slope.by
    total = slope.of == Name(model.total) and not is_matrix(slope.of)
    return total and isinstance(by, Unknown) and by.stem == stem


def _one(stem: str, model: Model) -> Name | None:
    """A parameter that such a letter may mean: one that every step moves."""
    if stem in _WEIGHTS:
        roles: tuple[Role, ...] = (Role.WEIGHT,)
    elif stem in _BIASES:
        roles = (Role.BIAS,)
    elif stem in _ANY:
        roles = PARAMETERS
    else:
        return None
    found = [Name(quantity.name) for quantity in model.having(*roles)]
    return found[0] if found and all(model.moves(name.name) for name in found) else None
