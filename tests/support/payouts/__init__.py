"""Batches, a bank that errs, and everybody who may press a button, in whatever order."""
