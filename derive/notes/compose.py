"""What a derivation document contains, section by section, for a network of any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.derivation import Derivation
from derive.calculus.general import LARGEST_LAYER
from derive.calculus.narration import prove_derivation, subject, written_out
from derive.calculus.narration.backward import shown_adjoints
from derive.calculus.proof import prove
from derive.exact.points import is_active_region_only
from derive.formula import Name
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.networks.sources import build
from derive.notes.blocks import Notes, Section, Words
from derive.notes.cost import cost_section
from derive.notes.derived import derivation_sections
from derive.notes.equations import backward_sections, equations_section, harmless
from derive.notes.exercises import exercise_sections
from derive.notes.page import Page
from derive.notes.rule import ends, every_delta, rule_sections
from derive.notes.stating import error_section, forward_section, network_section


def compose(
    network: Facts,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    full: bool = False,
    seed: int = 0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Notes:
    """The document of a network, all of its gradients proved and checked with numbers.

    A derivation like one before it is told in brief, unless all are to be told in `full`. `watch`
    is handed the parameters to be derived and passes them on, so that it can show how far
    the work has come. Raises :class:`~derive.errors.InputError` for an unknown weight and
    :class:`~derive.errors.ProofError` for a gradient that does not check.
    """
    model = build(network)
    chosen = list(weights) or list(
        model.parameters if every else telling(model, representatives(model), seed)
    )
    # From the back to the front: each derivation builds on those nearer to the error.
    chosen = [model.parameter(name).name for name in dict.fromkeys(chosen)]
    chosen.sort(key=lambda name: -model.quantities[name].layer)
    chain = Chain(model)
    page = Page(network, chain, proof=prove(chain, first=chosen), seed=seed, full=full)
    known: set[str] = set()
    told: set[object] = set()
    for name in watch(chosen):
        page.derivations.append(derived(chain, name, known, told, full=full))
    return Notes(network, model, _facts(page), tuple(_sections(page)))


def single(model: Model, parameter: str) -> Notes:
    """The notes that hold nothing but the proved derivation of one weight or bias."""
    chain = Chain(model)
    name = model.parameter(parameter).name
    proof = prove(chain, first=[name])
    page = Page(model.network, chain, [derived(chain, name, set(), set())], proof)
    sections = derivation_sections(page, page.derivations[0])
    return Notes(model.network, model, {**_facts(page), "count": 1}, tuple(sections))


def derived(
    chain: Chain, name: str, known: set[str], told: set[object], *, full: bool = False
) -> Derivation:
    """One derivation, all of its steps proved.

    `known` grows by the adjoints that it shows, `told` by what its steps are about.
    """
    derivation = written_out(chain, name, known, told, full=full)
    told.update(map(subject, derivation.steps))
    prove_derivation(derivation)
    known.update(shown_adjoints(chain, derivation.steps))
    return derivation


def representatives(model: Model) -> list[str]:
    """The first weight of each layer, or family of definitions, last first; and a bias, if any.

    Of very many layers those of the ends, as in the general rule.
    """
    firsts: dict[str, str] = {}
    nearest: dict[str, int] = {}
    for name in model.firsts(Role.WEIGHT):
        for user in model.used_in[name][:1]:
            family = model.quantities[user].family
            firsts.setdefault(family, name)
            nearest[family] = max(model.order[user], nearest.get(family, -1))
    families = sorted(firsts, key=lambda family: -nearest[family])
    chosen = [firsts[family] for family in ends(families)]
    biases = sorted(model.having(Role.BIAS), key=lambda q: (-q.layer, q.index))
    found = chosen[:1] + [q.name for q in biases[:1]] + chosen[1:]
    return found or list(model.parameters[:1])


def telling(model: Model, chosen: Sequence[str], seed: int) -> list[str]:
    """For each of these parameters one like it that the error of the example depends on.

    A parameter behind units at rest has the derivative 0 and shows nothing, while others of its
    array may be at work. Where all of them rest, and where no numbers are shown, it stays.
    """
    from derive.notes.example import MOST_PRINTED
    from derive.notes.figures import moves
    from derive.numeric.forward import examples, quantities

    if len(model.quantities) > MOST_PRINTED:
        return list(chosen)
    values = quantities(model, examples(model, model.network.numbered(seed))[0])

    def alike(name: str) -> object:
        users = (model.quantities[user].family for user in model.used_in[name])
        return model.quantities[name].family, tuple(dict.fromkeys(users))

    found: list[str] = []
    for name in chosen:
        others = (x for x in model.parameters if x not in chosen and alike(x) == alike(name))
        at_work = (x for x in (name, *others) if moves(model, values, x))
        found.append(next(at_work, name))
    return list(dict.fromkeys(found))


def _facts(page: Page) -> dict[str, Any]:
    network = page.network
    facts: dict[str, Any] = {
        "front": network.front,
        "spec": network.spec,
        "name": network.name,
        "count": len(page.model.parameters),
    }
    if not page.model.has_neurons:
        facts["about"] = harmless(network.spec).rstrip(".")
    return facts


def _sections(page: Page) -> list[Section]:
    """All sections in order; the network and its rules are told layer by layer where it has any."""
    # One derivation by itself has no example, and does without the numeric room.
    from derive.notes.example import Example

    layered = page.model.has_neurons
    if layered:
        sections = [network_section(page), forward_section(page), error_section(page)]
    else:
        sections = [equations_section(page)]
    example = Example(page)
    sections += example.forward()
    for derivation in page.derivations:
        sections += derivation_sections(page, derivation)
    if layered:
        sections += [*rule_sections(page), *cost_section(page)]
    else:
        sections += backward_sections(page)
    sections.append(example.update(every_delta(page) if layered else ()))
    sections += exercise_sections(page)
    return [*sections, _proved(page)]


def _proved(page: Page) -> Section:
    """What was proved, and how."""
    proof, network = page.proof, page.network
    assert proof is not None
    facts = {
        "count": len(page.model.parameters),
        "exact": [Name(n) for n in proof.exact],
        "modular": proof.modular,
        "regions": proof.regions,
        "primes": proof.primes,
        "points": proof.points,
        "kinked": is_active_region_only(page.model),
        "large": proof.primes == 1 and max(network.layers, default=0) > LARGEST_LAYER,
        "derived": [Name(q.name) for q in page.derived],
        "arrays": "array-deltas" in page.labels,
        "layered": page.model.has_neurons,
    }
    return Section("proof", facts, (Words("proof", facts, boxed=True),))
