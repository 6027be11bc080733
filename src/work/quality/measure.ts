import { asMillraceError, MillraceError, type Row, type Value } from '../../base/kernel/index.ts'
import { id, inline, join, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { ExpectationConfig } from './suite.ts'

/** A set of aggregates that one expectation needs; keys are names of its own. */
export interface Measure {
  readonly config: ExpectationConfig
  readonly measures: Readonly<Record<string, Sql>>
}

/** The values of a measure by the names of its aggregates. */
export type Measured = Readonly<Record<string, Value>>

/** How many aggregates one statement computes at most: wide statements take long to plan. */
export const MOST_AGGREGATES = 64

/** The engine refused a statement that was for these expectations. */
export class RefusedStatement extends Error {
  readonly refusal: MillraceError
  readonly relation: Sql
  readonly asked: readonly Measure[]

  constructor(refusal: MillraceError, relation: Sql, asked: readonly Measure[]) {
    super(refusal.message, { cause: refusal })
    this.refusal = refusal
    this.relation = relation
    this.asked = asked
  }
}

/** What was thrown as the refusal of a statement; anything else is not ours to swallow. */
export function refusal(thrown: unknown, relation: Sql, asked: readonly Measure[]): unknown {
  const error = asMillraceError(thrown)
  const refused = error.code === 'ENGINE_SQL' || error.code === 'ENGINE_UNSUPPORTED'
  return refused ? new RefusedStatement(error, relation, asked) : thrown
}

/**
 * Computes many checks' aggregates in as few scans as possible.
 * @throws RefusedStatement
 */
export async function measure(
  connection: EngineConnection,
  relation: Sql,
  wanted: readonly Measure[],
  signal?: AbortSignal,
): Promise<Map<ExpectationConfig, Measured>> {
  const found = new Map<ExpectationConfig, Measured>()
  for (const batch of batched(wanted)) await compute(connection, relation, batch, found, signal)
  return found
}

/** Which expectations a statement was refused for: halves of it are tried until each refusal is of one expectation. */
export async function culprits(
  connection: EngineConnection,
  { refusal: error, relation, asked }: RefusedStatement,
  signal?: AbortSignal,
): Promise<Map<ExpectationConfig, MillraceError>> {
  const [only] = asked
  if (asked.length === 1 && only) return new Map([[only.config, error]])
  const found = new Map<ExpectationConfig, MillraceError>()
  const middle = Math.ceil(asked.length / 2)
  for (const half of [asked.slice(0, middle), asked.slice(middle)]) {
    try {
      await compute(connection, relation, half, new Map(), signal)
    } catch (thrown) {
      if (!(thrown instanceof RefusedStatement)) throw thrown
      for (const [config, why] of await culprits(connection, thrown, signal)) found.set(config, why)
    }
  }
  // Refused together but not apart: it is nobody's fault in particular.
  if (found.size === 0) throw error
  return found
}

/** Computes aggregates in one scan; those that several expectations need are computed once. */
async function compute(
  connection: EngineConnection,
  relation: Sql,
  batch: readonly Measure[],
  found: Map<ExpectationConfig, Measured>,
  signal?: AbortSignal,
): Promise<void> {
  const aggregates = new Map<string, { readonly name: string; readonly value: Sql }>()
  for (const { measures } of batch) {
    for (const value of Object.values(measures)) {
      const text = textOf(value)
      if (!aggregates.has(text)) aggregates.set(text, { name: `m${aggregates.size}`, value })
    }
  }
  const columns = [...aggregates.values()].map(({ name, value }) => sql`${value} as ${id(name)}`)
  let row: Row | undefined
  try {
    ;[row] = await connection.rows<Row>(sql`select ${join(columns)} from ${relation}`, signal ? { signal } : {})
  } catch (thrown) {
    throw refusal(thrown, relation, batch)
  }
  if (!row) throw new MillraceError('INTERNAL', 'an aggregate without groups gave no row')
  for (const { config, measures } of batch) {
    const values = Object.entries(measures).map(([key, value]) => {
      return [key, row[aggregates.get(textOf(value))?.name ?? ''] ?? null] as const
    })
    found.set(config, Object.fromEntries(values))
  }
}

/** Expectations whose aggregates are computed together: one that needs no other ones joins those that do. */
function batched(wanted: readonly Measure[]): Measure[][] {
  const batches: { readonly of: Measure[]; readonly texts: Set<string> }[] = []
  for (const one of wanted) {
    const texts = Object.values(one.measures).map(textOf)
    const known = batches.find((batch) => texts.every((text) => batch.texts.has(text)))
    const last = batches.at(-1)
    const added = texts.filter((text) => !last?.texts.has(text)).length
    const batch = known ?? (last && last.texts.size + added <= MOST_AGGREGATES ? last : undefined)
    if (batch) {
      batch.of.push(one)
      for (const text of texts) batch.texts.add(text)
    } else batches.push({ of: [one], texts: new Set(texts) })
  }
  return batches.map(({ of }) => of)
}

/** How many different aggregates there are. */
export function aggregatesOf(wanted: readonly Measure[]): number {
  return new Set(wanted.flatMap(({ measures }) => Object.values(measures).map(textOf))).size
}

function textOf(value: Sql): string {
  return inline(value, 'duckdb')
}
