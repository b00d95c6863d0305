/** Questions to the kernel that have one answer: pages of history and whole texts. */
import type { Down, Request } from "./protocol";

type Answer<K extends Down["kind"]> = Extract<Down, { readonly kind: K }>;

interface Listener {
  readonly onHistory?: (answer: Answer<"history">) => void;
  readonly onText?: (text: string) => void;
  readonly reject: (error: Error) => void;
}

interface Open extends Listener {
  readonly parts: string[];
  readonly timer: ReturnType<typeof setTimeout>;
}

const GIVE_UP_AFTER_MS = 30_000;

export class Requests {
  readonly #send: (request: Request) => boolean;
  readonly #open = new Map<string, Open>();
  #asked = 0;

  constructor(send: (request: Request) => boolean, abort: AbortSignal) {
    this.#send = send;
    abort.addEventListener("abort", () => {
      for (const request_id of [...this.#open.keys()]) this.#reject(request_id, "the card was closed");
    });
  }

  /** No two requests of one page have the same id, whoever sends them. */
  newId(): string {
    return `r${++this.#asked}`;
  }

  /** The answer is taken in at once, before any message that comes after it; the promise says when. */
  history(before: number | null, limit: number, take: (answer: Answer<"history">) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const onHistory = (answer: Answer<"history">) => {
        take(answer);
        resolve();
      };
      this.#ask({ kind: "history", request_id: this.newId(), before, limit }, { onHistory, reject });
    });
  }

  fullText(item_id: string, part: "blocks" | "explanation", index: number, message: number | null): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#ask({ kind: "full", request_id: this.newId(), item_id, part, index, message }, { onText: resolve, reject });
    });
  }

  /** Whether the message answered one of these questions. */
  receive(message: Down): boolean {
    if (!("request_id" in message) || message.kind === "items") return false;
    const open = this.#open.get(message.request_id);
    if (open === undefined) return false;
    switch (message.kind) {
      case "history":
        this.#close(message.request_id)?.onHistory?.(message);
        break;
      case "full":
        open.parts[message.part] = message.text;
        if (Object.keys(open.parts).length === message.parts) {
          this.#close(message.request_id)?.onText?.(open.parts.join(""));
        }
        break;
      case "failed":
        this.#reject(message.request_id, message.message);
        break;
    }
    return true;
  }

  #ask(request: Exclude<Request, { readonly kind: "want" }>, listener: Listener): void {
    const { request_id } = request;
    const timer = setTimeout(() => this.#reject(request_id, "the kernel has not answered"), GIVE_UP_AFTER_MS);
    this.#open.set(request_id, { ...listener, parts: [], timer });
    if (!this.#send(request)) this.#reject(request_id, "the kernel cannot be reached");
  }

  #close(request_id: string): Open | undefined {
    const open = this.#open.get(request_id);
    clearTimeout(open?.timer);
    this.#open.delete(request_id);
    return open;
  }

  #reject(request_id: string, reason: string): void {
    this.#close(request_id)?.reject(new Error(reason));
  }
}
