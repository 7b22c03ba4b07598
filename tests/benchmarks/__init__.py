"""What the program costs, as ratios to what cannot be avoided: ``python -m tests.benchmarks``."""
