/** The one file that touches anywidget's model: traits become signals, messages go up and come down. */
import type { AnyModel } from "@anywidget/types";
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isDown } from "./guards";
import type { Down, Message, Traits } from "./protocol";

/** "gone" is for good: a restarted kernel does not know this page. "offline" may come back. */
export type Connection = "connected" | "offline" | "gone";

export interface Kernel {
  readonly traits: { readonly [K in keyof Traits]: ReadonlySignal<Traits[K]> };
  readonly connection: ReadonlySignal<Connection>;
  /** Whether the host says that a cell is running. */
  readonly busy: ReadonlySignal<boolean>;
  /** False where the message could not even be handed over. */
  send(message: Message): boolean;
  listen(listener: (message: Down, buffers: readonly DataView[]) => void): void;
}

const TRAITS = ["session", "queue", "progress", "saved", "refused", "problem", "summary", "last_seq"] as const;
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

export function openKernel(model: AnyModel<Traits>, abort: AbortSignal): Kernel {
  const { connection, busy } = watchConnection(model, abort);
  const post = (message: Message) => model.send(message) as unknown;
  let posted: Promise<unknown> | null = null;
  return {
    traits: watchTraits(model, abort),
    connection,
    busy,
    send(message) {
      try {
        // marimo posts every message as a request of its own and promises its arrival: one at a time keeps their order.
        const sent = posted === null ? post(message) : posted.then(() => post(message));
        if (sent instanceof Promise) posted = sent.catch(() => undefined);
        return true;
      } catch {
        return false; // the outbox keeps what matters; the connection's state says the rest
      }
    },
    listen(listener) {
      const receive = (message: unknown, buffers?: readonly DataView[]) => {
        if (isDown(message)) listener(message, buffers ?? []);
        else console.warn("hitl_notebook: a message of unknown shape was ignored");
      };
      on(model, "msg:custom", receive, abort);
    },
  };
}

function watchTraits(model: AnyModel<Traits>, abort: AbortSignal): Kernel["traits"] {
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) as unknown as Traits;
  const state = signal(read());
  // Traits that were sent together are all there at the first change event: they are taken over in one step.
  const update = () => {
    const next = read();
    if (TRAITS.some((name) => next[name] !== state.peek()[name])) state.value = next;
  };
  for (const name of TRAITS) on(model, `change:${name}`, update, abort);
  return {
    session: computed(() => state.value.session),
    queue: computed(() => state.value.queue),
    progress: computed(() => state.value.progress),
    saved: computed(() => state.value.saved),
    refused: computed(() => state.value.refused),
    problem: computed(() => state.value.problem),
    summary: computed(() => state.value.summary),
    last_seq: computed(() => state.value.last_seq),
  };
}

function watchConnection(model: AnyModel<Traits>, abort: AbortSignal): Pick<Kernel, "connection" | "busy"> {
  const connection = signal<Connection>("connected");
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

function hostKernel(model: AnyModel<Traits>): HostKernel | null {
  try {
    const manager = model.widget_manager as unknown as { readonly kernel?: HostKernel | null } | undefined;
    return manager?.kernel ?? null;
  } catch {
    return null; // marimo's stand-in for the manager refuses every look
  }
}

function on(model: AnyModel<Traits>, name: string, listener: (...parts: never[]) => void, abort: AbortSignal): void {
  model.on(name, listener as () => void);
  abort.addEventListener("abort", () => model.off(name as "msg:custom", listener as () => void), { once: true });
}
