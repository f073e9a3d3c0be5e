"""Where a plan breaks a condition, read from its frames alone."""
