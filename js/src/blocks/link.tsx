import type { ComponentChildren } from "preact";
import { VisibleText } from "./visible_text";

interface LinkProps {
  readonly address: string;
  /** The link's text as it is written. */
  readonly words: string;
  readonly children: ComponentChildren;
}

/** A link to the web, its host said; any other address is text. */
export function Link({ address, words, children }: LinkProps) {
  const url = webAddress(address);
  if (url === null) {
    return (
      <span>
        {children}
        {words !== address && <Address text={address} />}
      </span>
    );
  }
  return (
    <>
      <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={url.href}>
        {children}
      </a>
      {!namesHost(words, url) && <Address text={url.host} />}
    </>
  );
}

/** Stands for a picture that would have to be fetched from elsewhere. */
export function PictureOf({ address, words }: { address: string; words: string }) {
  return (
    <span class="hitl-picture">
      picture, not loaded: <VisibleText text={words === "" ? "without a description" : words} />
      <Address text={address.length > 200 ? `${address.slice(0, 200)}…` : address} />
    </span>
  );
}

function Address({ text }: { text: string }) {
  return (
    <span class="hitl-address">
      {" ("}
      <VisibleText text={text} />)
    </span>
  );
}

function webAddress(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "https:" || url.protocol === "http:" ? url : null;
}

/** Whether the words already begin with the host, as a bare address does. */
function namesHost(words: string, url: URL): boolean {
  const start = words.replace(/^https?:\/\//i, "");
  return start === url.host || start.startsWith(`${url.host}/`);
}
