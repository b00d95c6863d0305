import type { Block } from "../protocol";
import { Markdown } from "./markdown";
import { More } from "./table";
import { VisibleText } from "./visible_text";

type ChatBlock = Extract<Block, { type: "chat" }>;

interface ChatProps {
  readonly block: ChatBlock;
  readonly loadFull: (message: number) => Promise<string>;
}

/** Where a message stands: who asks on the left, who answers set in, what frames them under a dashed line. */
function side(role: string): "asks" | "answers" | "frames" {
  switch (role.trim().toLowerCase()) {
    case "user":
    case "human":
    case "customer":
      return "asks";
    case "assistant":
    case "ai":
    case "bot":
    case "model":
    case "agent":
      return "answers";
    default:
      return "frames";
  }
}

export function Chat({ block, loadFull }: ChatProps) {
  if (block.messages.length === 0) return <p class="hitl-placeholder">no messages</p>;
  return (
    <>
      <ol class="hitl-chat">
        {block.messages.map(({ role, ...message }, index) => (
          <li key={index} class={`hitl-message hitl-message-${side(role)}`}>
            <p class="hitl-role">
              <VisibleText text={role} />
            </p>
            <Markdown block={{ ...message, field: `message ${index + 1}` }} loadFull={() => loadFull(index)} />
          </li>
        ))}
      </ol>
      <More more={block.more} one="message" />
    </>
  );
}
