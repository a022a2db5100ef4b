"""What the company set itself beyond the lists, and what it waived."""
