"""Background jobs other than trainings, each in a process of its own: t-SNE and measurement; also the evidence for a diagnosis."""
