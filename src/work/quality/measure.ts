import { asMillraceError, MillraceError, type Row, type Value } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'

/** A set of aggregates that one check needs; keys are names of its own. */
export interface Measure {
  readonly measures: Readonly<Record<string, Sql>>
}

/** How many aggregates one statement computes at most: wide statements take long to plan. */
const MOST_AGGREGATES = 64

/** The values of a measure, or why it alone could not be computed. */
export type Measured = Readonly<Record<string, Value>> | MillraceError

/**
 * Computes many checks' aggregates in as few scans as possible. When the engine refuses a statement, its checks
 * are computed one by one, so that one bad pattern takes down its own expectation only.
 */
export async function measure<M extends Measure>(
  connection: EngineConnection,
  relation: Sql,
  wanted: readonly M[],
  signal?: AbortSignal,
): Promise<Map<M, Measured>> {
  const found = new Map<M, Measured>()
  for (const batch of batched(wanted)) {
    try {
      await compute(connection, relation, batch, found, signal)
    } catch (thrown) {
      const error = engineError(thrown)
      if (batch.length > 1) for (const one of batch) await alone(connection, relation, one, found, signal)
      else if (batch[0]) found.set(batch[0], error)
    }
  }
  return found
}

/** The error as the result of one expectation; anything but a refused statement is not ours to swallow. */
export function engineError(thrown: unknown): MillraceError {
  const error = asMillraceError(thrown)
  if (error.code === 'ENGINE_SQL' || error.code === 'ENGINE_UNSUPPORTED') return error
  throw thrown
}

async function alone<M extends Measure>(
  connection: EngineConnection,
  relation: Sql,
  one: M,
  found: Map<M, Measured>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await compute(connection, relation, [one], found, signal)
  } catch (thrown) {
    found.set(one, engineError(thrown))
  }
}

async function compute<M extends Measure>(
  connection: EngineConnection,
  relation: Sql,
  batch: readonly M[],
  found: Map<M, Measured>,
  signal?: AbortSignal,
): Promise<void> {
  const columns = batch.flatMap(({ measures }, index) =>
    Object.entries(measures).map(([name, value]) => sql`${value} as ${id(`m${index}_${name}`)}`),
  )
  const [row] = await connection.rows<Row>(sql`select ${join(columns)} from ${relation}`, signal ? { signal } : {})
  if (!row) throw new MillraceError('INTERNAL', 'an aggregate without groups gave no row')
  batch.forEach((one, index) => {
    found.set(
      one,
      Object.fromEntries(Object.keys(one.measures).map((name) => [name, row[`m${index}_${name}`] ?? null])),
    )
  })
}

function batched<M extends Measure>(wanted: readonly M[]): M[][] {
  const batches: M[][] = []
  let size = MOST_AGGREGATES
  for (const one of wanted) {
    const count = Object.keys(one.measures).length
    if (size + count > MOST_AGGREGATES) {
      batches.push([])
      size = 0
    }
    batches.at(-1)?.push(one)
    size += count
  }
  return batches
}
