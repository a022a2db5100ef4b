"""值班表: the month on one page, and on the wall."""
