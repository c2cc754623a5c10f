"""A vendor's routes as an OpenAPI document, in our own words."""
