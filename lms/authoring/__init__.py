"""Course text: a folder of files becomes a Course, or a list of problems with their lines."""
