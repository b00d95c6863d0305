"""Predictions against values, drawn."""
