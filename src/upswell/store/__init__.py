"""What is kept: outputs written whole or not at all, and model bundles."""
