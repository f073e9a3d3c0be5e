"""What the scripts of the bundled regions share: real places, and made trainers, needs and sessions."""
