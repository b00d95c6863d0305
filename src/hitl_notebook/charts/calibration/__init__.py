"""Confidence against verdicts, drawn."""
