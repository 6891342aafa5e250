"""What tests share: a small charter, a fund in a folder, a clock that stands still."""
