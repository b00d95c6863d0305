/** The items around the current one, fetched before they are needed, pictures decoded, and let go of afterwards. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { afterPaintWhenIdle } from "./after_paint";
import { type Images, openImages } from "./images";
import { sameJson } from "./json";
import type { Down, Item, Request } from "./protocol";

export interface HeldItem {
  readonly item: Item;
  readonly buffers: readonly DataView[];
  readonly images: ReadonlyMap<number, HTMLImageElement>;
}

/** An item's place in the queue: which item, with which content. */
export type QueueEntry = readonly [item_id: string, content_hash: string];

interface Slot {
  readonly item: Item;
  readonly buffers: readonly DataView[];
  readonly bytes: number;
  /** The hash by which the item was wanted when it came: an earlier decision names the content of its own time. */
  readonly answers: string | null;
  /** Whether the kernel knew of an answer when the item came: if it is blind all the same, asking again is no use. */
  readonly answered: boolean;
  images: Images | null;
  /** What is shown until these pictures are decoded. */
  former: Images | null;
  held: HeldItem | null;
}

interface Asked {
  readonly missing: Set<string>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface ItemWindowOptions {
  readonly send: (request: Request) => boolean;
  readonly newId: () => string;
  /** Whether the store has an answer to the item, so that nothing of it is hidden any more. */
  readonly isAnswered: (item_id: string) => boolean;
  /** The content that the kernel's queue names for the item; null where it is not in the queue. */
  readonly named: (item_id: string) => string | null;
  /** Of the session as it is now. */
  readonly modelVersion: () => string;
  readonly abort: AbortSignal;
}

const AHEAD_ITEMS = 200;
const AHEAD_BYTES = 2 * 1024 * 1024;
const FIRST_BATCH = 8;
const BATCH = 50;
/** Decoded pictures are large: only the next ones are kept ready to paint. */
const DECODED_AHEAD = 8;
const BEHIND = 40;
const ASK_AGAIN_AFTER_MS = 4_000;
const LONGEST_PATIENCE_MS = 60_000;
/** An answer in several messages is waited for this long between two of them. */
const BETWEEN_PARTS_MS = 1_000;

export class ItemWindow {
  /** Changes with every item that has come, or become ready to paint. */
  readonly version: ReadonlySignal<number>;
  readonly #version = signal(0);
  readonly #slots = new Map<string, Slot>();
  /** Asked for and not in the frame any more, or not as it is elsewhere now. */
  readonly #gone = new Set<string>();
  readonly #options: ItemWindowOptions;
  #wanted: readonly QueueEntry[] = [];
  #behind: readonly string[] = [];
  #asked: Asked | null = null;
  #tending: (() => void) | null = null;
  #first = true;
  #patience = ASK_AGAIN_AFTER_MS;

