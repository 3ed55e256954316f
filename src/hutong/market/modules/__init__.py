"""The first modules. ``shapes.py`` says what one takes and gives; ``run.py`` works, in the workshop only."""
