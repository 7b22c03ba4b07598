"""Formulas of a document, read and judged."""
