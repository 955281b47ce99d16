"""The `regulars` command. A subcommand's module is imported when it is called, and not before."""

from regulars.cli.lazy import LazyGroup

COMMANDS = {
    "up": ("regulars.cli.up:up", "Run everything on this machine: database, web and worker."),
    "demo": ("regulars.cli.demo:demo", "Run everything with a living sample shop."),
    "web": ("regulars.cli.web:web", "Serve the pages and the tracking interface."),
    "worker": ("regulars.cli.worker:worker", "Do the jobs, and follow the log of facts."),
    "migrate": ("regulars.cli.migrate:migrate", "Bring the database up to this version."),
    "doctor": ("regulars.cli.doctor:doctor", "Say what is wrong and how to mend it."),
    "import": ("regulars.cli.imports:import_", "Import orders, customers or facts from a file."),
    "move": ("regulars.cli.move:move", "Move in from another desk or from mailboxes."),
    "retention": ("regulars.cli.retention:retention", "Say who stays, from a file, without a server."),
    "mail": ("regulars.cli.mail:mail", "Look at mail as the product does."),
    "link": ("regulars.cli.link:link", "Print a one-time link: for the first owner, or to sign in."),
}
INTERNAL = {
    "prepare": ("regulars.cli.prepare:prepare", "Migrate, collect static files, say the first link."),
    "serve": ("regulars.cli.serve:serve", "One web process on a socket its parent opened."),
    "tables": ("regulars.cli.fresh.writing:tables", "Write down how a new database looks."),
    "warm": ("regulars.cli.warm:warm", "Compile the kernels into the cache."),
    "fill": ("regulars.cli.fill:fill", "Load the sample shop, unless it is there."),
}

main = LazyGroup(
    "regulars",
    commands_at=COMMANDS,
    internal_at=INTERNAL,
    help="Customer service that turns customers into regulars, and proves it.",
)
