import type { AnyModel } from "@anywidget/types";
import { isLeftOver } from "../connection";
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
    // Where the chart would be, its reader finds the picture that the notebook keeps.
    if (isLeftOver(model as AnyModel)) return;
    void mountChart(model, el, signal);
  },
};
