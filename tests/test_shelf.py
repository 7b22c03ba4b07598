"""The shelf of documents: what is made once is found by all, and what is amiss is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive import Network
from derive.checking.claims import Report, Verdict
from derive.networks.sources import read
from tests import shelf


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty shelf."""
    monkeypatch.setenv(shelf.FOLDER, str(tmp_path))
    monkeypatch.setattr(shelf, "_own", {})
    return tmp_path


def test_what_one_worker_makes_the_others_find(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again, in this process or in another one, nothing is made again."""
    made = []
    for _ in range(2):
        for _ in range(2):
            assert shelf.kept("a key", lambda: made.append(1) or len(made)) == 1
        monkeypatch.setattr(shelf, "_own", {})  # as in another process
    assert made == [1]
    assert shelf.kept("another", lambda: 2) == 2


def test_what_fails_is_not_kept(folder: Path) -> None:
    """Who asks next tries again."""
    with pytest.raises(ZeroDivisionError):
        shelf.kept("a key", lambda: 1 // 0)
    assert shelf.kept("a key", lambda: 3) == 3


def test_the_numbers_of_a_network_make_another_document(folder: Path) -> None:
    """Whatever a document depends on is part of its key."""
    network = Network.read("1-1")
    first, second = (network.with_random_numbers(seed) for seed in (0, 1))
    texts = {shelf.written(each, "markdown") for each in (network, second)}
    assert len(texts) == 2
    assert shelf.written(first, "latex") != shelf.written(first, "markdown")


def test_a_document_with_a_fault_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that is not proved, and a number that is passed over, are each enough."""
    network = read("2-2")
    report = shelf.judged(network, "markdown")
    shelf.proved(network, "markdown")
    first, *others = report.claims
    numbered = next(place for place, claim in enumerate(report.claims) if claim.number)
    without = (*report.claims[:numbered], *report.claims[numbered + 1 :])
    for claims in ((), without, (replace(first, verdict=Verdict.REFUTED), *others)):
        monkeypatch.setattr(
            shelf,
            "judged",
            lambda *_, claims=claims, **__: Report(report.network, report.source, claims, 0),
        )
        with pytest.raises(AssertionError):
            shelf.proved(network, "markdown")
