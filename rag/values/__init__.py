"""Typed values: amounts, money, durations, dates and times in Indonesian and English text, and how two relate."""

from rag.values.find import find_values
from rag.values.quantity import Bounds, Kind, Relation, Value, compare

__all__ = ["Bounds", "Kind", "Relation", "Value", "compare", "find_values"]
