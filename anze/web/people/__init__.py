"""人员: the list, a person, and what changes about them."""
