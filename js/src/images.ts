import type { Block, Item } from "./protocol";

const SHOWABLE = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** The pictures of one item as elements that paint at once, by the number of their buffer. */
export interface Images {
  readonly elements: ReadonlyMap<number, HTMLImageElement>;
  /** Settles when every picture is decoded, or known not to be decodable. */
  readonly decoded: Promise<void>;
  /** Gives the memory back. */
  revoke(): void;
}

export function openImages(item: Item, buffers: readonly DataView[]): Images {
  const elements = new Map<number, HTMLImageElement>();
  for (const { buffer, mime } of pictures([...item.blocks, ...item.explanation])) {
    const bytes = buffers[buffer];
    if (bytes === undefined || elements.has(buffer) || !SHOWABLE.has(mime)) continue;
    const image = new Image();
    // The frame that shows the item shows its pictures too: they are decoded by then.
    image.decoding = "sync";
    image.src = URL.createObjectURL(new Blob([bytes as DataView<ArrayBuffer>], { type: mime }));
    elements.set(buffer, image);
  }
  const decoded = Promise.allSettled(Array.from(elements.values(), (image) => image.decode())).then(() => undefined);
  return {
    elements,
    decoded,
    revoke: () => {
      for (const image of elements.values()) URL.revokeObjectURL(image.src);
    },
  };
}

function* pictures(blocks: readonly Block[]): Generator<{ readonly buffer: number; readonly mime: string }> {
  for (const block of blocks) {
    if (block.type === "image") yield block;
    if (block.type !== "similar") continue;
    for (const { buffer, mime } of block.examples) {
      if (buffer !== undefined && mime !== undefined) yield { buffer, mime };
    }
  }
}
