"""The methods of the service that the sandbox plays, a module for each of its rooms; :mod:`.registry` lists them."""
