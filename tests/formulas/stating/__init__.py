"""Documents that state their network themselves."""
