"""The class on every page: the teacher's switches, what a student's page does meanwhile, and the cluster that trains its runs."""
