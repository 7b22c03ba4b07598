"""The two ways a run can end badly: unusable input, and a gradient that does not check."""

from __future__ import annotations


class InputError(ValueError):
    """What the user gave cannot be used; the message says which part, where, and what would do."""


class ProofError(ArithmeticError):
    """A gradient differs from the derivative it should equal; nothing of it may be printed."""
