"""Usable, not visible: answers over rows that nobody is shown, with a budget for each dataset and consumer.

Gives out noisy or joint results; never a row.
"""
