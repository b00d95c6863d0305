import type { Decide, Entry, Skip } from "./protocol";

/** A decision or skip that stands, as far as this page knows; without a `seq` while it is on its way to the store. */
export type Standing = Omit<Entry, "seq"> & { readonly seq: number | null };

/** What stands on each item for this reviewer, what has been sent but not stored included. */
export class Standings {
  readonly #byItem = new Map<string, Standing>();
  /** Also what no longer stands: an undo puts it back. */
  readonly #events = new Map<string, Standing>();
  /** What lay beneath an event of this page when it was made. */
  readonly #beneath = new Map<string, Standing | null>();
  readonly #refused = new Set<string>();
  /** Events that undos of this page have taken back, whatever an older word of the kernel's still says. */
  readonly #takenBack = new Set<string>();
  /** Counts what was put on an item, so that events on their way have an order. */
  readonly #order = new Map<string, number>();
  #made = 0;

  of(item_id: string): Standing | null {
    return this.#byItem.get(item_id) ?? null;
  }

  decision(item_id: string): Standing | null {
    const standing = this.of(item_id);
    return standing?.kind === "decide" ? standing : null;
  }

  /** An event that is known, standing or not. */
  find(event_id: string): Standing | null {
    return this.#events.get(event_id) ?? null;
  }

  /** What an undo takes back: the last one on its way, or else the last one stored. */
  newest(): Standing | null {
    let newest: Standing | null = null;
    for (const standing of this.#byItem.values()) {
      if (newest === null || this.#isAfter(standing, newest)) newest = standing;
    }
    return newest;
  }

  /** Everything known to stand, newest first. */
  timeline(): readonly Standing[] {
    return [...this.#byItem.values()].sort((a, b) => (this.#isAfter(a, b) ? -1 : 1));
  }

  /** The lowest sequence number known to stand: further history lies before it. */
  oldestSeq(): number | null {
    let oldest: number | null = null;
    for (const { seq } of this.#byItem.values()) if (seq !== null && (oldest === null || seq < oldest)) oldest = seq;
    return oldest;
  }

  /** A new event of this page. */
  put(standing: Standing): void {
    this.#beneath.set(standing.event_id, this.of(standing.item_id));
    this.#set(standing);
  }

  /** Takes the event back; returns what stands on its item again. */
  takeBack(event_id: string): Standing | null {
    this.#takenBack.add(event_id);
    const taken = this.#events.get(event_id);
    if (taken === undefined) return null;
    const restored = this.beneath(taken);
    if (this.of(taken.item_id)?.event_id !== event_id) return this.of(taken.item_id);
    if (restored === null) this.#byItem.delete(taken.item_id);
    else this.#set(restored);
    return restored;
  }

  /** What would stand if `standing` were taken back. */
  beneath(standing: Standing): Standing | null {
    let found = this.#beneath.get(standing.event_id);
    if (found === undefined && standing.replaces !== null) {
      // Known by name only, until the kernel says what stands again.
      found = this.#events.get(standing.replaces) ?? { ...standing, event_id: standing.replaces, replaces: null };
    }
    while (found && this.#refused.has(found.event_id)) found = this.#beneath.get(found.event_id);
    return found ?? null;
  }

  /** An event of this page that will never be stored. */
  refuse(event_id: string): void {
    this.#refused.add(event_id);
    this.takeBack(event_id);
  }

  /** An undo of this page that will never be stored: what it took back stands, if the kernel says so. */
  refuseUndo(undone: string): void {
    this.#takenBack.delete(undone);
  }

  /** A stored event, from whichever tab, cell or process. */
  record(entry: Entry): void {
    const standing = this.of(entry.item_id);
    const isOlder = standing !== null && standing.event_id !== entry.event_id && (standing.seq ?? Infinity) > entry.seq;
    this.#events.set(entry.event_id, entry);
    if (!isOlder && !this.#takenBack.has(entry.event_id)) this.#set(entry);
  }

  /** An undo that the store has, from wherever it came. */
  recordUndo(undone: string, restored: Entry | null): void {
    const standing = [...this.#byItem.values()].find((one) => one.event_id === undone);
    if (standing !== undefined) this.#byItem.delete(standing.item_id);
    const now = restored && this.of(restored.item_id);
    if (restored && (now === null || now.event_id === restored.event_id || now.seq !== null)) this.#set(restored);
  }

  /** What the kernel says stands again after an undo of this page; it may have been known by its id only. */
  restore(entry: Entry): void {
    this.#events.set(entry.event_id, entry);
    const now = this.of(entry.item_id);
    if (now?.event_id === entry.event_id || (now === null && !this.#takenBack.has(entry.event_id))) this.#set(entry);
  }

  /** The event is stored, at about this place; the kernel's own word of it is `entry`, or may still come. */
  acknowledge(event_id: string, seq: number, entry: Entry | null = null): void {
    const standing = this.#events.get(event_id);
    if (standing === undefined || (standing.seq !== null && entry === null)) return;
    const stored = entry ?? { ...standing, seq };
    this.#events.set(event_id, stored);
    if (this.of(standing.item_id)?.event_id === event_id) this.#byItem.set(standing.item_id, stored);
  }

  /**
   * A page of the kernel's history. The newest page is the truth about everything between its oldest and newest, and
   * with `toTheBeginning` about all before it too. Returns the items on which nothing is known to stand any more.
   */
  merge(entries: readonly Entry[], isNewest: boolean, toTheBeginning: boolean): ReadonlySet<string> {
    const forgotten = new Set<string>();
    if (isNewest) {
      const from = toTheBeginning ? 0 : (entries.at(-1)?.seq ?? 0);
      // What is newer than the page may have come since it was made.
      const to = entries[0]?.seq ?? 0;
      const named = new Set(entries.map((entry) => entry.event_id));
      for (const [item_id, { seq, event_id }] of [...this.#byItem]) {
        if (seq === null || seq < from || seq > to || named.has(event_id)) continue;
        this.#byItem.delete(item_id);
        forgotten.add(item_id);
      }
    }
    for (const entry of [...entries].reverse()) {
      this.record(entry);
      forgotten.delete(entry.item_id);
    }
    return forgotten;
  }

  #set(standing: Standing): void {
    this.#events.set(standing.event_id, standing);
    this.#byItem.set(standing.item_id, standing);
    if (!this.#order.has(standing.event_id)) this.#order.set(standing.event_id, ++this.#made);
  }

  #isAfter(a: Standing, b: Standing): boolean {
    if (a.seq !== null && b.seq !== null) return a.seq > b.seq;
    if (a.seq === null && b.seq === null) return this.#madeAt(a) > this.#madeAt(b);
    return a.seq === null;
  }

  #madeAt(standing: Standing): number {
    return this.#order.get(standing.event_id) ?? 0;
  }
}

/** What stands on its item once the event is recorded. */
export function standingOf(event: Decide | Skip): Standing {
  const { event_id, item_id, content_hash, decided_at } = event;
  const on = { seq: null, event_id, item_id, content_hash, recorded_at: decided_at };
  if (event.kind === "skip") {
    return { ...on, kind: "skip", action: null, value: null, reason: null, comment: null, replaces: null };
  }
  const { action, value, reason, comment, replaces } = event;
  return { ...on, kind: "decide", action, value, reason, comment, replaces };
}
