"""What is said of placeholders: what they stand for, and on what it depends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.checking.comparing import Compared
from derive.checking.placeholders import Choice, key_of, placeholders
from derive.checking.speller import Speller
from derive.formula import Formula, Name
from derive.grammar.findings import Finding, Severity
from derive.grammar.written import Placeholder
from derive.suggest import listed

MOST_NAMED = 3
"""Choices that are named, of those with which an equation holds and of the others."""


def about_placeholders(sides: Sequence[Formula], placed: Mapping[int, str]) -> list[Finding]:
    """A note on each placeholder, with what it stands for: by its place, "" for any weight."""
    found = []
    by_text: dict[str, list[Placeholder]] = {}
    for one in placeholders(*sides):
        by_text.setdefault(key_of(one), []).append(one)
    for group in by_text.values():
        text = group[0].text
        weights = list(dict.fromkeys(placed[p.place] for p in group if placed.get(p.place)))
        if weights:
            message = f"{text} stands for {listed(weights)}"
        elif any(p.place in placed for p in group):
            message = f"{text} stands for any weight: the step holds whatever it is"
        else:
            message = f"{text} is a placeholder; it was read as any weight of its layer"
        start = group[0].place
        found.append(Finding("placeholder", message, Severity.NOTE, None, start, start + len(text)))
    return found


def spelled(compared: Compared, sides: Sequence[Formula], speller: Speller) -> dict[int, str]:
    """By its place what each placeholder of a right equation stands for, "" for any weight."""
    return {
        one.place: speller.inline(formula)
        if isinstance(formula := compared.chosen.get(one.place), Name)
        else ""
        for one in placeholders(*sides)
    }


def depends(compared: Compared, sides: Sequence[Formula], speller: Speller) -> Finding:
    """With which choices an equation holds, and with which it does not."""
    found = placeholders(*sides)
    holds, fails = (_some(choices, found, speller) for choices in (compared.holds, compared.fails))
    message = f"it holds for {holds}, not for {fails}; write the weight that is meant"
    return Finding("placeholder-choice", message, Severity.WARNING)


def _some(choices: Sequence[Choice], found: Sequence[Placeholder], speller: Speller) -> str:
    named = list(dict.fromkeys(_named(choice, found, speller) for choice in choices))
    return ", ".join([*named[:MOST_NAMED], *["…"][: len(named) - MOST_NAMED]])


def _named(choice: Choice, found: Sequence[Placeholder], speller: Speller) -> str:
    """The weights of a choice; with the placeholders, where there are several."""
    by_text: dict[str, list[str]] = {}
    for one in found:
        by_text.setdefault(key_of(one), []).append(speller.inline(choice[one.place]))
    texts = {key_of(one): one.text for one in reversed(found)}
    groups = {texts[k]: listed(list(dict.fromkeys(names))) for k, names in by_text.items()}
    if len(groups) == 1:
        return next(iter(groups.values()))
    return listed([f"{text} = {names}" for text, names in groups.items()])
