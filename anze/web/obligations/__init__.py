"""Obligations: the list, one with its why, and waiving."""
