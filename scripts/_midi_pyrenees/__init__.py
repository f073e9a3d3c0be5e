"""The parts of the bundled region that are specific to Midi-Pyrénées 2006-2008."""
