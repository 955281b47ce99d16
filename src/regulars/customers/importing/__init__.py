"""Bringing in what happened before: files of orders, customers and facts.

A file is read twice. *Checking* turns its rows into typed lines in a spool and names every row that
cannot be used; nothing is written to the database. *Running* takes the spool in batches, each one
transaction with its progress. Killed anywhere, it begins again from what stands in the database.
"""
