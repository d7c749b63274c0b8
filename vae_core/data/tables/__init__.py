"""Tables: a file or a DataFrame as rows of numbers, and the way back to a person's own units and names."""
