"""The safety of one's own account: password, second factor, recent sign-ins."""
