"""The door of the lake."""

from hutong.lake.pack import ColumnSpec, RuleSpec, TableSpec, TextSpec

__all__ = ["ColumnSpec", "RuleSpec", "TableSpec", "TextSpec"]
