import { join, literal, sql } from '../../../base/sql/index.ts'
import type { Block } from './block.ts'

/** The rows whose hash lies in a part of all hashes: parts that do not overlap share no row, and a row is always in the same. */
export function compileSplit(block: Block, seed: number, from: number, fraction: number): Block {
  const hash = sql`hash(${join([...block.columns.map((column) => column.ref), literal(seed)])})`
  const place = sql`(cast(${hash} as double) / 18446744073709551616.0)`
  const end = from + fraction >= 1 ? sql`true` : sql`${place} < ${literal(from + fraction)}`
  return { ...block, where: [...(block.where ?? []), sql`${place} >= ${literal(from)}`, end] }
}
