import type { SessionState } from "../protocol";
import { openClassification } from "./classification";
import type { OpenEditor, TaskEditor } from "./editor";
import { openMultiLabel } from "./multi_label";
import { openRegression } from "./regression";

/** One entry an editor, by the name that tasks in Python call it. */
const EDITORS = new Map<string, OpenEditor>([
  ["classification", openClassification],
  ["multi_label", openMultiLabel],
  ["regression", openRegression],
]);

/** Null where this page has no such editor: then items can be accepted, flagged and skipped. */
export function openEditor({ task, editor }: Pick<SessionState, "task" | "editor">): TaskEditor | null {
  return EDITORS.get(task)?.(editor) ?? null;
}
