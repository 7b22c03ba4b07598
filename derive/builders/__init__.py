"""Network → Model, one family of networks a file; each only produces definitions."""
