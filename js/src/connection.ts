/** Whether the kernel behind a widget can be reached, as the host tells it. */
import type { AnyModel } from "@anywidget/types";
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { on } from "./on";

/** "gone" is for good: a restarted kernel does not know this page. "offline" may come back. */
export type Connection = "connected" | "offline" | "gone";

export interface HostState {
  readonly connection: ReadonlySignal<Connection>;
  /** Whether the host says that a cell is running. */
  readonly busy: ReadonlySignal<boolean>;
}

const NEVER_REVIVED = new Set(["dead", "restarting", "autorestarting", "terminating"]);
/** A network that comes back within this is not worth a word. */
const OFFLINE_AFTER_MS = 2_000;

interface HostSignal {
  connect(slot: () => void): void;
  disconnect(slot: () => void): void;
}

/** The kernel connection of JupyterLab and Notebook, as far as it is used; other hosts have none. */
interface HostKernel {
  readonly status?: string;
  readonly connectionStatus?: string;
  readonly statusChanged?: HostSignal;
  readonly connectionStatusChanged?: HostSignal;
}

/** Whether the model came out of a saved notebook, with the state that it had then: no kernel has known it since. */
export function isLeftOver(model: AnyModel): boolean {
  // A model's stand-in does not show its own comm; the layout is a model beside it, which was kept and lost with it. One
  // whose kernel has ended has a comm still, though no live one.
  const layout: unknown = model.get("layout");
  if (typeof layout !== "object" || layout === null || !("comm_live" in layout)) return false;
  return layout.comm_live === false && (!("comm" in layout) || layout.comm === undefined);
}

export function watchConnection(model: AnyModel, abort: AbortSignal): HostState {
  const connection = signal<Connection>(isLeftOver(model) ? "gone" : "connected");
  const busy = signal(false);
  const kernel = hostKernel(model);
  const leave = () => {
    connection.value = "gone";
  };
  for (const name of ["comm:close", "destroy"]) on(model, name, leave, abort);
  if (kernel === null) {
    // The event does not say which way, and the model's proxy does not show `comm_live`: it begins live and turns.
    const turn = () => {
      if (connection.peek() !== "gone") connection.value = connection.peek() === "connected" ? "offline" : "connected";
    };
    on(model, "comm_live_update", turn, abort);
    return { connection, busy };
  }
  let offline: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (connection.peek() === "gone") return;
    batch(() => {
      busy.value = kernel.status === "busy";
      if (kernel.status !== undefined && NEVER_REVIVED.has(kernel.status)) {
        clearTimeout(offline);
        leave();
      } else if (kernel.connectionStatus === undefined || kernel.connectionStatus === "connected") {
        clearTimeout(offline);
        offline = undefined;
        connection.value = "connected";
      } else if (offline === undefined) {
        offline = setTimeout(() => setIfConnected(connection), OFFLINE_AFTER_MS);
      }
    });
  };
  for (const changes of [kernel.statusChanged, kernel.connectionStatusChanged]) {
    changes?.connect(look);
    abort.addEventListener("abort", () => changes?.disconnect(look), { once: true });
  }
  abort.addEventListener("abort", () => clearTimeout(offline), { once: true });
  look();
  return { connection, busy };
}

function setIfConnected(connection: Signal<Connection>): void {
  if (connection.peek() === "connected") connection.value = "offline";
}

function hostKernel(model: AnyModel): HostKernel | null {
  try {
    const manager = model.widget_manager as unknown as { readonly kernel?: HostKernel | null } | undefined;
    return manager?.kernel ?? null;
  } catch {
    return null; // marimo's stand-in for the manager refuses every look
  }
}
