/** Questions to the kernel that have one answer: pages of history and whole texts. */
import type { Down, Request } from "./protocol";

type Answer<K extends Down["kind"]> = Extract<Down, { readonly kind: K }>;

interface Open {
  readonly parts: string[];
  readonly resolve: (answer: Answer<"history"> | string) => void;
  readonly reject: (error: Error) => void;
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

  history(before: number | null, limit: number): Promise<Answer<"history">> {
    const request_id = this.newId();
    return this.#ask({ kind: "history", request_id, before, limit }) as Promise<Answer<"history">>;
  }

  fullText(item_id: string, part: "blocks" | "explanation", index: number): Promise<string> {
    const request_id = this.newId();
    return this.#ask({ kind: "full", request_id, item_id, part, index }) as Promise<string>;
  }

  /** Whether the message answered one of these questions. */
  receive(message: Down): boolean {
    if (message.kind === "recorded" || message.kind === "items") return false;
    const open = this.#open.get(message.request_id);
    if (open === undefined) return false;
    switch (message.kind) {
      case "history":
        this.#close(message.request_id)?.resolve(message);
        break;
      case "full":
        open.parts[message.part] = message.text;
        if (Object.keys(open.parts).length === message.parts) {
          this.#close(message.request_id)?.resolve(open.parts.join(""));
        }
        break;
      case "failed":
        this.#reject(message.request_id, message.message);
        break;
    }
    return true;
  }

  #ask(request: Exclude<Request, { readonly kind: "want" }>): Promise<Answer<"history"> | string> {
    return new Promise((resolve, reject) => {
      const { request_id } = request;
      const timer = setTimeout(() => this.#reject(request_id, "the kernel has not answered"), GIVE_UP_AFTER_MS);
      this.#open.set(request_id, { parts: [], resolve, reject, timer });
      if (!this.#send(request)) this.#reject(request_id, "the kernel cannot be reached");
    });
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
