"""The Traverse page: one row of images for each number of the code."""
