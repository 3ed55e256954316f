"""The next values of a series, with a band, by the method that did best on its own past."""
