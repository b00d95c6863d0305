/** Listening to a widget's model until its view goes, or the returned function is called. */
import type { AnyModel } from "@anywidget/types";

export function on<State extends object>(
  model: AnyModel<State>,
  name: string,
  listener: (...parts: never[]) => void,
  abort: AbortSignal,
): () => void {
  const stop = () => model.off(name as "msg:custom", listener as () => void);
  model.on(name, listener as () => void);
  abort.addEventListener("abort", stop, { once: true });
  return stop;
}
