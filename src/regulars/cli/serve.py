"""`regulars serve`: one web process on a socket that its parent opened."""

import socket
import sys

import click

from regulars.cli.running import environment, gate
from regulars.cli.running.lines import NOTE
from regulars.kernel import settings_table

GRACE_SECONDS = 8


@click.command()
@click.option("--fd", type=int, required=True, help="The number of the listening socket.")
@click.option("--number", type=int, default=1, help="Which of the web processes this is.")
@click.option("--gate", "way_in", type=int, help="The number of the gate that opens once there is something to serve.")
def serve(fd: int, number: int, way_in: int | None) -> None:
    """Serve pages and the tracking interface on a socket that is open already."""
    environment.set_up(process=f"web-{number}")
    import uvicorn

    from regulars import asgi

    asgi.load()
    from regulars.asgi.patience import PatientProtocol, make_room

    PatientProtocol.most_lines = make_room()
    gate.pass_through(way_in)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            click.echo(f"{NOTE}ready")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            from regulars.web.live import end_all_streams

            end_all_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        "regulars.asgi:application",
        factory=True,
        loop="uvloop",
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=15,
        backlog=2048,
        log_level="debug" if settings_table.at_start("log_level") == "debug" else "warning",
    )
    server = Server(config)
    server.run(sockets=[socket.socket(fileno=fd)])
    sys.exit(0 if server.started else 1)
