"""The Data page: what the model will see, before anything is trained."""
