"""Files that people bring from Word, Excel and text editors, opened with care: one reader for all features."""
