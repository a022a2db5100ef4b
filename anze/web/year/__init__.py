"""年历: a year by months and days, for the company or one person."""
