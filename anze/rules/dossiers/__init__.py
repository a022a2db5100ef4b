"""The files of people and vehicles: what runs out, what is due, what is still open."""
