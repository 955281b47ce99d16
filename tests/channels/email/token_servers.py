"""Somebody who gives tokens, and a mail server that lets in whoever shows the last one; in threads, on loopback."""

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs


class TokenGiver:
    """Gives token after token, each renewing token once; `refusal` is what it says instead."""

    def __init__(self) -> None:
        self.given, self.refusal, self.asked = 0, "", list[dict[str, str]]()
        giver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                said = {name: values[0] for name, values in parse_qs(body).items()}
                giver.asked.append(said)
                is_stale = (
                    said.get("grant_type") == "refresh_token" and said["refresh_token"] != f"renews-{giver.given}"
                )
                error = giver.refusal or ("invalid_grant" if is_stale else "")
                giver.given += not error
                tokens: dict[str, object] = {
                    "access_token": f"token-{giver.given}",
                    "refresh_token": f"renews-{giver.given}",
                }
                tokens |= {"expires_in": 3600, "id_token": "x" * 6_000}  # some say a lot
                self.send_response(503 if error == "later" else 400 if error else 200)
                self.end_headers()
                self.wfile.write(json.dumps({"error": error} if error else tokens).encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the library calls it
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"


class TokenMailServer:
    """Speaks as much IMAP as a look into an empty mailbox takes; `wanted` is the token that counts."""

    def __init__(self) -> None:
        self.wanted, self.shown = "token-1", list[str]()
        kept = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready")
                while line := self.rfile.readline().decode().strip():
                    tag, _, words = line.partition(" ")
                    command = words.upper().split(" ")[0]
                    if command == "AUTHENTICATE":
                        self.let_in(tag, words)
                    elif command in ("SELECT", "EXAMINE"):
                        self.say("* 0 EXISTS", "* OK [UIDVALIDITY 1]", "* OK [UIDNEXT 1]", f"{tag} OK done")
                    elif command == "UID":
                        self.say("* SEARCH", f"{tag} OK done")
                    elif command == "CAPABILITY":
                        self.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR", f"{tag} OK done")
                    else:
                        self.say(f"{tag} OK done")
                        if command == "LOGOUT":
                            return

            def let_in(self, tag: str, words: str) -> None:
                proof = words.split(" ")[2] if len(words.split(" ")) > 2 else ""
                if not proof:
                    self.say("+ ")
                    proof = self.rfile.readline().decode().strip()
                kept.shown.append(base64.b64decode(proof).decode())
                if kept.shown[-1] == f"user=ada\x01auth=Bearer {kept.wanted}\x01\x01":
                    self.say(f"{tag} OK in")
                    return
                self.say("+ " + base64.b64encode(b'{"status":"401"}').decode())
                self.rfile.readline()
                self.say(f"{tag} NO [AUTHENTICATIONFAILED] no")

            def say(self, *lines: str) -> None:
                for line in lines:
                    self.wfile.write(f"{line}\r\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]


@contextmanager
def running(*servers: TokenGiver | TokenMailServer) -> Iterator[None]:
    for each in servers:
        threading.Thread(target=each.server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        for each in servers:
            each.server.shutdown()
            each.server.server_close()
