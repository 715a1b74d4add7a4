"""How Alembic runs here: on the connection it is given, one transaction a step."""

from alembic import context

from handbook.migrations import include_object

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    include_object=include_object,
    render_as_batch=True,
    transaction_per_migration=True,
    user_module_prefix="sqlmodel.sql.sqltypes.",
)
context.run_migrations()
connection.commit()
