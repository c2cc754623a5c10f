"""The world: scenarios, chance, people, viewings and their generation."""
