import type { Json } from '../../../../../src/base/kernel/index.ts'
import type { ResultFormat } from '../../../../../src/work/quality/index.ts'
import { RandomSource } from '../../../../data/frame/spark/random-source.ts'
import { randomCondition } from './random-condition.ts'
import { KWARGS } from './random-kwargs.ts'
import { type RandomTable, randomTable } from './random-table.ts'

/** An expectation on a table, as Great Expectations and we are asked about it. */
export interface GxCase {
  readonly table: number
  readonly type: string
  readonly kwargs: Readonly<Record<string, Json>>
  readonly format: ResultFormat
}
export interface GxCases {
  readonly tables: readonly RandomTable[]
  readonly cases: readonly GxCase[]
}

const TYPES = Object.keys(KWARGS)

/** Expectations of every kind on small random tables, the same for the same seed. */
export function randomCases(seed: number, count: number): GxCases {
  const tables: RandomTable[] = []
  const cases = Array.from({ length: count }, (_, index): GxCase => {
    const source = new RandomSource(Math.imul(seed, 0x9e3779b1) + index)
    // A table serves some expectations, so that a record of them stays small.
    if (index % 12 === 0) tables.push(randomTable(source))
    const table = tables.at(-1) ?? { columns: [] }
    const [type, kwargs] = randomExpectation(table, index * 7 + seed, source)
    return {
      table: tables.length - 1,
      type,
      kwargs: { ...kwargs, ...(takesCondition(type) && source.chance(0.3) ? randomCondition(table, source) : {}) },
      format: randomFormat(table, type, source),
    }
  })
  return { tables, cases }
}

/** The first kind, from a place in their list, that there is a column for. */
function randomExpectation(table: RandomTable, place: number, source: RandomSource): [string, Record<string, Json>] {
  const type = TYPES[place % TYPES.length] ?? ''
  const kwargs = KWARGS[type]?.(table, source)
  return kwargs ? [type, kwargs] : randomExpectation(table, place + 1, source)
}

function takesCondition(type: string): boolean {
  return !asksSql(type) && !/pair_values_to_be_in_set|column_count|columns_to_match|column_to_exist|_type/.test(type)
}

/** What pandas cannot compute is asked of SQLite. */
export function asksSql(type: string): boolean {
  return /like_pattern|unexpected_rows/.test(type)
}

function randomFormat({ columns }: RandomTable, type: string, source: RandomSource): ResultFormat {
  const name = source.weighted([
    [1, 'BOOLEAN_ONLY'],
    [2, 'BASIC'],
    [3, 'SUMMARY'],
    [5, 'COMPLETE'],
  ] as const)
  return {
    result_format: name,
    ...(source.chance(0.2) ? { partial_unexpected_count: source.pick([0, 1, 3]) } : {}),
    ...(source.chance(0.25) && !asksSql(type) ? { unexpected_index_column_names: [source.pick(columns).name] } : {}),
  }
}
