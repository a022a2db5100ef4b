"""法规变更: what changed in the law, for whom, and what it means for them."""
