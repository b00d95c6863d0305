import type { Json, SessionState } from "../protocol";

const WRITTEN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Digits of a number that someone has thought of; a model's have more, and are rounded to fewer. */
const THOUGHT_OF = 9;
const ROUNDED = 6;

/** The numbers of a task: how they read, which are allowed, and when two of them agree. */
export class Numbers {
  readonly unit: string;
  readonly tolerance: number;
  readonly #step: number;
  readonly #minimum: number;
  readonly #maximum: number;

  constructor({ unit, step, tolerance, minimum, maximum }: SessionState["editor"]) {
    this.unit = typeof unit === "string" ? unit : "";
    this.tolerance = numberOr(tolerance, 0);
    this.#step = numberOr(step, this.tolerance || 1);
    this.#minimum = numberOr(minimum, Number.NEGATIVE_INFINITY);
    this.#maximum = numberOr(maximum, Number.POSITIVE_INFINITY);
  }

  /** The number with its unit, in groups of three digits. */
  text(value: number): string {
    const written = this.written(value);
    const grouped = /e/.test(written) ? written : Number(written).toLocaleString("en", { maximumFractionDigits: 20 });
    return this.#withUnit(grouped);
  }

  /** The number as someone would write it: a long one is rounded. */
  written(value: number): string {
    const whole = String(value);
    const digits = whole.replace(/e.*/, "").replace(/\D/g, "").replace(/^0+/, "").length;
    if (digits <= THOUGHT_OF || Number.isInteger(value)) return whole;
    const before = Math.floor(Math.log10(Math.abs(value))) + 1;
    return before > -ROUNDED
      ? String(Number(value.toFixed(Math.max(0, ROUNDED - before))))
      : String(Number(value.toPrecision(ROUNDED)));
  }

  /** The number that was written, or why it is none that can be sent. */
  read(written: string): number | string {
    const text = written.trim();
    if (!WRITTEN.test(text)) return text === "" ? "Write a number." : "Not a number: write it as in -1234.5.";
    const value = Number(text);
    if (!Number.isFinite(value)) return "Too large a number.";
    if (value < this.#minimum) return `At least ${this.text(this.#minimum)}.`;
    return value > this.#maximum ? `At most ${this.text(this.#maximum)}.` : value;
  }

  /** The allowed number nearest to the one that is written, and 0 where nothing is; null where that is no number. */
  nearest(written: string): number | null {
    const text = written.trim();
    if (text === "") return 0;
    const value = WRITTEN.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? this.#within(value) : null;
  }

  /** As the task in Python has it, rounding included. */
  agree(a: number, b: number): boolean {
    const rounding = Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
    return a === b || (this.tolerance > 0 && Math.abs(a - b) <= this.tolerance + rounding);
  }

  /** The next multiple of the step, up or down, as far as the range goes. */
  stepped(value: number, direction: 1 | -1): number {
    const decimals = Math.max(0, -Math.floor(Math.log10(this.#step))) + 6;
    const steps = Number((value / this.#step).toFixed(6));
    const next = direction > 0 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1;
    const rounded = Number((next * this.#step).toFixed(Math.min(decimals, 20)));
    return this.#within(rounded);
  }

  /** How far apart numbers may be and agree; null where they have to be the same. */
  get margin(): string | null {
    return this.tolerance > 0 ? `±${this.text(this.tolerance)}` : null;
  }

  #within(value: number): number {
    return Math.min(this.#maximum, Math.max(this.#minimum, value));
  }

  #withUnit(text: string): string {
    return this.unit === "" ? text : `${text} ${this.unit}`;
  }
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
