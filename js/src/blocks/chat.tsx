import type { Block } from "../protocol";
import { count } from "./full_text";
import { MarkdownText } from "./markdown";
import { More } from "./table";
import { VisibleText } from "./visible_text";

type ChatBlock = Extract<Block, { type: "chat" }>;

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

export function Chat({ block }: { block: ChatBlock }) {
  if (block.messages.length === 0) return <p class="hitl-placeholder">no messages</p>;
  return (
    <>
      <ol class="hitl-chat">
        {block.messages.map(({ role, text, clipped }, index) => (
          <li key={index} class={`hitl-message hitl-message-${side(role)}`}>
            <p class="hitl-role">
              <VisibleText text={role} />
            </p>
            <MarkdownText text={text} />
            {clipped !== undefined && (
              <p class="hitl-rest">
                The first {count.format(text.length)} of {count.format(clipped)} characters.
              </p>
            )}
          </li>
        ))}
      </ol>
      <More more={block.more} one="message" />
    </>
  );
}
