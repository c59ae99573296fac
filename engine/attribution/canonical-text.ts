/** Normalises a text so that case, white space and Unicode spelling make no difference. */
export const canonicalText = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
