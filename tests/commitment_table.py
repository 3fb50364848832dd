"""The stored table of what commitments and their rivals earn."""

import stored

script, rows = stored.script("commitments"), stored.rows("commitments")


def told(assistant, reaction="kind", actions=12, records=100, number="mean"):
    """Return a number of the table."""
    wanted = {"reaction": reaction, "actions": str(actions), "records": str(records), "assistant": assistant}
    return float(stored.row_of("commitments", **wanted)[number])
