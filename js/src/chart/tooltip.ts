/** What is under the pointer, as text; nothing that comes from data is ever markup. */
import { jsonText, plainly } from "../words";
import { isRecord } from "./messages";
import type { TooltipHandler } from "./vega/parts";

const GAP = 12; // pixels between the pointer and the box

/** Where on the screen it is about. */
type Place = Pick<MouseEvent, "clientX" | "clientY">;

export interface Tooltip {
  readonly show: TooltipHandler;
  /** The same at a place; nothing to say hides it. */
  showAt(place: Place, value: unknown): void;
  hide(): void;
  close(): void;
}

/** Keeps to the element that it is put in, which may be in a shadow root. */
export function openTooltip(parent: HTMLElement): Tooltip {
  const box = document.createElement("div");
  box.className = "hitl-tip";
  box.setAttribute("role", "tooltip");
  // In the top layer no host cuts it off or covers it.
  const isOnTop = typeof box.showPopover === "function";
  if (isOnTop) box.popover = "manual";
  box.hidden = true;
  parent.append(box);
  const hide = () => {
    if (isOnTop && box.matches(":popover-open")) box.hidePopover();
    box.hidden = true;
  };
  const showAt = (where: Place, value: unknown) => {
    if (value === null || value === undefined || value === "") {
      hide();
      return;
    }
    box.replaceChildren(...contents(value));
    box.hidden = false;
    if (isOnTop && !box.matches(":popover-open")) box.showPopover();
    place(box, where);
  };
  return {
    show: (_handler, event, _item, value) => showAt(event, value),
    showAt,
    hide,
    close() {
      hide();
      box.remove();
    },
  };
}

/** What it would show, in one line. */
export function inWords(value: unknown): string {
  if (!isRecord(value)) return words(value);
  return facts(value)
    .map(([name, part]) => `${plainly(name)}: ${words(part)}`)
    .join(", ");
}

function contents(value: unknown): readonly Node[] {
  if (!isRecord(value)) return [document.createTextNode(words(value))];
  const table = document.createElement("dl");
  for (const [name, part] of facts(value)) {
    const term = document.createElement("dt");
    term.textContent = plainly(name);
    const description = document.createElement("dd");
    description.textContent = words(part);
    table.append(term, description);
  }
  return [table];
}

/** Without those that say nothing. */
function facts(value: { readonly [name: string]: unknown }): readonly (readonly [name: string, part: unknown])[] {
  return Object.entries(value).filter(([, part]) => part !== "");
}

function words(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return plainly(jsonText(value as string));
}

/** Beside what it is about, on the side where there is room. */
function place(box: HTMLElement, { clientX, clientY }: Place): void {
  const { width, height } = box.getBoundingClientRect();
  const left = clientX + GAP + width > window.innerWidth ? clientX - GAP - width : clientX + GAP;
  const top = clientY + GAP + height > window.innerHeight ? clientY - GAP - height : clientY + GAP;
  box.style.left = `${Math.max(left, 0)}px`;
  box.style.top = `${Math.max(top, 0)}px`;
}
