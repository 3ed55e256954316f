"""Unified social credit codes: whether they hold together, what they say, what may have been meant."""
