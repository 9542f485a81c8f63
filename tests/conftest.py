from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("suite")


@pytest.fixture
def shared() -> Path:
    """The material beside the project; such tests are skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("no shared material beside the project")
    return SHARED


@pytest.fixture
def samples() -> Path:
    return ROOT / "samples"
