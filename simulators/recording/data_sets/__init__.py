"""Public data sets as recordings, one module each. The data stay where they are: none of them comes along."""
