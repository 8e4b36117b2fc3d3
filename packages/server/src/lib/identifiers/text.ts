/**
 * Folds a text so that forms people take for equal become equal: Unicode compatibility forms (full-width letters,
 * ligatures, composed and decomposed accents) and letter case. Idempotent, and the same under every process locale.
 *
 * `toLowerCase` follows Unicode's root rules; its locale-aware sibling would map `I` to a dotless `ı` under a Turkish
 * locale. The dotless `ı` stays a letter of its own: folding it into `i` would let one mailbox pass for another.
 */
export function foldText(text: string): string {
  // Lower-casing a capital sigma gives ς at the end of a word and σ elsewhere, so the two must be made equal.
  const lower = (form: string) => form.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
  // Lower-casing can leave text that composes again (İ becomes i and a combining dot), hence the second pass.
  return lower(lower(withShortRuns(text))).normalize('NFKC')
}

/**
 * Marks above and below letters, and what becomes one. The time to bring those of one letter into their order grows with
 * the square of their number: minutes for a megabyte.
 */
const LONG_RUN = /(?:(?!\u034F)[\p{M}\uFF9E\uFF9F]){64}/gu

/** The same text, but that a joiner which shows nothing ends each long run of marks: UAX #15, stream-safe text. */
function withShortRuns(text: string): string {
  return text.length < 64 ? text : text.replace(LONG_RUN, '$&\u034F')
}

/**
 * True for text that neither database can store and give back: NUL (PostgreSQL refuses it) and lone surrogates
 * (not encodable as UTF-8).
 */
export function hasIllegalText(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text)
}

/**
 * The text that partial, case-insensitive search runs over, and the form its search terms take: parts that are set,
 * folded and joined by single spaces, so that "ada lovelace" is found across first and last name.
 */
export function searchText(...parts: readonly (string | null | undefined)[]): string {
  return foldText(parts.filter((part) => part != null && part !== '').join(' '))
    .replace(/\s+/gu, ' ')
    .trim()
}
