import type { QueueEntry } from "./item_window";
import type { Queue, Recordable } from "./protocol";

export interface UpcomingParts {
  /** As the kernel last said. */
  readonly queue: Queue;
  /** Events that the kernel's queue does not know of yet, oldest first. */
  readonly unreflected: readonly Recordable[];
  /** What has come to stand in the store since then, by a word of the kernel's that came without a new queue. */
  readonly isSettled: (item_id: string) => boolean;
  /** Items brought back by an undo: they come first. */
  readonly front: readonly QueueEntry[];
  readonly isGone: (item_id: string) => boolean;
}

/** The items to come, the next one first: the kernel's queue as it will be once it knows of everything done here. */
export function upcoming({ queue, unreflected, isSettled, front, isGone }: UpcomingParts): QueueEntry[] {
  const done = new Set<string>();
  const skipped = new Map<string, QueueEntry>();
  for (const event of unreflected) {
    if (event.kind === "undo") continue;
    done.add(event.item_id);
    skipped.delete(event.item_id);
    if (event.kind === "skip") skipped.set(event.item_id, [event.item_id, event.content_hash]);
  }
  const taken = new Set(front.map(([item_id]) => item_id));
  const rest = queue.entries.filter(([id]) => !done.has(id) && !taken.has(id) && !isSettled(id));
  // Skipped items come back at the end, once the end is in sight.
  const again = queue.more === 0 ? [...skipped.values()].filter(([item_id]) => !taken.has(item_id)) : [];
  return [...front, ...rest, ...again].filter(([item_id]) => !isGone(item_id));
}
