/** Gives the printable stand-in of each byte in byte-level vocabularies (GPT-2's table). */
function byteSymbols(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let next = 256
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  )
}

/**
 * Builds `tokenizer.json` and `tokenizer_config.json` of the byte tokenizer: a byte-level BPE with
 * 256 symbols, no merges and no added tokens, so that an id is a byte value.
 *
 * No special tokens: they would be matched in text that spells their stand-in.
 */
export function byteTokenizerFiles(maxTokens: number): {
  readonly tokenizer: Readonly<Record<string, unknown>>
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
} {
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: false,
  }
  const vocab = Object.fromEntries(byteSymbols().map((symbol, byte) => [symbol, byte]))
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: null,
      decoder: byteLevel,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        vocab,
        merges: [],
      },
    },
    tokenizerConfig: {
      clean_up_tokenization_spaces: false,
      model_max_length: maxTokens,
      tokenizer_class: 'PreTrainedTokenizerFast',
    },
  }
}
