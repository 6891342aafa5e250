"""The catalogue of checks: on vouchers and records, on books, on the office, on the files."""
