"""The commands, one module for each or for a few that go together; imported when called."""
