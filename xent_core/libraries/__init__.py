"""What each library's loss computes, one file per library: NumPy twins, then conventions as data."""
