/**
 * On focus within an element: its keys are no shortcuts of JupyterLab and Notebook.
 *
 * They look for a shortcut from the element that has the focus upwards, until one says that it wants none. One meant for
 * whatever has the focus in a notebook is found at once, so that each element has to say so itself, not its root alone.
 */
export function keepKeys({ target }: FocusEvent): void {
  (target as HTMLElement).dataset.lmSuppressShortcuts = "true";
}
