import type { SessionState } from "../protocol";
import { openClassification } from "./classification";
import type { OpenEditor, TaskEditor } from "./editor";

/** One entry a task, by the name that the task has in Python. */
const EDITORS = new Map<string, OpenEditor>([["classification", openClassification]]);

/** Null for a task that this page does not know: then items can be accepted, flagged and skipped. */
export function openEditor({ task, editor }: Pick<SessionState, "task" | "editor">): TaskEditor | null {
  return EDITORS.get(task)?.(editor) ?? null;
}
