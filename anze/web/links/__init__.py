"""Opening one page from a message, without a password."""
