import { Button } from "./button";

interface ActionsProps {
  readonly isOpen: boolean;
  readonly canAccept: boolean;
  readonly isDecided: boolean;
  readonly form: "flag" | "editor" | "comment" | null;
  readonly press: (action: "accept" | "correct" | "flag" | "skip" | "undo" | "comment", event: MouseEvent) => void;
}

/** The verdicts, always in the same place. None is chosen beforehand. */
export function Actions({ isOpen, canAccept, isDecided, form, press }: ActionsProps) {
  return (
    <div class="hitl-actions" role="group" aria-label="Your decision">
      <Button shortcut="a" isOff={!isOpen || !canAccept} onPress={(event) => press("accept", event)}>
        Accept
      </Button>
      <Button shortcut="c" isOff={!isOpen} expanded={form === "editor"} onPress={(event) => press("correct", event)}>
        Correct
      </Button>
      <Button shortcut="f" isOff={!isOpen} expanded={form === "flag"} onPress={(event) => press("flag", event)}>
        Flag
      </Button>
      <Button shortcut="s" isOff={!isOpen || isDecided} onPress={(event) => press("skip", event)}>
        Skip
      </Button>
      <Button shortcut="u" isOff={!isOpen} onPress={(event) => press("undo", event)}>
        Undo
      </Button>
    </div>
  );
}
