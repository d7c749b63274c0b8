"""The Start page: the model as one diagram, a worked example, the family tree."""
