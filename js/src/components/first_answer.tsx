import type { Json } from "../protocol";
import type { Place } from "../scene";
import type { Standing } from "../standing";
import { inWords } from "../words";
import { Button } from "./button";

interface FirstAnswerProps {
  readonly place: Place | null;
  readonly isHidden: boolean;
  /** The reviewer's decision on the item; null before there is one. */
  readonly standing: Standing | null;
  /** Says a value. */
  readonly text: (value: Json) => string;
  readonly keep: (event: MouseEvent) => void;
}

/** In blind review: what to do before the prediction is shown, and after. Its line is there on every item. */
export function FirstAnswer({ place, isHidden, standing, text, keep }: FirstAnswerProps) {
  const isRevealing = place?.from === "reveal" && standing !== null;
  return (
    <div class="hitl-first" role="note" aria-label="Your first answer">
      {isRevealing ? (
        <>
          <p>{isHidden ? "Recorded. The prediction is on its way." : afterwards(standing, text)}</p>
          <Button shortcut="Enter" onPress={keep}>
            {isHidden ? "Go on" : "Keep"}
          </Button>
        </>
      ) : (
        isHidden && <p class="hitl-quiet">Answer first; the prediction is shown after that.</p>
      )}
    </div>
  );
}

function afterwards(standing: Standing, text: FirstAnswerProps["text"]) {
  if (standing.action === "accept") return "The model says the same.";
  return (
    <>
      <bdi>{inWords(standing, text)}</bdi>. Keep it, or decide again.
    </>
  );
}
