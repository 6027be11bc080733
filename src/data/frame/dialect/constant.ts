import type { Sql } from '../../../base/sql/index.ts'

/** The constant text or number that a piece of SQL was made of; undefined when it is computed. */
export function constantOf(piece: Sql | undefined): string | number | undefined {
  const [part, more] = piece?.parts ?? []
  if (!part || more || !('value' in part)) return undefined
  return typeof part.value === 'string' || typeof part.value === 'number' ? part.value : undefined
}
