"""A notebook open in JupyterLab or Notebook 7 in a real Chromium: its cells and its kernel."""

from typing import Any, Literal

from playwright.sync_api import BrowserContext, TimeoutError

from tests.browser.lab import Lab
from tests.browser.tab import SOON, Tab

Host = Literal["lab", "notebook"]

OPENS_WITHIN = 90_000  # milliseconds
RUNS_WITHIN = 60_000

# Where each host shows one notebook by itself.
_PAGES = {"lab": "doc/tree", "notebook": "notebooks"}
# anywidget 0.11 throws this two seconds after a widget was made that was closed before it had begun. One that is shown
# and does not begin is missed by its test.
_ANYWIDGETS_OWN = r"\[anywidget\] Failed to initialize model\."
# JupyterLab 4.6 asks a kernel for subshells by itself, and throws this where the kernel ends before it has answered;
# the others are errors of Notebook 7.6 that come with every empty notebook, now and then or always.
_HOSTS_OWN = {
    "lab": (_ANYWIDGETS_OWN, "Error: Canceled future for create_subshell_request message before replies were done"),
    "notebook": (
        _ANYWIDGETS_OWN,
        r"Cannot read properties of undefined \(reading 'schema'\)",
        r"Command 'filebrowser:open-path' not registered\.",
    ),
}
_IDLE = """() => {
  const notebook = window.jupyterapp?.shell.currentWidget;
  return Boolean(notebook?.context?.isReady && notebook.sessionContext.isReady
    && notebook.sessionContext.session?.kernel?.status === 'idle');
}"""
_ADD_CELL = """(source) => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  cells.insertCell(cells.cells.length, { cell_type: 'code', source });
  return cells.cells.length - 1;
}"""
_RUN = """(cell) => {
  window.runs ??= {};
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
  const started = window.runs[cell] = { done: false };
  window.jupyterapp.commands.execute('notebook:run-cell').finally(() => { started.done = true; });
}"""
_OUTPUTS = "(cell) => window.jupyterapp.shell.currentWidget.content.widgets[cell].model.outputs.toJSON()"
_CLEAR = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  cells.deleteCellRange(0, cells.cells.length);
}"""


class CellError(AssertionError):
    """A cell ended with a traceback."""


class NotebookPage(Tab):
    """One browser tab on one notebook of a Jupyter server."""

    def __init__(self, context: BrowserContext, lab: Lab, *, host: Host = "lab") -> None:
        super().__init__(context, hosts_own=_HOSTS_OWN[host])
        self.lab = lab
        self.host = host

    def open(self, notebook: str) -> None:
        self.page.goto(f"{self.lab.url}/{_PAGES[self.host]}/{notebook}")
        self.wait_until_idle()

    def reload(self) -> None:
        self.page.reload()
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        self.page.wait_for_function(_IDLE, timeout=OPENS_WITHIN)

    def add(self, source: str) -> int:
        """A new code cell at the end; its index."""
        return int(self.page.evaluate(_ADD_CELL, source))

    def start(self, cell: int) -> None:
        """Run a cell without waiting for it."""
        self.page.evaluate(_RUN, cell)

    def get_under_way(self, source: str) -> int:
        """Add a cell and start it, until it runs; its index. The kernel's status flickers with every comm beside it."""
        cell = self.add(f"print('under way', flush=True)\n{source}")
        self.start(cell)
        self.page.wait_for_function(f"(cell) => ({_OUTPUTS})(cell).length > 0", arg=cell, timeout=RUNS_WITHIN)
        return cell

    def finish(self, cell: int, within: int = RUNS_WITHIN) -> list[dict[str, Any]]:
        """The outputs of a started cell, once it has ended."""
        self.page.wait_for_function("(cell) => window.runs[cell].done", arg=cell, timeout=within)
        outputs: list[dict[str, Any]] = self.page.evaluate(_OUTPUTS, cell)
        for output in outputs:
            if output["output_type"] == "error":
                raise CellError("\n".join(output["traceback"]))
        return outputs

    def run(self, cell: int, within: int = RUNS_WITHIN) -> list[dict[str, Any]]:
        self.start(cell)
        return self.finish(cell, within)

    def run_new(self, source: str, within: int = RUNS_WITHIN) -> int:
        """Add a cell and run it to its end; its index."""
        cell = self.add(source)
        self.run(cell, within)
        return cell

    def printed(self, source: str) -> str:
        """What a new cell prints."""
        outputs = self.run(self.add(source))
        return "".join(output["text"] for output in outputs if output["output_type"] == "stream").strip()

    def clear(self) -> None:
        """Take all cells away, and with them every view."""
        self.page.evaluate(_CLEAR)

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def restart_kernel(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.wait_until_idle()

    def reconnect(self) -> None:
        """Let the host connect again after ``cut_off``, at once: its own next attempt may be half a minute away."""
        self.page.evaluate("() => { window.isDeaf = window.isCutOff = false; }")
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.reconnect()")

    def wait_for_restart(self) -> None:
        """Until the kernel that died is back, and the host's word about it has been read.

        Where the host does not bring it back, it is restarted by hand.
        """
        try:
            self.page.locator(".jp-Dialog .jp-mod-accept").click(timeout=SOON)
            self.page.wait_for_function(_IDLE, timeout=SOON)
        except TimeoutError:
            self.restart_kernel()

    def shut_kernel_down(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
