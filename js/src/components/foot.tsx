import { VisibleText } from "../blocks/visible_text";
import type { HeldItem } from "../item_window";
import type { SessionState } from "../protocol";

/** What is shown, in which order, from which model. */
export function Foot({ session, held }: { readonly session: SessionState; readonly held: HeldItem | null }) {
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
    </div>
  );
}
