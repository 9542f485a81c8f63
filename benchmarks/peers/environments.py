"""An environment of its own for each of the other readers.

mt-940 and mt940 are both a module ``mt940``, and bankstatementparser wants an older pandas than efimport runs with, so
no two of them can be extras of one environment.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "peers"
VERSIONS = {"mt-940": "5.1.1", "bankstatementparser": "0.0.29", "mt940": "0.8.1"}
HOMES = {
    "bankstatementparser": "https://pypi.org/project/bankstatementparser/",
    "mt-940": "https://pypi.org/project/mt-940/",
    "mt940": "https://pypi.org/project/mt940/",
}


def python_of(reader: str) -> Path | None:
    """The interpreter that has the reader, installed now where it is not; None where that fails."""
    if reader == "efimport":
        return Path(sys.executable)
    folder = FOLDER / f"{reader}-{VERSIONS[reader]}"
    python, finished = folder / "bin" / "python", folder / "finished"
    if not finished.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        wanted = f"{reader}=={VERSIONS[reader]}"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        if subprocess.run(install, check=False, stderr=subprocess.DEVNULL).returncode:
            return None
        finished.touch()
    return python
