"""Scenes of the films, each made from a palette and a few moving layers."""
