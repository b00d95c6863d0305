/** Code that only some pages need: the kernel sends it once a page, whichever widget asked for it first. */
import type { SentLibrary, WantedLibrary } from "./protocol";

/** The kernel may be busy, and a message may be lost: after this long it is asked again, then after twice as long. */
const PATIENCE_MS = 2_000;
const LONGEST_PATIENCE_MS = 30_000;

interface Shelf<Library> {
  readonly library: Promise<Library>;
  readonly put: (library: Library) => void;
  readonly fail: (error: unknown) => void;
  isArriving: boolean;
  asked_at: number;
}

/** A widget's line to the kernel. */
interface Line {
  send(message: WantedLibrary): unknown;
  /** Calls back for every message, until the returned function is called. */
  listen(listener: (message: unknown, buffers: readonly DataView[]) => void): () => void;
}

export type Unpack<Library> = (packed: DataView) => Promise<Library>;

interface Wanted<Library> {
  /** What the kernel calls it; another content has another name. */
  readonly name: string;
  readonly line: Line;
  readonly abort: AbortSignal;
  /** Called whenever the kernel has been waited for in vain. */
  readonly onWait: () => void;
  readonly unpack?: Unpack<Library>;
}

/** The library, from the page where it is there already, else from the kernel; null where the view went meanwhile. */
export async function libraryOf<Library>(wanted: Wanted<Library>): Promise<Library | null> {
  const { name, line, abort, onWait, unpack = unpacked<Library> } = wanted;
  const shelf = shelfOf<Library>(name);
  const stop = line.listen((message, [packed]) => {
    if (!isLibrary(message) || message.library !== name || packed === undefined || shelf.isArriving) return;
    shelf.isArriving = true;
    unpack(packed).then(shelf.put, shelf.fail);
  });
  try {
    for (let patience = PATIENCE_MS; !abort.aborted; patience = Math.min(2 * patience, LONGEST_PATIENCE_MS)) {
      if (!shelf.isArriving && performance.now() - shelf.asked_at >= PATIENCE_MS) {
        shelf.asked_at = performance.now();
        line.send({ kind: "library", library: name });
      }
      const library = await Promise.race([shelf.library, pause(patience, abort)]);
      if (abort.aborted) return null;
      if (library !== null) return library;
      onWait();
    }
    return null;
  } finally {
    stop();
  }
}

/** What the whole page shares, also with the copies of this module in other widgets. */
function shelfOf<Library>(name: string): Shelf<Library> {
  const page = globalThis as unknown as Record<symbol, Shelf<Library> | undefined>;
  const place = Symbol.for(`hitl_notebook/${name}`);
  const known = page[place];
  if (known !== undefined) return known;
  let put: Shelf<Library>["put"] = () => undefined;
  let fail: Shelf<Library>["fail"] = () => undefined;
  const library = new Promise<Library>((resolve, reject) => {
    put = resolve;
    fail = (error) => {
      delete page[place]; // the next who needs it tries again
      reject(error);
    };
  });
  library.catch(() => undefined); // each who waits hears of it
  const shelf = { library, put, fail, isArriving: false, asked_at: Number.NEGATIVE_INFINITY };
  page[place] = shelf;
  return shelf;
}

function isLibrary(message: unknown): message is SentLibrary {
  const { kind, library } = (message ?? {}) as Partial<SentLibrary>;
  return kind === "library" && typeof library === "string";
}

async function unpacked<Library>(packed: DataView): Promise<Library> {
  const unzipped = new Blob([packed as DataView<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(unzipped).arrayBuffer()], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    return (await import(address)) as Library;
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
