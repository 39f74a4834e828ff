"""Claims for subsidies: assembled from evidence, reviewed by two, published, and owed."""
