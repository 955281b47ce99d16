"""The desk: conversations between customers and the company, and the people who answer."""
