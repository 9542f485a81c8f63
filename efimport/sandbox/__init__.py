"""A local stand-in for the web service, for trying, teaching and testing.

It answers as the reference of the web service documents it, and where the reference is silent as public clients have
seen the real service answer. It reads requests with code of its own: nothing here is shared with the client, so that
an error of the client shows. Everything that is neither documented nor observed carries a text that begins with
``EMU:`` and, where a choice had to be made, a switch in :class:`efimport.sandbox.options.Options`.

Nothing is imported here: the server is loaded only when it is started (:mod:`efimport.sandbox.server`).
"""
