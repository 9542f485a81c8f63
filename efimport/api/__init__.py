"""The web service of e-računi/Eurofaktura: methods, calls, the wire, answers, pace, and the client. Knows no documents."""
