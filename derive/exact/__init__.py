"""Exact comparison: residues, polynomials, digits and regions."""
