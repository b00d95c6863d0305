/** The widget around one chart: what is drawn, and in words what is not. */
import type { AnyModel } from "@anywidget/types";
import { watchConnection } from "../connection";
import { libraryOf } from "../library";
import { keepKeys } from "../own_keys";
import { plainly } from "../words";
import { openChannel } from "./channel";
import type { ChartTraits, ChartUp } from "./messages";
import { pictureOf } from "./picture";
import { Plot } from "./plot";
import { afterRest } from "./rest";
import type { Vega } from "./vega/parts";
import { withoutKernel } from "./without_kernel";

const TRAITS = ["spec", "rows", "problem", "keeps"] as const;

/** Draws the model's chart into `host` until `abort`. */
export async function mountChart(model: AnyModel<ChartTraits>, host: HTMLElement, abort: AbortSignal): Promise<void> {
  const channel = openChannel<ChartUp>(model as AnyModel, abort);
  const { root, lost, said, place } = page(host);
  abort.addEventListener("abort", () => root.remove(), { once: true });
  const say = (words: string | null) => write(said, words);
  const told = () => model.get("problem");
  const { connection } = watchConnection(model as AnyModel, abort);
  let isWaiting = false;
  const listening = connection.subscribe((now) => {
    write(lost, withoutKernel(now));
    if (isWaiting && now === "gone") say(told());
  });
  abort.addEventListener("abort", listening, { once: true });
  root.dataset.keeps = String(model.get("keeps"));
  say(told());
  try {
    const vega = await libraryOf<Vega>({
      name: model.get("library"),
      line: channel,
      abort,
      onWait: () => {
        isWaiting = connection.peek() !== "gone";
        if (isWaiting) say("Waiting for the kernel to draw this chart…");
      },
    });
    if (vega === null) return;
    isWaiting = false;
    say(told());
    const rested = afterRest(abort, async () => {
      const picture = model.get("keeps") && plot.svg !== null ? await pictureOf(plot.svg) : null;
      if (picture !== null && !abort.aborted) channel.send({ kind: "picture", ...picture.size }, [picture.png]);
    });
    const plot = new Plot(vega, place, {
      onSelect: (points) => channel.send({ kind: "selected", points, zone: ownZone() }),
      onProblem: (words) => say(words === null ? told() : `This chart cannot be drawn: ${words}`),
      onDrawn: rested,
    });
    abort.addEventListener("abort", () => plot.close(), { once: true });
    const update = () => {
      root.dataset.keeps = String(model.get("keeps"));
      const spec = model.get("spec");
      if (spec === null) say(told());
      else plot.show(spec, model.get("rows"));
    };
    for (const name of TRAITS) {
      model.on(`change:${name}`, update);
      abort.addEventListener("abort", () => model.off(`change:${name}`, update), { once: true });
    }
    update();
  } catch (error) {
    say(`This chart cannot be drawn: ${error instanceof Error ? error.message : error}`);
  }
}

function page(host: HTMLElement) {
  const root = document.createElement("div");
  root.className = "hitl-live";
  root.dataset.hitl = "chart";
  root.addEventListener("focusin", keepKeys);
  const [lost, said] = [notice("alert"), notice("status")];
  const place = document.createElement("div");
  place.className = "hitl-plot";
  root.append(lost, said, place);
  host.append(root);
  return { root, lost, said, place };
}

function notice(role: "alert" | "status"): HTMLElement {
  const element = document.createElement("p");
  element.className = "hitl-notice";
  element.setAttribute("role", role);
  element.hidden = true;
  return element;
}

function write(element: HTMLElement, words: string | null): void {
  element.textContent = words === null ? "" : plainly(words);
  element.hidden = words === null;
}

/** By which the browser reads times that name no zone. */
function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
