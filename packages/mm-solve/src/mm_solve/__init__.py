"""Which conda records: versions, match specs, the solver, explanations."""
