"""Batches of payments (发放批次): their lists, the states of their lines, what each step posts."""
