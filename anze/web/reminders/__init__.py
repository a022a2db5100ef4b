"""What a company sets about reminders, what was sent, and how each person wants to be reached."""
