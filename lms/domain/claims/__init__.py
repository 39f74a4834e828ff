"""Claims for subsidies: their states, what they are made of, and who decides what of them."""
