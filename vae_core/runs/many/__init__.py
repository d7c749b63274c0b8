"""Many runs at once: lists of them that read few rows, and their clean-up."""
