"""The brief of a session: what is prepared for its half-day, for whom, and by whom until when."""
