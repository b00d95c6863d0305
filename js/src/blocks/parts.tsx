import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { afterPaintWhenIdle, whenIdle } from "../after_paint";

/** So many characters are laid out in one go. */
export const LONGEST_PART = 4_000;

/**
 * What is long, part by part. The first frame lays out the parts in sight; the others follow when the page has time, so
 * that what comes after them stays where it is when they are scrolled to.
 */
export function Parts({ contents }: { readonly contents: readonly ComponentChildren[] }) {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const layOutOne = () => {
      const part = first.current?.parentElement?.querySelector<HTMLElement>(":scope > .hitl-part:not(.hitl-laid-out)");
      if (!part) return;
      part.classList.add("hitl-laid-out");
      part.getBoundingClientRect(); // laid out now, not in the next frame
      cancel = whenIdle(layOutOne);
    };
    let cancel = afterPaintWhenIdle(layOutOne);
    return () => cancel();
  }, [contents]);
  if (contents.length === 1) return <>{contents[0]}</>;
  return (
    <>
      {contents.map((part, index) => (
        <div key={index} class="hitl-part" ref={index === 0 ? first : null}>
          {part}
        </div>
      ))}
    </>
  );
}
