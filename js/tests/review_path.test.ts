/** Any sequence of decisions, changes, undos, skips, reloads, restarts and busy kernels ends with page and log agreed. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Review } from "../src/review";
import { FakeKernel, FakeLog } from "./fake_kernel";
import { LABELS, look, type Opened, openPage, tickets } from "./mounted";

/** `HITL_EXAMPLES=50000` makes it a long campaign. */
const EXAMPLES = Number(process.env.HITL_EXAMPLES ?? 500);
const ITEMS = 4;
const BLIND = new Set(["t1", "t3"]);

const PRESSES = ["accept", "refund", "other", "flag", "skip", "undo", "keep", "back", "forward"] as const;
const TURNS = ["look", "look", "look", "busy", "idle", "reload", "restart", "second tab", "elsewhere"] as const;
type Step = (typeof PRESSES)[number] | (typeof TURNS)[number];
const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PRESSES) }, { weight: 2, arbitrary: fc.constantFrom(...TURNS) }),
  { maxLength: 30 },
);

beforeAll(() => {
  // A frame is as long as a task: nothing here depends on how long it takes.
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => setTimeout(() => callback(0)));
  vi.stubGlobal("cancelAnimationFrame", (frame: ReturnType<typeof setTimeout>) => clearTimeout(frame));
});
afterAll(() => vi.unstubAllGlobals());

class World {
  readonly log: FakeLog;
  /** The events that the pages made. */
  readonly made = new Set<string>();
  kernel: FakeKernel;
  pages: Opened[];
  readonly #lags: boolean;
  readonly #killed: FakeKernel[] = [];
  #elsewhere = 0;

  constructor(lags: boolean, log: FakeLog) {
    this.log = log;
    this.#lags = lags;
    this.kernel = this.#startKernel();
    this.pages = [this.#openPage()];
  }

  get page(): Opened {
    return this.pages.at(-1) as Opened;
  }

  async step(step: Step): Promise<void> {
    switch (step) {
      case "look":
        await settled();
        for (const { review } of this.pages) look(review);
        break;
      case "busy":
        this.kernel.pause();
        break;
      case "idle":
        this.kernel.resume();
        break;
      case "reload":
        this.#close(this.page);
        this.pages = [...this.pages.slice(0, -1), this.#openPage()];
        break;
      case "second tab":
        if (this.pages.length < 2) this.pages = [...this.pages, this.#openPage()];
        else this.pages = [this.pages[1] as Opened, this.pages[0] as Opened];
        break;
      case "restart":
        this.restart();
        break;
      case "elsewhere":
        this.#decideElsewhere();
        break;
      default:
        this.#press(step);
    }
  }

  /** A kernel killed with all that it had not stored, its cell run again. */
  restart(): void {
    for (const page of this.pages) this.#close(page);
    this.#killed.push(this.kernel);
    this.kernel = this.#startKernel();
    this.pages = [this.#openPage()];
  }

  /** Everything that waits has arrived. */
  async rest(): Promise<void> {
    this.kernel.resume();
    for (let i = 0; i < 5; i++) await settled();
    for (const { review } of this.pages) {
      look(review);
      review.retry();
    }
    for (let i = 0; i < 5; i++) await settled();
  }

  end(): void {
    for (const page of this.pages) this.#close(page);
    localStorage.clear();
    sessionStorage.clear();
  }

  check(): void {
    const { queue, progress } = this.kernel.truth;
    const stored = this.log.events.map(({ event_id }) => event_id);
    const refused = this.#refused();
    expect(new Set(stored).size).toBe(stored.length);
    for (const event_id of this.made) {
      expect(Number(stored.includes(event_id)) + Number(refused.has(event_id))).toBe(1);
    }
    for (const { review } of this.pages) {
      const { ledger, outbox } = review;
      expect(outbox.pending.value).toEqual([]);
      expect(ledger.timeline().map(({ event_id }) => event_id)).toEqual(
        this.log.standing().map(({ event_id }) => event_id),
      );
      expect(ledger.upcoming.value).toEqual(queue.entries);
      const { seconds_per_item: _, ...counts } = ledger.progress.value;
      expect(progress).toMatchObject(counts);
    }
  }

  #refused(): Set<string> {
    return new Set(
      [this.kernel, ...this.#killed].flatMap(({ truth }) => truth.refused.map(({ event_id }) => event_id)),
    );
  }

  #startKernel(): FakeKernel {
    return new FakeKernel({ items: tickets(ITEMS), labels: LABELS, blind: BLIND, log: this.log, lags: this.#lags });
  }

  #openPage(): Opened {
    return openPage({ items: [] }, this.kernel);
  }

  #close({ closing, host }: Opened): void {
    closing.abort();
    host.remove();
  }

  /** As the card does it: only what was painted can be decided on. */
  #press(press: (typeof PRESSES)[number]): void {
    const { review } = this.page;
    if (!review.sight.counts({ timeStamp: performance.now() + 1 })) return;
    const item_id = review.scene.peek().held?.item.item_id ?? "";
    const before = review.outbox.pending.peek().length;
    PRESSED[press](review);
    const made = review.outbox.pending.peek().slice(before);
    for (const event of made) {
      expect(event.kind === "undo" || event.item_id === item_id).toBe(true);
      this.made.add(event.event_id);
    }
  }

  #decideElsewhere(): void {
    const open = this.kernel.truth.queue.entries[0];
    if (open === undefined) return;
    this.kernel.elsewhere({
      kind: "decide",
      event_id: `elsewhere-${++this.#elsewhere}`,
      client_id: "c2",
      client_seq: 1,
      session_id: "s-1",
      reviewer: "ada",
      item_id: open[0],
      content_hash: open[1],
      shown_at: "",
      decided_at: "",
      seconds: 1,
      model_version: "v1",
      action: "correct",
      value: "card lost",
      first_value: null,
      reason: null,
      comment: null,
      replaces: null,
      blind: false,
      explained: false,
    });
  }
}

const PRESSED: Record<(typeof PRESSES)[number], (review: Review) => unknown> = {
  accept: (review) => review.accept(),
  refund: (review) => review.answer("refund"),
  other: (review) => review.answer("other"),
  flag: (review) => review.flag("unclear", ""),
  skip: (review) => review.skip(),
  undo: (review) => review.undo(),
  keep: (review) => review.keep(),
  back: (review) => review.step("back"),
  forward: (review) => review.step("forward"),
};

async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise<void>((resolve) => setTimeout(resolve));
}

async function walk(path: readonly Step[], lags: boolean, log: FakeLog): Promise<void> {
  const world = new World(lags, log);
  try {
    for (const step of path) await world.step(step);
    await world.rest();
    world.check();
  } finally {
    world.end();
  }
}

test("page and log end up agreed, with every event in the log once or refused", { timeout: 0 }, () =>
  fc.assert(
    fc.asyncProperty(steps, fc.boolean(), (path, lags) => walk(path, lags, new FakeLog())),
    { numRuns: EXAMPLES },
  ),
);

test("a kernel that says saved and forgets would be noticed", async () => {
  const forgetful = new FakeLog();
  forgetful.append = (event) => {
    const told = new FakeLog().append(event);
    return { ...told, seq: 1 };
  };
  await expect(walk(["look", "accept"], false, forgetful)).rejects.toThrow();
});
