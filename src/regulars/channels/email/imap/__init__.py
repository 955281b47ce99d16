"""Reading a folder on a mail server, without changing anything there."""

from regulars.channels.email.imap.folders import Folder, opened
from regulars.channels.email.imap.servers import Server, way_in
from regulars.channels.email.imap.troubles import Trouble

__all__ = ["Folder", "Server", "Trouble", "opened", "way_in"]
