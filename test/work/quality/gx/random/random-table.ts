import type { RandomSource } from '../../../../data/frame/spark/random-source.ts'

/** The kinds of columns that a random table may have. */
export const KINDS = ['long', 'double', 'string', 'boolean', 'date', 'timestamp', 'decimal'] as const
export type Kind = (typeof KINDS)[number]

/** A cell as JSON holds it; NaN and infinities are text. */
export type Cell = string | number | boolean | null
export interface RandomColumn {
  readonly name: string
  readonly kind: Kind
  readonly values: readonly Cell[]
}
export interface RandomTable {
  readonly columns: readonly RandomColumn[]
}

const TEXTS = [
  ['a', 'b', 'ab', 'A', '', ' ', 'äö', '日本', "it's", 'x;y', '50%', 'a_b', '\\', '"q"', 'e\u0301', '😀', 'line\nfeed'],
  ['paid', 'open', 'PAID', 'lost', 'paid ', 'Öffnen'],
  ['a@x.de', 'b@y.org', 'oops', 'c@@z', 'ü@ö.de', '@'],
  ['{"a": 1}', '[1, 2]', '"text"', '12', 'null', '{"a": "x"}', '{}', '1.5'],
  ['{"a": 1}', '[1, 2]', '{bad', '"text"', 'null', 'NaN', '12', '{"a": "x", "b": [true]}', ''],
  ['2024-01-31', '2024-13-01', '31.12.2023', 'Jan 5 2024', 'yesterday', '10:30', '20240229', '2024-02-30T10:00', '12'],
  ['1', '2', '10', '007', '-3', '1.5', 'x1', '1e3'],
] as const
const NUMBERS = [0, 1, -1, 2, 3, 5, 7, 10, 100, -42, 1000000]
const DECIMALS = ['0.00', '1.50', '-2.25', '10.10', '99.99', '100.00', '-0.01']

/** A table of up to twelve rows (sometimes none) and five columns; values repeat, and some are missing. */
export function randomTable(source: RandomSource): RandomTable {
  const rows = source.weighted([
    [1, 0],
    [1, 1],
    [2, 3],
    [6, source.whole(2, 12)],
  ])
  const kinds: Kind[] = ['long', 'string', 'double', ...source.some(KINDS, 1, 3)]
  const columns = kinds.map((kind, index): RandomColumn => {
    const missing = source.weighted([
      [5, 0],
      [4, 0.25],
      [1, 0.7],
      [0.5, 1],
    ])
    const value = valuesOf(kind, source)
    return {
      name: source.chance(0.07) ? `${kind} "${index}` : `${kind[0]}${index}`,
      kind,
      values: Array.from({ length: rows }, () => (source.chance(missing) ? null : value())),
    }
  })
  return { columns }
}

function valuesOf(kind: Kind, source: RandomSource): () => Cell {
  const texts = source.pick(TEXTS)
  const most = source.pick([2, 5, 20])
  const rising = source.chance(0.2)
  let last = source.whole(-3, 3)
  switch (kind) {
    case 'long':
      return () => {
        if (rising) last += source.whole(0, 2)
        return rising ? last : source.chance(0.1) ? source.pick(NUMBERS) : source.whole(0, most)
      }
    case 'double': {
      const odd = source.chance(0.2)
      return () => {
        if (odd && source.chance(0.25)) return source.pick(['NaN', 'Infinity', '-Infinity'])
        return source.chance(0.2) ? source.pick(NUMBERS) : source.whole(0, most * 4) / 4
      }
    }
    case 'string':
      return () => source.pick(texts.slice(0, most + 2))
    case 'boolean':
      return () => source.chance(0.6)
    case 'date':
      return () => day(source, most)
    case 'timestamp':
      return () => `${day(source, most)}T${source.pick(['00:00:00', '08:15:00', '23:59:59', '12:00:00.250000'])}`
    case 'decimal':
      return () => source.pick(DECIMALS)
  }
}

function day(source: RandomSource, most: number): string {
  return new Date(Date.UTC(2024, 0, 30 + source.whole(0, most))).toISOString().slice(0, 10)
}
