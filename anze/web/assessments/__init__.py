"""Assessments: planned, answered on the spot, reviewed, concluded; for the company and its bureau."""
