"""What a loss costs: pith beside the standard recipe and its rivals. bench/cost.py is the command, docs/cost.md the result."""
