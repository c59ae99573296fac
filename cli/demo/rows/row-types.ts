/** One training example; the model reads `question + ' ' + answer + '\n'`. */
export interface Row {
  readonly question: string
  readonly answer: string
}

/** An account of the demo and the rows it uploads to one datanet, in upload order. */
export interface DemoContributor {
  readonly name: string
  readonly role: 'author' | 'copier' | 'garbage'
  readonly rows: readonly Row[]
}

/** A paid question whose source is known. */
export interface DemoQuestion {
  readonly question: string
  /** The fact's answer, which the model may or may not give. */
  readonly answer: string
  /** What is asked about, for example `chain-id` or `function`. */
  readonly kind: string
  /** The account that knows the fact: the uploader, or for held-out facts the owner of the topic. */
  readonly contributor: string
  /** Row numbers of the fact within the contributor's rows; empty when the fact was held out. */
  readonly trueRows: readonly number[]
}

export interface DemoDatanet {
  readonly name: string
  readonly summary: string
  readonly contributors: readonly DemoContributor[]
  readonly questions: {
    /** Facts that were uploaded, asked with a wording that no row of the fact has. */
    readonly paraphrases: readonly DemoQuestion[]
    /** Facts of which no row was uploaded. */
    readonly heldOut: readonly DemoQuestion[]
  }
}

/** A fact and all its wordings, before it is decided which of them become rows. */
export interface DemoFact {
  /** Unique within a datanet. */
  readonly key: string
  readonly kind: string
  /** What the fact is about, for example a chain's name. */
  readonly subject: string
  /** What is said about it, for example its id. */
  readonly value: string
  readonly contributor: string
  readonly questions: readonly string[]
  /** The fact as a sentence of its own. */
  readonly answer: string
}

/** Bytes of question and answer together; with the space the model's context of 96 is full. */
export const longestRow = 95
