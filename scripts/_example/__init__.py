"""The parts of the script that makes the example region."""
