"""The code behind ./dev: building, testing, guards and the demo. Standard library only."""
