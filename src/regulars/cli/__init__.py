"""The `regulars` command."""

import click


@click.group()
@click.version_option(package_name="regulars")
def main() -> None:
    """Customer service that turns customers into regulars, and proves it."""
