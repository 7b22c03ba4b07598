"""From finished notes to files: formats, templates, and reading back what was written."""
