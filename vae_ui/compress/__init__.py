"""The page Compress: the bits of one picture, a file of many beside other formats, and a person's own file."""
