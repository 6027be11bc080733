import { MillraceError, type Row, type Schema, type Value } from '../../base/kernel/index.ts'
import { inline, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { whileDecided } from './decide.ts'
import type { MapCheck, Verdict } from './expectation.ts'
import { toNumber } from './literal.ts'
import { culprits, type Measured, RefusedStatement, refusal } from './measure.ts'
import { measuredTogether } from './measure-together.ts'
import type { Prepared } from './prepare.ts'
import type { ResultDetail, ResultFormat } from './result.ts'
import { enoughAsExpected, rowResult, type TakeRows, unexpectedRows } from './row-result.ts'
import { atOneMoment } from './snapshot.ts'
import type { ExpectationConfig } from './suite.ts'

/** What an expectation came to, or why it could not be computed. */
export type Outcome = { readonly success: boolean; readonly result: ResultDetail } | { readonly error: MillraceError }

/** An expectation with what is to be computed for it. */
export type Computable = Extract<Prepared, { check: unknown }>

/** The rows that are looked at, and how much is told of them. */
export interface Looked {
  readonly connection: EngineConnection
  /** A table expression. */
  readonly relation: Sql
  readonly schema: Schema
  readonly format: ResultFormat
  readonly takeRows?: TakeRows
  readonly signal?: AbortSignal
}

/**
 * Computes expectations, all on the rows of one moment. A transaction of an engine ends with a statement that it
 * refuses; then what the statement was for is left out and told as an error, and the others are computed anew.
 * @throws MillraceError when the engine fails as such, or CANCELLED
 */
export async function computed(
  looked: Looked,
  prepared: readonly Prepared[],
): Promise<ReadonlyMap<ExpectationConfig, Outcome>> {
  const errors = new Map<ExpectationConfig, MillraceError>()
  for (const one of prepared) if ('error' in one) errors.set(one.config, one.error)
  for (;;) {
    const left = prepared.flatMap((one) => ('check' in one && !errors.has(one.config) ? [one] : []))
    try {
      const outcomes = await atOneMoment(looked.connection, () => all(looked, left))
      for (const [config, error] of errors) outcomes.set(config, { error })
      return outcomes
    } catch (thrown) {
      if (!(thrown instanceof RefusedStatement)) throw thrown
      for (const [config, error] of await culprits(looked.connection, thrown, looked.signal)) {
        errors.set(config, error.located(config.at))
      }
    }
  }
}

async function all(looked: Looked, computable: readonly Computable[]): Promise<Map<ExpectationConfig, Outcome>> {
  const outcomes = new Map<ExpectationConfig, Outcome>()
  for (const { condition, members } of grouped(computable)) {
    const rows = { ...looked, relation: filtered(looked.relation, condition) }
    const measured = await measuredTogether(rows, members)
    for (const member of members) outcomes.set(member.config, await settled(rows, member, measured.get(member.config)))
  }
  return outcomes
}

/** Expectations that look at the same rows. */
interface Group {
  readonly condition?: Sql
  readonly members: Computable[]
}

function grouped(computable: readonly Computable[]): Group[] {
  const groups = new Map<string, Group>()
  for (const one of computable) {
    const { condition } = one
    const key = condition ? inline(condition, 'duckdb') : ''
    const group = groups.get(key) ?? { members: [], ...(condition ? { condition } : {}) }
    group.members.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The rows of a relation for which a condition is true. */
export function filtered(relation: Sql, condition: Sql | undefined): Sql {
  return condition ? sql`(select * from ${relation} where ${condition}) as filtered` : relation
}

/** What only this expectation asks for; what the engine refuses of it is its own error. */
async function settled(looked: Looked, one: Computable, measured: Measured | undefined): Promise<Outcome> {
  try {
    return await settle(looked, one, measured)
  } catch (thrown) {
    if (thrown instanceof MillraceError && /^(EXPECTATION|COLUMN)_/.test(thrown.code)) {
      return { error: thrown.located(one.config.at) }
    }
    throw refusal(thrown, looked.relation, [{ config: one.config, measures: {} }])
  }
}

async function settle(looked: Looked, { check }: Computable, measured: Measured | undefined): Promise<Outcome> {
  const { connection, relation, format, signal } = looked
  const asked = signal ? { signal } : {}
  switch (check.kind) {
    case 'schema':
      return told(check.verdict, format)
    case 'aggregate':
      return told(check.judge(measured ?? {}), format)
    case 'query': {
      const verdict = check.judge(await connection.rows<Row>(check.query(relation), asked))
      if (!check.listing || format.result_format !== 'COMPLETE') return told(verdict, format)
      const query = check.listing.query(relation)
      const of = await connection.describe(query)
      const details = check.listing.details(await connection.rows<Row>(query, asked), of)
      return told({ ...verdict, details }, format)
    }
    case 'map':
      return whileDecided(looked, check, (decided) => counted(looked, decided, measured))
  }
}

/** Counts the rows that are not as expected, unless a scan with others did, and shows some of them. */
async function counted(looked: Looked, check: MapCheck, measured: Measured | undefined): Promise<Outcome> {
  const { connection, relation, signal } = looked
  let unexpected = toNumber(measured?.unexpected)
  if (unexpected === undefined) {
    const from = check.over ? check.over(relation) : relation
    const count = check.count?.(relation) ?? sql`select count(*) from ${from} where ${unexpectedRows(check)}`
    const [row = {}] = await connection.rows<Row>(count, signal ? { signal } : {})
    unexpected = toNumber(Object.values(row)[0] as Value) ?? 0
  }
  const counts = {
    elements: toNumber(measured?.elements) ?? 0,
    missing: toNumber(measured?.missing) ?? 0,
    unexpected,
  }
  const result = await rowResult(looked, check, counts)
  return { success: enoughAsExpected(counts, check.mostly), result }
}

function told({ success, complete, ...seen }: Verdict, format: ResultFormat): Outcome {
  if (format.result_format === 'BOOLEAN_ONLY') return { success, result: {} }
  const { partial_unexpected_list: _, partial_missing_list: __, ...rest } = seen
  const result = format.partial_unexpected_count === 0 ? rest : seen
  return { success, result: format.result_format === 'COMPLETE' ? { ...result, ...complete } : result }
}
