"""A program that asks the service again and again until it is killed: ``asking.py FOLDER ENDPOINT TOKEN USER...``.

Each answer is a line on standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from efimport.api.call import Attribute, Call, Parameter
from efimport.api.client import Client
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, Sending


def main(folder: str, endpoint: str, token: str, *users: str) -> None:
    organization = Organization(
        name=token,
        endpoint=endpoint,
        token=Secret.of(token),
        users=tuple(ApiUser(user, password=Secret.of(user)) for user in users),
    )
    call = Call("PartnerList", (Parameter("searchKey", Attribute("Test")),))
    with Client(organization, sending=Sending(timeout=30), state_folder=Path(folder)) as client:
        while True:
            sys.stdout.write(client.call(call).status + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
