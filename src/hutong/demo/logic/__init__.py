"""How the synthetic rows are made; no I/O."""
