"""The page Use: the jobs of a VAE as cards."""
