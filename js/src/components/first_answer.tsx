import type { Json } from "../protocol";
import type { Place } from "../scene";
import type { Standing } from "../standing";
import { plainly } from "../words";
import { Button } from "./button";

interface FirstAnswerProps {
  readonly place: Place | null;
  readonly isHidden: boolean;
  /** The reviewer's decision on the item; null before there is one. */
  readonly standing: Standing | null;
  readonly text: (value: Json) => string;
  readonly keep: (event: MouseEvent) => void;
}

/** In blind review: what was answered before the prediction was shown, to be kept. Its line has its place always. */
export function FirstAnswer({ place, isHidden, standing, text, keep }: FirstAnswerProps) {
  if (place?.from !== "reveal" || standing === null) return <div class="hitl-first" />;
  return (
    <div class="hitl-first" role="note" aria-label="Your first answer">
      <p>{isHidden ? "Recorded. The prediction is on its way." : <bdi>{afterwards(standing, text)}</bdi>}</p>
      <Button shortcut="Enter" onPress={keep}>
        {isHidden ? "Go on" : "Keep"}
      </Button>
    </div>
  );
}

function afterwards({ action, value }: Standing, text: (value: Json) => string): string {
  switch (action) {
    case "accept":
      return "The model says the same.";
    case "flag":
      return "You flagged it.";
    default:
      return `You said ${plainly(text(value))}.`;
  }
}
