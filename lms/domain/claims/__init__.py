"""Claims of subsidies: states and who may change them, what a line freezes, how steps chain."""
