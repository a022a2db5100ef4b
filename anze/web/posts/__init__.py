"""The posts of a company: the three printed lists with live standing."""
