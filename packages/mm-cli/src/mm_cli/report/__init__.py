"""What a person or a program is told: console, prompt, tables, progress, JSON."""
