"""`make bench`: one table of figures, each beside a baseline of the same run."""
