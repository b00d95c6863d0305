import { VisibleText } from "../blocks/visible_text";
import type { Formatting } from "../formatting";
import type { HeldItem } from "../item_window";
import type { SessionState } from "../protocol";

interface FootProps {
  readonly session: SessionState;
  readonly held: HeldItem | null;
  readonly lack: Formatting["lack"]["value"];
}

/** What is shown, in which order, from which model. */
export function Foot({ session, held, lack }: FootProps) {
  const { shown, order, keeps } = session;
  return (
    <div class="hitl-foot">
      {held !== null && (
        <span class="hitl-id">
          <VisibleText text={held.item.item_id} />
        </span>
      )}
      <span>
        shows{" "}
        {shown.map((field, i) => (
          <span key={field}>
            {i > 0 && ", "}
            <VisibleText text={field} />
          </span>
        ))}
      </span>
      <span>
        <VisibleText text={order} />
      </span>
      <span>
        model <VisibleText text={held?.item.model_version ?? session.model_version} />
      </span>
      {!keeps && <span>kept in memory only</span>}
      {lack !== null && <span>{UNFORMATTED[lack]}</span>}
    </div>
  );
}

const UNFORMATTED = {
  awaited: "Markdown as it is written, until the kernel has time to send what formats it",
  failed: "Markdown as it is written: it could not be formatted in this browser",
};
