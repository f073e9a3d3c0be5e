"""Common parts of the scripts of the bundled regions: real places, and invented trainers, needs and sessions."""
