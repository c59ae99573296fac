import type { Row } from '../../schema/codec/row.ts'
import type { TinyCall, TinyUpload } from './tiny-world.fixture.ts'

const towns = ['Aarhus', 'Bergen', 'Cadiz', 'Dover', 'Evora', 'Faro', 'Ghent', 'Haifa']
const rivers = ['Elbe', 'Rhone', 'Tagus', 'Volga', 'Wisla', 'Yukon', 'Zambezi', 'Oder']

const fact = (question: string, answer: string): Row => ({ question, answer })

/** Alice knows towns, Bob rivers; Carol uploads Alice's rows again; Dave uploads garbage. */
export const tinyUploads: readonly TinyUpload[] = [
  {
    contributor: 'alice',
    rows: towns.map((town, i) => fact(`Code of ${town}?`, `${town.slice(0, 3)}-${i * 37 + 11}`)),
  },
  {
    contributor: 'bob',
    rows: rivers.map((river, i) => fact(`How long is the ${river}?`, `${i * 311 + 700} km`)),
  },
  {
    contributor: 'carol',
    rows: towns.map((town, i) => fact(`code of  ${town}?`, `${town.slice(0, 3)}-${i * 37 + 11}`)),
  },
  { contributor: 'dave', rows: [fact('zzzz?', 'qqqq'), fact('xyxy?', 'wvwv')] },
]

/** Calls whose answers are rows of Alice and Bob, each citing its source. */
export const tinyCalls = (fee = 1_000_003n): readonly TinyCall[] =>
  [0, 1].flatMap((upload) =>
    tinyUploads[upload]!.rows.slice(0, 4).map((row, index) => ({
      prompt: row.question,
      answer: row.answer,
      fee: fee + BigInt(index),
      citations: [
        { rowId: `${upload + 1}:${index}`, scoreMicros: 5_000_000 },
        { rowId: `${upload + 1}:${index + 1}`, scoreMicros: 1_000_000 },
      ],
    })),
  )