  constructor(options: ItemWindowOptions) {
    this.#options = options;
    this.version = this.#version;
    options.abort.addEventListener("abort", () => {
      clearTimeout(this.#asked?.timer);
      this.#tending?.();
      for (const slot of this.#slots.values()) slot.images?.revoke();
      this.#slots.clear();
    });
  }

  /** The item, once it can be painted in one frame. */
  get(item_id: string, content_hash: string): HeldItem | null {
    const slot = this.#slots.get(item_id);
    return slot !== undefined && this.#isCurrent(slot, content_hash) ? slot.held : null;
  }

  isGone(item_id: string): boolean {
    this.#version.value;
    return this.#gone.has(item_id);
  }

  /** Says what will be needed, the first one first; `behind` may be needed again. */
  want(wanted: readonly QueueEntry[], behind: readonly string[] = []): void {
    this.#wanted = wanted;
    this.#behind = behind.slice(0, BEHIND);
    const next = wanted[0];
    // Housekeeping waits for the frame, unless that frame lacks its item.
    if (next !== undefined && this.get(next[0], next[1]) === null) this.#tend();
    else this.#tending ??= afterPaintWhenIdle(() => this.#tend());
  }

  #tend(): void {
    this.#tending?.();
    this.#tending = null;
    if (this.#options.abort.aborted) return;
    this.#decodeNext();
    this.#evict();
    this.#askForMore();
  }

  /** What was fetched speaks of an older model; `shown` stays on the screen until it has come again. */
  forget(shown: string | null): void {
    for (const [item_id, slot] of [...this.#slots]) if (item_id !== shown) this.#drop(item_id, slot);
    this.#gone.clear();
    this.#askForMore();
  }

  /** The item is no longer as it was shown: it is asked for again. */
  lookAgainAt(item_id: string): void {
    const slot = this.#slots.get(item_id);
    if (slot === undefined) return;
    this.#drop(item_id, slot);
    this.#version.value++;
    this.#askForMore();
  }

  /** All may have changed: what was gone may be there again. */
  lookAgain(): void {
    if (this.#gone.size === 0) return;
    this.#gone.clear();
    this.#version.value++;
    this.#askForMore();
  }

  /** The kernel can be reached again. */
  askAgain(): void {
    this.#patience = ASK_AGAIN_AFTER_MS;
    this.#forgetAsked();
  }

  #forgetAsked(): void {
    clearTimeout(this.#asked?.timer);
    this.#asked = null;
    this.#askForMore();
  }

  receive(message: Extract<Down, { readonly kind: "items" | "failed" }>, buffers: readonly DataView[]): void {
    const asked = this.#asked;
    if (message.kind === "failed") return; // asked again when its time is up
    this.#patience = ASK_AGAIN_AFTER_MS;
    const named = new Map(this.#wanted);
    for (const came of message.items) {
      this.#gone.delete(came.item_id);
      const before = this.#slots.get(came.item_id);
      // Made before the queue or the model changed, or before the page was told of it: asked for again in a while.
      if (this.#isNow(came)) asked?.missing.delete(came.item_id);
      else if (before !== undefined && this.#isNow(before.item)) continue;
      // What has come to it is taken over in place: the prediction, or its explanation.
      const again = before?.item.content_hash === came.content_hash ? before : null;
      if (before !== undefined && again === null) this.#drop(came.item_id, before);
      const isSame = again !== null && sameJson(again.item.blocks, came.blocks);
      const item = isSame ? { ...came, blocks: again.item.blocks } : came;
      const slot: Slot = {
        item,
        buffers,
        bytes: weight(item, buffers),
        answers: named.get(item.item_id) ?? null,
        answered: this.#options.isAnswered(item.item_id),
        images: null,
        former: again && lastShown(again),
        held: again?.held ?? null,
      };
      this.#slots.set(item.item_id, slot);
      if (!hasPictures(item)) slot.held = { item, buffers, images: new Map() };
    }
    for (const item_id of message.missing) {
      asked?.missing.delete(item_id);
      this.#gone.add(item_id);
    }
    if (asked?.missing.size === 0) {
      clearTimeout(asked.timer);
      this.#asked = null;
    } else if (asked !== null) this.#waitFor(asked, BETWEEN_PARTS_MS);
    this.#decodeNext();
    this.#version.value++;
    this.#askForMore();
  }

  #askForMore(): void {
    if (this.#options.abort.aborted) return;
    const lacking = this.#lacking();
    const urgent = this.#wanted[0]?.[0];
    const isUrgent = urgent !== undefined && lacking[0] === urgent;
    if (this.#asked !== null && !(isUrgent && !this.#asked.missing.has(urgent))) return;
    // Small wants after every decision would be chatter: they are gathered, unless an item is needed now.
    if (lacking.length === 0 || (!isUrgent && lacking.length < BATCH / 2 && this.#ahead() > BATCH)) return;
    const item_ids = lacking.slice(0, this.#first ? FIRST_BATCH : BATCH);
    const request_id = this.#options.newId();
    clearTimeout(this.#asked?.timer);
    this.#asked = { missing: new Set(item_ids), timer: undefined };
    this.#waitFor(this.#asked, this.#patience);
    // A busy kernel answers everything in the end: the longer it is busy, the less often it is asked.
    this.#patience = Math.min(2 * this.#patience, LONGEST_PATIENCE_MS);
    this.#first = false;
    this.#options.send({ kind: "want", request_id, item_ids });
  }

  #waitFor(asked: Asked, ms: number): void {
    clearTimeout(asked.timer);
    asked.timer = setTimeout(() => {
      if (this.#asked === asked) this.#forgetAsked();
    }, ms);
  }

  #lacking(): string[] {
    const lacking: string[] = [];
    let items = 0;
    let bytes = 0;
    for (const [item_id, content_hash] of this.#wanted) {
      if (items >= AHEAD_ITEMS || bytes >= AHEAD_BYTES) break;
      const slot = this.#slots.get(item_id);
      items++;
      bytes += slot?.bytes ?? 0;
      const isHeld = slot !== undefined && this.#isCurrent(slot, content_hash) && !this.#isStale(slot);
      if (!isHeld && !this.#gone.has(item_id)) lacking.push(item_id);
    }
    return lacking;
  }

  /** Whether the item can be had with what was hidden from its reviewer, or with what a newer model says. */
  #isStale({ item, answered }: Slot): boolean {
    return !this.#isOfModel(item) || (item.blind && !answered && this.#options.isAnswered(item.item_id));
  }

  #isCurrent({ item, answers }: Slot, content_hash: string): boolean {
    return this.#isNamed(item) && (item.content_hash === content_hash || answers === content_hash);
  }

  /** Whether the item is as the queue and the session have it. */
  #isNow(item: Item): boolean {
    return this.#isNamed(item) && this.#isOfModel(item);
  }

  #isNamed({ item_id, content_hash }: Item): boolean {
    return (this.#options.named(item_id) ?? content_hash) === content_hash;
  }

  #isOfModel({ model_version }: Item): boolean {
    return model_version === this.#options.modelVersion();
  }

  #ahead(): number {
    return this.#wanted.findIndex(([item_id]) => !this.#slots.has(item_id));
  }

  #decodeNext(): void {
    for (const [item_id] of this.#wanted.slice(0, DECODED_AHEAD)) {
      const slot = this.#slots.get(item_id);
      if (slot === undefined || slot.images !== null || !hasPictures(slot.item)) continue;
      const { item, buffers } = slot;
      const images = openImages(item, buffers);
      slot.images = images;
      void images.decoded.then(() => {
        if (slot.images !== images) return;
        slot.held = { item, buffers, images: images.elements };
        slot.former?.revoke();
        slot.former = null;
        this.#version.value++;
      });
    }
  }

  #evict(): void {
    const kept = new Set(this.#behind);
    for (const [item_id] of this.#wanted) kept.add(item_id);
    for (const [item_id, slot] of [...this.#slots]) if (!kept.has(item_id)) this.#drop(item_id, slot);
  }

  #drop(item_id: string, slot: Slot): void {
    for (const images of [slot.images, slot.former]) images?.revoke();
    slot.images = null;
    slot.former = null;
    this.#slots.delete(item_id);
  }
}

/** The pictures that a slot shows, which its successor lets go of once it has its own; those still to come go now. */
function lastShown(slot: Slot): Images | null {
  const { images, former } = slot;
  if (former !== null) images?.revoke();
  slot.images = null;
  slot.former = null;
  return former ?? images;
}

function hasPictures(item: Item): boolean {
  const isPicture = (block: Item["blocks"][number]) =>
    block.type === "image" || (block.type === "similar" && block.examples.some(({ buffer }) => buffer !== undefined));
  return item.blocks.some(isPicture) || item.explanation.some(isPicture);
}

/** About how many bytes an item takes, without writing it all out again. */
function weight(item: Item, buffers: readonly DataView[]): number {
  let bytes = 200;
  const visit = (value: unknown): void => {
    if (typeof value === "string") bytes += value.length;
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) {
      bytes += 16;
      for (const [key, part] of Object.entries(value)) {
        if (key === "buffer" && typeof part === "number") bytes += buffers[part]?.byteLength ?? 0;
        else visit(part);
      }
    }
  };
  visit(item.blocks);
  visit(item.explanation);
  return bytes;
}
