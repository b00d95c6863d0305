import type { AnyModel } from "@anywidget/types";
import { render } from "preact";
import { openChannel } from "../chart/channel";
import { isLeftOver, watchConnection } from "../connection";
import { Board } from "./board";
import { Drawings } from "./drawings";
import type { DashboardTraits, DashboardUp } from "./messages";
import { Dashboard } from "./view";

interface Props {
  readonly model: AnyModel<DashboardTraits>;
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

export default {
  render({ model, el, signal }: Props): void {
    // Where it would be, its reader finds the words and pictures that the notebook keeps.
    if (isLeftOver(model as AnyModel)) return;
    const channel = openChannel<DashboardUp>(model as AnyModel, signal);
    const board = new Board(channel, watchConnection(model as AnyModel, signal).connection, signal);
    const drawings = new Drawings(board, channel, model.get("library"), signal);
    render(<Dashboard board={board} drawings={drawings} />, el);
    signal.addEventListener("abort", () => render(null, el), { once: true });
  },
};
