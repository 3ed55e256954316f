"""How well the modules of the supermarket do: each file measures one on shared data and says so in figures.

`python -m bench.modules [NAME…] [--write]`; with ``--write`` the figures go into the module's ``accuracy.json``, from
which its page shows them. ``measure(shared, part)`` takes a part (0–1) of the cases, for the tests' faster second look.
"""
