"""How Alembic reaches the database: the caller hands over an open connection."""

from alembic import context


def run() -> None:
    """Runs the wanted steps inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    metadata = context.config.attributes.get("metadata")
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
