"""What was there: hidden parts of pictures and missing cells of tables filled in by a trained model, and noisy pictures restored."""
