"""Key periods: the company's calendar of them, and the bureau's declarations."""
