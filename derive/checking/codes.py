"""What the code of a finding means, with an example that gives it and one that does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

SOURCE = "codes.toml"


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the table of codes.

    `about` says in whole sentences what the finding says and why, its first sentence in brief.
    `wrong` are formulas whose check gives the code, and `right` some that are proved without it,
    about `network` with its `options`, or about a network whose `file` has this text. A `remark`
    is no mistake: what gives it may well be right.
    """

    name: str
    about: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    network: str = "2-4-3-2"
    options: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    remark: bool = False

    @property
    def title(self) -> str:
        """The first sentence."""
        return self.about.partition(". ")[0].rstrip(".") + "."

    def as_text(self) -> str:
        """The meaning and the examples, as a terminal shows them."""
        lines = [self.about]
        for title, shown in self._examples():
            lines += ["", f"{title}:", "", *(f"    {line}".rstrip() for line in shown)]
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """The meaning and the examples in Markdown."""
        lines = [self.about]
        for title, shown in self._examples():
            lines += ["", f"{title}:", "", "```text", *shown, "```"]
        return "\n".join(lines)

    def _examples(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What is wrong and what is right, and what they are about, each with what it is called."""
        options = "".join(f" --{name} {value}" for name, value in self.options.items())
        if self.file:
            yield "With the network file", self.file.strip().split("\n")
        about = "" if self.file else f" (derive check {self.network}{options} …)"
        if self.wrong:
            yield f"{'Said of' if self.remark else 'Wrong'}{about}", self.wrong
            yield "Not said of" if self.remark else "Right", self.right


@cache
def codes() -> dict[str, Code]:
    """Every code that a finding can have, by its name, in the order of the table."""
    import tomllib

    table = tomllib.loads(files("derive.checking").joinpath(SOURCE).read_text("utf-8"))
    return {name: _row(name, **entries) for name, entries in table.items()}


def _row(name: str, *, wrong: list[str], right: list[str], **entries: Any) -> Code:
    return Code(name, wrong=tuple(wrong), right=tuple(right), **entries)


def code_named(name: str) -> Code | None:
    """The row of a code, if there is one."""
    return codes().get(name)
