/**
 * Keeps a box as high as what is in it was at most, while that is as wide: a clause that comes and goes moves nothing
 * below it. What is in it is observed and stays as it is, so that no layout waits for another.
 */
export function keepTallest(box: HTMLElement | null, within: HTMLElement | null): () => void {
  if (box === null || within === null) return () => undefined;
  let [width, tallest] = [0, 0];
  const observer = new ResizeObserver((entries) => {
    const now = entries.at(-1)?.contentRect;
    if (now === undefined) return;
    tallest = now.width === width ? Math.max(tallest, now.height) : now.height;
    width = now.width;
    box.style.minBlockSize = `${tallest}px`;
  });
  observer.observe(within);
  return () => observer.disconnect();
}
