"""The brief of a session: the content of its half-day, its participants, and the tasks with their deadlines."""
