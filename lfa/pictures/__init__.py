"""The pictures and tables of the chapters: from a settlement to Altair charts, a module per chapter."""
