"""Tests of how formulas are found in documents: whole, in order, in place and with their numbers."""
