"""Vectors and matrices: what is read of them, and what becomes of right and wrong claims."""
