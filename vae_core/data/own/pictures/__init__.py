"""A person's pictures as one data set: what every kind of file gives, and how range, size, labels and splits are found in it."""
