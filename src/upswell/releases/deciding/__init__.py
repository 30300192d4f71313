"""From scores to decisions: what promoting is worth, how sure it is, what to fund."""
