import { join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import { type Block, wrap } from './block.ts'
import type { Compiling } from './compile.ts'

/** The rows whose hash lies in a part of all hashes: parts that do not overlap share no row, and a row is always in the same. */
export function compileSplit(block: Block, seed: number, from: number, fraction: number): Block {
  const hash = sql`hash(${join([...block.columns.map((column) => column.ref), literal(seed)])})`
  const place = sql`(cast(${hash} as double) / 18446744073709551616.0)`
  const end = from + fraction >= 1 ? sql`true` : sql`${place} < ${literal(from + fraction)}`
  return { ...block, where: [...(block.where ?? []), sql`${place} >= ${literal(from)}`, end] }
}

/**
 * The rows drawn with replacement: each as often as a Poisson distribution around the fraction says, by a hash of the
 * row's place.
 */
export function compileDraw(block: Block, seed: number, fraction: number, c: Compiling): Block {
  const numbered = wrap(
    {
      ...block,
      columns: [
        ...block.columns,
        { name: DRAWN, ref: sql`row_number() over ()`, direct: false, type: undefined, aliases: [], frames: [] },
      ],
    },
    c.alias(),
  )
  const columns = numbered.columns.slice(0, -1)
  const place = numbered.columns.at(-1)?.ref ?? sql`0`
  const chance = sql`(cast(hash(${place}, ${literal(seed)}) as double) / 18446744073709551616.0)`
  const times = sql`unnest(list_filter([${join(poisson(fraction))}], lambda p: p <= ${chance}))`
  const drawn = wrap(
    {
      ...numbered,
      columns: [...columns, { name: DRAWN, ref: times, direct: false, type: undefined, aliases: [], frames: [] }],
    },
    c.alias(),
  )
  return { ...drawn, columns: drawn.columns.slice(0, -1) }
}

const DRAWN = '__drawn'

/** The chances that a row comes at most 0, 1, 2 … times: as many of them lie below a random number as it comes. */
function poisson(mean: number): Sql[] {
  const chances: Sql[] = []
  let one = Math.exp(-mean)
  let sum = 0
  for (let times = 0; sum < 1 - 1e-12 && times < 1000; times += 1) {
    sum += one
    one *= mean / (times + 1)
    chances.push(literal(sum))
  }
  return chances
}
