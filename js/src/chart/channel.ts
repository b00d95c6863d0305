/** One model's line to the kernel, until its view goes. */
import type { AnyModel } from "@anywidget/types";

type Listener = (message: unknown, buffers: readonly DataView[]) => void;

export interface Channel<Up> {
  send(message: Up, buffers?: readonly ArrayBuffer[]): void;
  /** Calls back for every message, until the view goes or the returned function is called. */
  listen(listener: Listener): () => void;
}

export function openChannel<Up>(model: AnyModel, abort: AbortSignal): Channel<Up> {
  return {
    send(message, buffers = []) {
      try {
        const sent = model.send(message, undefined, [...buffers]) as unknown;
        // marimo posts every message as a request of its own. What matters is sent again by whoever waits for an answer.
        if (sent instanceof Promise) sent.catch(() => undefined);
      } catch {
        // The comm is closed: nothing that could be done here.
      }
    },
    listen(listener) {
      const receive = (message: unknown, buffers?: readonly DataView[]) => listener(message, buffers ?? []);
      const stop = () => model.off("msg:custom", receive);
      model.on("msg:custom", receive);
      abort.addEventListener("abort", stop, { once: true });
      return stop;
    },
  };
}
