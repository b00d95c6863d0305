/** Finds labels by what someone types: without regard to case and accents, beginnings before middles. */
export class LabelSearch {
  readonly #labels: readonly string[];
  readonly #folded: readonly string[];

  constructor(labels: readonly string[]) {
    this.#labels = labels;
    this.#folded = labels.map(fold);
  }

  /** The labels that contain what was typed: those that begin with it, then those with a word that does, then others. */
  find(typed: string): readonly string[] {
    const wanted = fold(typed.trim());
    if (wanted === "") return this.#labels;
    const begin: string[] = [];
    const words: string[] = [];
    const others: string[] = [];
    this.#folded.forEach((folded, i) => {
      const at = folded.indexOf(wanted);
      const label = this.#labels[i];
      if (at < 0 || label === undefined) return;
      if (at === 0) begin.push(label);
      else if (hasWord(folded, wanted)) words.push(label);
      else others.push(label);
    });
    return [...begin, ...words, ...others];
  }
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function hasWord(folded: string, wanted: string): boolean {
  for (let at = folded.indexOf(wanted); at > 0; at = folded.indexOf(wanted, at + 1)) {
    if (/[^\p{L}\p{N}]/u.test(folded.charAt(at - 1))) return true;
  }
  return false;
}
