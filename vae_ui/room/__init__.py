"""The class on every page: the teacher's switches, and what a student's page does while the teacher shows or pauses."""
