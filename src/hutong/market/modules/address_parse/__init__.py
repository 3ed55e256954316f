"""Chinese addresses into their parts, by rules and a gazetteer."""
