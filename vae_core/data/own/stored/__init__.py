"""Arrays of pictures in files: read from their headers first, then in pieces; which array is what is known by its name."""
