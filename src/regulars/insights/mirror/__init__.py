"""The mirror: facts as day-partitioned Parquet, so that analytics never slow the desk.

A batch of settled facts becomes one file for each day on which they were received, named by the
place in the log where it begins: a batch that is redone after a crash overwrites itself. The list
of files and the consumer's cursor commit together, so a reader that goes by the list sees every
fact once, whatever died when. See docs/adr/0004-the-mirror.md.
"""
