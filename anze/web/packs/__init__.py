"""迎检资料包: a period of records with their proofs, gaps and files, to be verified without the product."""
