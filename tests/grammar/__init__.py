"""Tests of the grammar by itself."""
