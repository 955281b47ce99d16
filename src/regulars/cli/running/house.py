"""The programs of this product, as the tree runs them."""

import signal
import socket
import subprocess
import sys

from regulars.cli.running.gate import Gate
from regulars.cli.running.program import Program, Start
from regulars.kernel import postgres, settings_table
from regulars.kernel.processes import die_with_parent

STEP, WEB, WORKER, DATABASE = range(4)  # the order of stopping


def database(cluster: postgres.Cluster) -> Program:
    """The built-in PostgreSQL. It stops fast: clients are cut off, and nothing needs recovery."""

    def start(output: int) -> "subprocess.Popen[bytes]":
        return postgres.spawn(cluster, stdout=output, stderr=output, stdin=subprocess.DEVNULL, process_group=0)

    return Program(name="database", start=start, rank=DATABASE, stop_signal=signal.SIGINT, force_after_seconds=60)


def web(number: int, listening: socket.socket, gate: Gate) -> Program:
    """One web process on the shared socket, which loads everything and then waits at the gate."""
    fd = listening.fileno()
    said = ("--fd", str(fd), "--gate", str(gate.number), "--number", str(number))
    start = _own_command("serve", *said, keep=(fd, gate.number))
    return Program(name=f"web-{number}", start=start, rank=WEB, force_after_seconds=12)


def webs(listening: socket.socket, gate: Gate) -> list[Program]:
    """As many web processes as the settings say."""
    count = max(1, settings_table.number("web_processes"))
    return [web(number, listening, gate) for number in range(1, count + 1)]


def prepare(*arguments: str, gate: Gate) -> Program:
    """What must be done once; it begins with what needs no database, and goes on once the gate to it is open."""
    start = _own_command("prepare", "--gate", str(gate.number), *arguments, keep=(gate.number,))
    return Program(name="prepare", start=start, rank=STEP, force_after_seconds=5, is_lasting=False)


def worker() -> Program:
    """The worker, which also schedules and follows the log."""
    return Program(name="worker", start=_own_command("worker"), rank=WORKER, force_after_seconds=15)


def mail_door(listen: str) -> Program:
    """The door for mail servers."""
    start = _own_command("mail", "receive", "--listen", listen)
    return Program(name="mail", start=start, rank=WEB, force_after_seconds=12)


def step(name: str, *arguments: str) -> Program:
    """Something that runs to its end before the rest goes on, or beside it."""
    return Program(name=name, start=_own_command(*arguments), rank=STEP, force_after_seconds=5, is_lasting=False)


def _own_command(*arguments: str, keep: tuple[int, ...] = ()) -> Start:
    """A `regulars` command in a group of its own: Ctrl-C reaches the parent, which stops in order."""

    def start(output: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "regulars.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )

    return start
