"""责任书: the letters of a year as a tree, with who has not signed and how each was appraised."""
