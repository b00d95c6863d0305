import { type ReadonlySignal, signal } from "@preact/signals";
import { createContext } from "preact";

/** What takes Markdown apart: only pages that show some fetch it. */
export type Formatter = typeof import("./markdown_tokens");

/** The page's own; null where there is none, or none yet. */
export const PageFormatter = createContext<ReadonlySignal<Formatter | null>>(signal(null));
