"""What it would take to make a candidate the recommendation: sets of moves (changes), each tried on the engine."""
