import type { ComponentChildren, TargetedEvent } from "preact";
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
      <WebLink url={url}>{children}</WebLink>
      {!namesHost(words, url) && <Address text={url.host} />}
    </>
  );
}

/** Has its address while it is pressed or has the focus: of one that the pointer rests on, a browser looks up the host. */
function WebLink({ url, children }: { url: URL; children: ComponentChildren }) {
  const give = ({ currentTarget }: TargetedEvent<HTMLAnchorElement>) => {
    currentTarget.href = url.href;
  };
  const take = ({ currentTarget }: TargetedEvent<HTMLAnchorElement>) => currentTarget.removeAttribute("href");
  return (
    // biome-ignore lint/a11y/useValidAnchor: it has an address once it is reached
    <a
      role="link"
      tabIndex={0}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={url.href}
      onMouseDown={give}
      onFocus={give}
      onClickCapture={give}
      onBlur={take}
    >
      {children}
    </a>
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
