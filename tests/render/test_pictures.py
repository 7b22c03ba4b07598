"""The picture of a network shows the connections that there are, and no others."""

from __future__ import annotations

from derive import Model
from derive.networks.network import Network
from derive.notes.picture import picture


def drawn(**more: object) -> list[tuple[str, str, bool]]:
    """The lines in the picture of a 2-2-2 network, by their ends."""
    network = Network((2, 2, 2), **more)  # type: ignore[arg-type]
    edges = picture(network, Model.of(network), []).edges
    return [(edge.start.id, edge.end.id, edge.skips) for edge in edges]


def test_a_missing_connection_is_not_drawn() -> None:
    """w12 would lead from a2 to b1; the other seven weights have a line each."""
    lines = drawn(missing=("w12",))
    assert len(lines) == 7
    assert ("n0x2", "n1x1", False) not in lines
    assert ("n0x1", "n1x1", False) in lines


def test_a_skip_connection_is_drawn_as_one() -> None:
    """Layer a is added to layer c one to one: two lines besides those of the eight weights."""
    lines = drawn(skip=((0, 2),))
    assert len(lines) == 10
    assert lines[8:] == [("n0x1", "n2x1", True), ("n0x2", "n2x2", True)]


def test_of_a_large_layer_the_skips_of_the_drawn_neurons_are_drawn() -> None:
    """Where dots stand for neurons no line ends at the dots."""
    network = Network((20, 20, 20), skip=((0, 2),))
    edges = [e for e in picture(network, Model.of(network), []).edges if e.skips]
    assert [(e.start.id, e.end.id) for e in edges] == [
        (f"n0x{i}", f"n2x{i}") for i in (1, 2, 3, 20)
    ]
