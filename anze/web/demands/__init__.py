"""What the company asks of its posts on its own, beside the printed lists."""
