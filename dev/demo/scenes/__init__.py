"""What the films look like, each from a palette and a few moving layers."""
