"""What the company fixes where the printed list says 定期 or 及时."""
