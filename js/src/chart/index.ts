import type { AnyModel } from "@anywidget/types";
import { mountChart } from "./live_chart";
import type { ChartTraits } from "./messages";

interface Props {
  readonly model: AnyModel<ChartTraits>;
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

export default {
  /** Not waited for: what draws comes from the kernel, and anywidget gives up on what takes over two seconds. */
  render({ model, el, signal }: Props): void {
    void mountChart(model, el, signal);
  },
};
