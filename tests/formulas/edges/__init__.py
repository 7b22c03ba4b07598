"""Damaged formulas, judged by the checker and by an oracle that shares no code with it."""
