"""Which law is asked of which exchange, and for which clause: one table a subject."""
