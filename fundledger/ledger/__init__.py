"""Vouchers, the journal, the fold of records into books, and the beancount face of them."""
