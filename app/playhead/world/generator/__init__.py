"""The generator: pure functions from a scenario and a seed to rows."""
