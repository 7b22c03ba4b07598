"""Tests of the families of networks."""
