"""Fuzzing what is read: the same inputs and the same demands for hypothesis and for atheris."""
