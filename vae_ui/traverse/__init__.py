"""The Traverse page: one row of pictures for each number of the code."""
