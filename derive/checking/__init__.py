"""Formulas that somebody wrote: read, judged, and where they are wrong, put right."""
