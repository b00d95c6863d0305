/** Enough quiet that what is drawn now may stay for long. */
const REST_MS = 1_500;

/** Calls back once nothing has happened for a while after the returned function was called last. */
export function afterRest(abort: AbortSignal, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  abort.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    clearTimeout(timer);
    if (!abort.aborted) timer = setTimeout(callback, REST_MS);
  };
}
