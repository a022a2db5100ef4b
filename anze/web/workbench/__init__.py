"""工作台: what one owes, by urgency."""
