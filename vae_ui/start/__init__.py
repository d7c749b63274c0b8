"""The Start page: the model as one diagram, a worked example, and the family tree of the presets."""
