"""Mail out: a letter becomes a mail, the mail is carried, and what became of it is known or said to be unknown."""
