/** The chunk that draws: one a page, whichever chart asked for it first. */
import type { Channel } from "./channel";
import { isLibrary } from "./messages";
import type { Vega } from "./vega/parts";

/** The kernel may be busy, and a message may be lost: after this long it is asked again, then after twice as long. */
const PATIENCE_MS = 2_000;
const LONGEST_PATIENCE_MS = 30_000;

interface Shelf {
  readonly vega: Promise<Vega>;
  readonly put: (vega: Vega) => void;
  readonly fail: (error: unknown) => void;
  isArriving: boolean;
  asked_at: number;
}

interface Wanted {
  /** The name of the chunk. */
  readonly library: string;
  readonly channel: Channel<{ readonly kind: "library" }>;
  readonly abort: AbortSignal;
  /** Called whenever the kernel has been waited for in vain. */
  readonly onWait: () => void;
  readonly unpack?: (packed: DataView) => Promise<Vega>;
}

/** Vega, from the page where it is there already, else from the kernel; null where the view went meanwhile. */
export async function vegaOf({ library, channel, abort, onWait, unpack = unpacked }: Wanted): Promise<Vega | null> {
  const shelf = shelfOf(library);
  const stop = channel.listen((message, [packed]) => {
    if (!isLibrary(message) || message.library !== library || packed === undefined || shelf.isArriving) return;
    shelf.isArriving = true;
    unpack(packed).then(shelf.put, shelf.fail);
  });
  try {
    for (let patience = PATIENCE_MS; !abort.aborted; patience = Math.min(2 * patience, LONGEST_PATIENCE_MS)) {
      if (!shelf.isArriving && performance.now() - shelf.asked_at >= PATIENCE_MS) {
        shelf.asked_at = performance.now();
        channel.send({ kind: "library" });
      }
      const vega = await Promise.race([shelf.vega, pause(patience, abort)]);
      if (abort.aborted) return null;
      if (vega !== null) return vega;
      onWait();
    }
    return null;
  } finally {
    stop();
  }
}

/** What the whole page shares, also with the copies of this module in other widgets. */
function shelfOf(library: string): Shelf {
  const page = globalThis as unknown as Record<symbol, Shelf | undefined>;
  const place = Symbol.for(`hitl_notebook/vega/${library}`);
  const known = page[place];
  if (known !== undefined) return known;
  let put: Shelf["put"] = () => undefined;
  let fail: Shelf["fail"] = () => undefined;
  const vega = new Promise<Vega>((resolve, reject) => {
    put = resolve;
    fail = (error) => {
      delete page[place]; // the next chart tries again
      reject(error);
    };
  });
  vega.catch(() => undefined); // each who waits hears of it
  const shelf = { vega, put, fail, isArriving: false, asked_at: Number.NEGATIVE_INFINITY };
  page[place] = shelf;
  return shelf;
}

async function unpacked(packed: DataView): Promise<Vega> {
  const unzipped = new Blob([packed as DataView<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(unzipped).arrayBuffer()], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    return (await import(address)) as Vega;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function pause(milliseconds: number, abort: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      abort.removeEventListener("abort", done);
      resolve(null);
    };
    const timer = setTimeout(done, milliseconds);
    abort.addEventListener("abort", done);
  });
}
