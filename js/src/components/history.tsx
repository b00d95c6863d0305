import { useSignal } from "@preact/signals";
import { VisibleText } from "../blocks/visible_text";
import type { Review } from "../review";
import type { Standing } from "../standing";
import { inWords } from "../words";
import { Button } from "./button";
import { SheetFrame } from "./sheet";

const ROWS = 100;

interface HistoryProps {
  readonly review: Review;
  readonly close: () => void;
}

/** The way back to every item decided or skipped, newest first. */
export function History({ review, close }: HistoryProps) {
  const typed = useSignal("");
  const rows = useSignal(ROWS);
  const wanted = typed.value.trim().toLowerCase();
  const all = review.ledger.timeline().filter((one) => wanted === "" || text(one, review).includes(wanted));
  const more = async () => {
    rows.value += ROWS;
    if (rows.value >= all.length) await review.ledger.loadMoreHistory();
  };
  const go = (standing: Standing) => {
    close();
    review.visit(standing);
  };
  return (
    <SheetFrame review={review} title="History" close={close}>
      <input
        class="hitl-filter"
        type="text"
        aria-label="Filter history"
        placeholder="Filter by id, label, reason or comment"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      {all.length === 0 && (
        <p class="hitl-quiet">{wanted === "" ? "Nothing decided yet." : "Nothing like this so far."}</p>
      )}
      <ol class="hitl-history">
        {all.slice(0, rows.value).map((standing) => (
          <li key={standing.event_id}>
            <button type="button" onClick={() => go(standing)}>
              <span class="hitl-id">
                <VisibleText text={standing.item_id} />
              </span>
              <span data-part={standing.action ?? "skip"} class="hitl-verdict">
                <bdi>{inWords(standing, review.text)}</bdi>
              </span>
              {standing.comment !== null && (
                <span class="hitl-quiet hitl-remark">
                  <VisibleText text={standing.comment} />
                </span>
              )}
              {standing.seq === null && <span class="hitl-tag">saving</span>}
            </button>
          </li>
        ))}
      </ol>
      {(all.length > rows.value || !review.ledger.historyComplete.value) && (
        <Button look="quiet" onPress={() => void more()}>
          Show earlier items
        </Button>
      )}
    </SheetFrame>
  );
}

function text({ item_id, action, kind, value, reason, comment }: Standing, review: Review): string {
  return [item_id, action ?? kind, review.text(value ?? ""), reason ?? "", comment ?? ""].join("\n").toLowerCase();
}
