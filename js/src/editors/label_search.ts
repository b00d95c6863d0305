/** Finds labels by what someone types: without regard to case and accents, the one meant before those like it. */
export class LabelSearch {
  readonly #labels: readonly string[];
  readonly #spellings: readonly Spellings[];

  constructor(labels: readonly string[]) {
    this.#labels = labels;
    this.#spellings = labels.map(spellingsOf);
  }

  /**
   * The labels that contain what was typed: the one that is just that, those that are but for case, then but for
   * accents, those that begin with it, those with a word that does, then others.
   */
  find(typed: string): readonly string[] {
    const wanted = spellingsOf(typed);
    if (wanted.folded === "") return this.#labels;
    const ranks: string[][] = [[], [], [], [], [], []];
    this.#labels.forEach((label, i) => {
      const rank = rankOf(this.#spellings[i] ?? wanted, wanted);
      if (rank !== null) ranks[rank]?.push(label);
    });
    return ranks.flat();
  }
}

interface Spellings {
  readonly written: string;
  /** In lower case. */
  readonly lower: string;
  /** And without accents. */
  readonly folded: string;
}

/** Scripts in which a mark may be left out; in others, as in Devanagari and Thai, it is what tells two words apart. */
const ACCENTS = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hebrew}\p{sc=Arabic}])\p{M}+|\p{VS}/gu;

function spellingsOf(text: string): Spellings {
  const written = text.trim().normalize("NFC");
  const lower = written.toLowerCase();
  return { written, lower, folded: written.normalize("NFKD").replace(ACCENTS, "$1").toLowerCase() };
}

function rankOf({ written, lower, folded }: Spellings, wanted: Spellings): number | null {
  const at = folded.indexOf(wanted.folded);
  if (at < 0) return null;
  if (written === wanted.written) return 0;
  if (lower === wanted.lower) return 1;
  if (folded === wanted.folded) return 2;
  if (at === 0) return 3;
  return hasWord(folded, wanted.folded) ? 4 : 5;
}

function hasWord(folded: string, wanted: string): boolean {
  for (let at = folded.indexOf(wanted); at > 0; at = folded.indexOf(wanted, at + 1)) {
    if (/[^\p{L}\p{N}]/u.test(folded.charAt(at - 1))) return true;
  }
  return false;
}
