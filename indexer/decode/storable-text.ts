/** Makes text from a chain storable: PostgreSQL refuses NUL in `text` and `jsonb`. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\ufffd')
