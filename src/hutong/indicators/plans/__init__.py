"""Plans: what was promised, what is due by now, what was done, and what proves it."""
