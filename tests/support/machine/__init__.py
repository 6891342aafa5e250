"""The state machine of one fund, and faults to try it on."""
