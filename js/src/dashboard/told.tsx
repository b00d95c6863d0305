import type { ComponentChildren } from "preact";
import { shown } from "../blocks/visible_text";

/** How the kernel writes a name in a sentence whose direction is to be its own. */
const NAME = /\u2068([^\u2068\u2069]*)\u2069/;

/** A sentence of the kernel's, with each name cut off from the direction of the words around it. */
export function told(sentence: string): ComponentChildren {
  return sentence.split(NAME).map((part, i) => (i % 2 === 0 ? shown(part) : <bdi>{shown(part)}</bdi>));
}
