/** Mounts the card as anywidget does, over the kernel in small; what to show is said in the address. */
import widget from "../src/index";
import { FakeKernel } from "../tests/fake_kernel";
import { scene } from "./scenes";

const asked = new URLSearchParams(location.search);
if (asked.has("dark")) {
  document.documentElement.style.colorScheme = "dark";
  document.documentElement.style.setProperty("--page", "#0e0f11");
}
document.documentElement.style.setProperty("--width", asked.get("width") ?? "100%");

const markdown = new DataView(await (await fetch("markdown.js.gz")).arrayBuffer());
const kernel = new FakeKernel({ ...(await scene(asked.get("scene") ?? "5")), markdown, delay_ms: 20 });
kernel.summary = {
  accuracy: { value: 0.913, low: 0.862, high: 0.947, level: 0.95, n: 208, method: "Wilson", note: "" },
  changed: 2,
  next_steps: ["session.corrections", 'session.export("decisions.csv")'],
};
kernel.publish();
const host = document.querySelector("main") as HTMLElement;
const closing = new AbortController();
const { initialize, render } = widget();
const props = { model: kernel.model, signal: closing.signal };
initialize(props);
render({ el: host.appendChild(document.createElement("div")), signal: closing.signal });
Object.assign(window, { kernel, closing });
