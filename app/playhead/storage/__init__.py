"""The store: tables, the engine, snapshots and bulk inserts."""
