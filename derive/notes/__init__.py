"""What a derivation document contains, section by section."""
