/** Listening to a widget's model until its view goes. */
import type { AnyModel } from "@anywidget/types";

export function on<State extends object>(
  model: AnyModel<State>,
  name: string,
  listener: (...parts: never[]) => void,
  abort: AbortSignal,
): void {
  model.on(name, listener as () => void);
  abort.addEventListener("abort", () => model.off(name as "msg:custom", listener as () => void), { once: true });
}
