/** The review's model: traits become signals, messages go up and come down. */
import type { AnyModel } from "@anywidget/types";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type HostState, watchConnection } from "./connection";
import { isDown } from "./guards";
import { on } from "./on";
import type { Down, Message, Traits } from "./protocol";

export interface Kernel extends HostState {
  readonly traits: { readonly [K in keyof Traits]: ReadonlySignal<Traits[K]> };
  /** False where the message could not even be handed over. */
  send(message: Message): boolean;
  /** Calls back for every message, until the returned function is called. */
  listen(listener: (message: Down, buffers: readonly DataView[]) => void): () => void;
}

/** A message that has not arrived by then holds up no other. */
const PATIENCE_MS = 5_000;

const TRAITS = ["session", "queue", "progress", "saved", "refused", "problem", "summary", "last_seq"] as const;

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
        if (posted !== null) posted = posted.then(() => arrival(post(message))).catch(() => undefined);
        else {
          const sent = post(message);
          if (sent instanceof Promise) posted = arrival(sent);
        }
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
      return on(model, "msg:custom", receive, abort);
    },
  };
}

/** When the next message may go: this one has arrived, or failed, or been waited for long enough. */
function arrival(sent: unknown): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    Promise.resolve(sent).then(done, done);
  });
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
