"""One module a command: what it accepts (``COMMAND``) and what it does."""
