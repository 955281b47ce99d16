"""Why something of an archive does not come along, in words for the report."""

from typing import Final

REASONS: Final[dict[str, str]] = {
    "not fetched": "The file lies on a server and was not fetched: --fetch-files, or Settings, Moved in, brings it "
    "while it exists.",
    "file gone": "The file is no longer there (404).",
    "file closed": "The server does not give the file to whoever asks: it wants a sign-in, or the address is over. "
    "Export again and move in once more: the addresses are renewed.",
    "file trouble": "The server answered, and not with the file.",
    "file silent": "Nobody answered, or not in time.",
    "file cut": "The file broke off before it was whole.",
    "file inside": "The address leads into a private network, where nothing is fetched.",
    "file address": "That is no address a file could be fetched from.",
    "file page": "A web page came instead of the file, most likely one to sign in.",
    "no file": "The archive names the file but does not hold it.",
    "nobody": "It names nobody who could be its customer.",
    "no time": "It has no time that could be right.",
    "no words": "Nothing was said in it.",
    "erased": "The customer was erased, and nothing more is kept of them.",
    "author erased": "Whoever wrote this was erased; their words stay out.",
    "joins another": "It belongs to a conversation that is here already, which stays as it is.",
    "another": "A conversation with this number is here that began at another moment, so this one may be of another "
    "account. Move that account in under a name of its own: --account NAME.",
    "unreadable": "It could not be read.",
    "too large": "It is larger than what is kept of one message.",
    "label": "A label has 1 to 60 letters; this one was left out.",
    "field": "A field has a name of at most 60 letters and a text of at most 1000, 50 a conversation; "
    "this one was left out or cut.",
    "agent": "No colleague here has this address; their name stands on what they wrote. Invite them and they "
    "answer under it from now on.",
    "agent made": "They were made a colleague who has no access: what they wrote and had is theirs. Nothing is sent to "
    "them, and they cannot sign in until you invite them.",
    "team": "No team here has this name; it stands in the field “Team”.",
    "set up": "It was set up there and could not be set up here in the same way.",
    "kept": "It is here already in another form, and the one here stays as it is.",
    "channel": "No channel here has this address; what was on it goes to the channel that was named.",
    "tie": "One of two conversations that belong together is not here.",
    "visitors": "Facts of visitors who never said who they are are not brought.",
    "stays": "This file of the export is not brought in.",
    "not moved": "This kind of entry has no counterpart here.",
}
