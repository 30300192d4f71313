"""How good: metrics as pure functions, splits in time, scorecards."""
