"""Where the vehicles are and the way they came."""
