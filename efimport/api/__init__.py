"""The web service: methods, calls, the wire, answers, pace, and the client. Knows nothing of documents."""
