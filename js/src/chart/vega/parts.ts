/** As much of Vega as is used; the library itself is typed by nothing else. */
import type { Row } from "../messages";

export interface Spec {
  readonly [key: string]: unknown;
}

export interface Logger {
  level(value?: number): Logger | number;
  error(...parts: readonly unknown[]): Logger;
  warn(...parts: readonly unknown[]): Logger;
  info(...parts: readonly unknown[]): Logger;
  debug(...parts: readonly unknown[]): Logger;
}

export interface Loader {
  load(uri: string): Promise<never>;
  sanitize(uri: string): Promise<never>;
  http(uri: string): Promise<never>;
  file(uri: string): Promise<never>;
}

export type TooltipHandler = (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void;

export interface ViewOptions {
  readonly renderer: "svg";
  readonly container: HTMLElement;
  readonly expr: unknown;
  readonly loader: Loader;
  readonly logger: Logger;
  readonly tooltip: TooltipHandler;
}

/** What is to become of the rows of a dataset; its own objects are meant. */
export interface Changes {
  insert(row: object): Changes;
  remove(row: object): Changes;
  modify(row: object, field: string, value: unknown): Changes;
}

export interface View {
  data(name: string): readonly unknown[];
  data(name: string, rows: readonly Row[]): View;
  change(name: string, changes: Changes): View;
  signal(name: string): unknown;
  signal(name: string, value: unknown): View;
  addSignalListener(name: string, listener: (name: string, value: unknown) => void): View;
  description(text: string): View;
  /** Lays it out anew when it is run next. */
  resize(): View;
  runAsync(): Promise<View>;
  finalize(): View;
}

/** What Vega-Lite makes of a chart, or of a part of it, as far as it is read. */
export interface Compiled {
  readonly data?: readonly {
    readonly name: string;
    readonly transform?: readonly { readonly type: string; readonly as?: unknown }[];
  }[];
  readonly scales?: readonly { readonly name: string; readonly type: string }[];
  readonly signals?: readonly {
    readonly name: string;
    readonly value?: unknown;
    readonly on?: readonly { readonly events: { readonly signal?: unknown }; readonly update: unknown }[];
  }[];
  readonly marks?: readonly Compiled[];
}

export interface Vega {
  readonly changeset: () => Changes;
  readonly View: new (runtime: unknown, options: ViewOptions) => View;
  readonly parse: (spec: Compiled, config: undefined, options: { readonly ast: true }) => unknown;
  readonly compile: (
    spec: Spec,
    options?: { readonly config: Spec; readonly logger: Logger },
  ) => { readonly spec: Compiled };
  readonly expressionInterpreter: unknown;
  /** Whether dark text is what can be read on a colour; null where that is for the page to say. */
  readonly isLight: (color: unknown) => boolean | null;
  /** Reads a field of a row; its name may lead into what lies within the row. */
  readonly field: (name: string) => (datum: unknown) => unknown;
}
