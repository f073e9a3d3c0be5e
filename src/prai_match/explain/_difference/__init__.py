"""What changed from one answer to another, and why."""
