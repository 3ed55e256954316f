"""Hutong 胡同: a city district's digital foundation in one command."""

__version__ = "0.1.0"
