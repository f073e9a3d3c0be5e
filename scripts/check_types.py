"""Check the types of the installed wheel as another project sees them: mypy and pyright, both strict.

``python scripts/check_types.py`` builds the wheel, installs it in a separate environment, copies
``examples/typed_tour.py`` to a folder from which the sources can't be seen, and checks it there. Then pyright counts
the public names whose type is declared: all of them must be. It needs ``npx``, which fetches pyright the first time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYRIGHT = "pyright@1.1.414"
EXTRAS = "cli,dask,pandas,plan,report,simulate,testing"
CHECKERS = ("mypy", "types-networkx", "types-tqdm")
STRICT = {"typeCheckingMode": "strict", "include": ["typed_tour.py"]}


def main() -> int:
    """Return 0 if both checkers find nothing and every public type is known."""
    if not shutil.which("npx"):
        print("npx is needed to run pyright: install Node.js", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python = _installed(folder)
        shutil.copy(ROOT / "examples" / "typed_tour.py", folder)
        (folder / "pyrightconfig.json").write_text(json.dumps(STRICT), "utf-8")
        pyright = ["npx", "--yes", PYRIGHT, "--pythonpath", str(python)]
        checks = (
            [str(python), "-m", "mypy", "--strict", "--warn-unreachable", "typed_tour.py"],
            pyright,
            [*pyright, "--verifytypes", "prai_match", "--ignoreexternal"],
        )
        return max(_run(check, folder, python) for check in checks)


def _installed(folder: Path) -> Path:
    """Build the wheel, install it with the extras that the tour uses, and return the environment's interpreter."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)  # noqa: S603
    (wheel,) = folder.glob("prai_match-*.whl")
    constraints = str(ROOT / "constraints.txt")
    subprocess.run([*pip, "install", "-c", constraints, f"{wheel}[{EXTRAS}]", *CHECKERS], check=True)  # noqa: S603
    return python


def _run(command: list[str], folder: Path, python: Path) -> int:
    """Run a check that only sees the environment's packages."""
    seen = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "MYPYPATH"}}
    # pyright --verifytypes asks the `python` that comes first on the path.
    seen["PATH"] = os.pathsep.join((str(python.parent), seen["PATH"]))
    print("$", *(Path(command[0]).name, *command[1:]), flush=True)
    return subprocess.run(command, cwd=folder, env=seen, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
