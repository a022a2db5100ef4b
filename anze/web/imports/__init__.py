"""Importing from sheets."""
