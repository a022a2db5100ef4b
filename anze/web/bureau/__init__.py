"""The authority: its companies, worst first, and each of them down to the clause."""
