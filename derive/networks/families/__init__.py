"""Families of networks that a few sizes choose, one a file."""
