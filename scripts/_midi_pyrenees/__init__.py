"""What is of Midi-Pyrénées 2006-2008 in its bundled region."""
