"""The choices that make up a model, by name: which there are, which go together, how large a model is. No torch is needed."""
