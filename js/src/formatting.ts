/** What formats Markdown, for this page: fetched when something near needs it, so that it is there before it is used. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Formatter } from "./blocks/formatter";
import { libraryOf, type Unpack } from "./library";
import type { Kernel } from "./model";
import type { Item } from "./protocol";

export interface FormattingOptions {
  readonly kernel: Kernel;
  readonly abort: AbortSignal;
  readonly unpack?: Unpack<Formatter> | undefined;
}

export class Formatting {
  /** Null until it has come, and where it does not come: texts stand as they are written. */
  readonly formatter: ReadonlySignal<Formatter | null>;
  /** Why texts stand as they are written, once that needs a word. */
  readonly lack: ReadonlySignal<"awaited" | "failed" | null>;
  readonly #formatter = signal<Formatter | null>(null);
  readonly #lack = signal<"awaited" | "failed" | null>(null);
  readonly #options: FormattingOptions;
  #isAskedFor = false;

  constructor(options: FormattingOptions) {
    this.formatter = this.#formatter;
    this.lack = this.#lack;
    this.#options = options;
  }

  need(): void {
    if (this.#isAskedFor) return;
    this.#isAskedFor = true;
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const { kernel, abort, unpack } = this.#options;
    try {
      this.#formatter.value = await libraryOf<Formatter>({
        name: kernel.traits.session.peek().libraries.markdown,
        line: kernel,
        abort,
        onWait: () => {
          this.#lack.value = "awaited";
        },
        ...(unpack && { unpack }),
      });
      this.#lack.value = null;
    } catch {
      this.#lack.value = "failed";
    }
  }
}

export function isFormatted({ blocks, explanation }: Item): boolean {
  return [...blocks, ...explanation].some(({ type }) => type === "markdown" || type === "chat");
}
