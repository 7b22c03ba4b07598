"""An independent engine: PyTorch's automatic differentiation, in double precision."""
