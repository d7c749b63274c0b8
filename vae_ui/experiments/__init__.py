"""The page Experiments: models that differ in one setting, trained with one click and set side by side with one sentence."""
