"""Every act of a fund, drawn sound or broken in one way, for the two laws."""
