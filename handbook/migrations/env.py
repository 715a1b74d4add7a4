"""How Alembic runs here: on the connection it is given, one transaction a step."""

from alembic import context

from handbook.migrations import include_object

connection = context.config.attributes["connection"]
metadata = None
if context.config.attributes.get("autogenerate"):
    from handbook.models import metadata

context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=include_object,
    render_as_batch=True,
    transaction_per_migration=True,
    user_module_prefix="sqlmodel.sql.sqltypes.",
)
context.run_migrations()
connection.commit()
