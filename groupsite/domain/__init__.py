"""Pure rules: standard library and dateutil only; "now" is always an argument."""
