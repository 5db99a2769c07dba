"""A conda environment in a shell: activation, hooks, init, completion."""
