import type { QueueEntry } from "./item_window";
import type { Queue, Recordable } from "./protocol";
import type { Standing } from "./standing";

export interface UpcomingParts {
  /** As the kernel last said. */
  readonly queue: Queue;
  /** Events that the kernel has not acknowledged yet, oldest first. */
  readonly onItsWay: readonly Recordable[];
  /** What has come to stand in the store since the queue was made: the kernel leaves out a queue that follows from it. */
  readonly since: (item_id: string) => Standing | null;
  /** Items brought back by an undo: they come first. */
  readonly front: readonly QueueEntry[];
  readonly isGone: (item_id: string) => boolean;
}

/** The items to come, the next one first: the kernel's queue as it will be once it knows of everything done here. */
export function upcoming({ queue, onItsWay, since, front, isGone }: UpcomingParts): QueueEntry[] {
  const done = new Set<string>();
  const skippedHere = new Map<string, QueueEntry>();
  for (const event of onItsWay) {
    if (event.kind === "undo") continue;
    done.add(event.item_id);
    skippedHere.delete(event.item_id);
    if (event.kind === "skip") skippedHere.set(event.item_id, [event.item_id, event.content_hash]);
  }
  const first = new Set(front.map(([item_id]) => item_id));
  const rest: QueueEntry[] = [];
  const skipped: { readonly entry: QueueEntry; readonly seq: number }[] = [];
  for (const entry of queue.entries) {
    const [item_id] = entry;
    if (done.has(item_id) || first.has(item_id)) continue;
    const standing = since(item_id);
    if (standing === null) rest.push(entry);
    else if (standing.kind === "skip") skipped.push({ entry, seq: standing.seq ?? 0 });
  }
  const last = [
    ...skipped.sort((a, b) => a.seq - b.seq).map(({ entry }) => entry),
    ...[...skippedHere.values()].filter(([item_id]) => !first.has(item_id)),
  ];
  // Skipped items come back at the end, once the end is in sight.
  return [...front, ...rest, ...(queue.more === 0 ? last : [])].filter(([item_id]) => !isGone(item_id));
}
