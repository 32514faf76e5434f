"""Recomputes Germany's Länderfinanzausgleich from official inputs to the last printed figure."""

from lfa.settlement import Settlement, settle

__all__ = ["Settlement", "settle"]
