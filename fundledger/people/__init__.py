"""What is known of people: only how to notice that a text speaks of one."""

from fundledger.people.identity import personal

__all__ = ["personal"]
