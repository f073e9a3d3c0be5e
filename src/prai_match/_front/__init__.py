"""What tools and notebooks hold: a programme, its recommendations, and what is kept of them."""
