"""Loaded before anything else (`-p tests.home`): one throw-away home for the run, translations as they are."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hutong.kernel import locales

HOME = tempfile.mkdtemp(prefix="hutong-test-")
os.environ["HUTONG_HOME"] = HOME
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
locales.compile_all()
