"""The monthly report of a company or a person (履职情况): a page, Word and PDF."""
