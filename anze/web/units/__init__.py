"""机构: units, who is in charge of them."""
