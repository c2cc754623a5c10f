"""Write openapi/*.yaml from the vendors' routes."""
