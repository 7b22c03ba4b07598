"""The table of functions."""
