"""Checks of what the site hands out by libraries that are not ours."""
