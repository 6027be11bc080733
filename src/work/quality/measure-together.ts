import type { Row } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import type { Computable, Looked } from './compute.ts'
import type { MapCheck } from './expectation.ts'
import { toNumber } from './literal.ts'
import { aggregatesOf, type Measure, type Measured, MOST_AGGREGATES, measure } from './measure.ts'
import { EXPECTATIONS } from './registry.generated.ts'
import { unexpectedRows } from './row-result.ts'
import type { ExpectationConfig } from './suite.ts'

type Found = Map<ExpectationConfig, Measured>
type RowCheck = Computable & { readonly check: MapCheck }

/**
 * The aggregates of expectations that share scans. More than one scan can hold are made fewer first: checks of a column
 * with few distinct values count those, and a range is proved by the least and the greatest value.
 */
export async function measuredTogether(looked: Looked, members: readonly Computable[]): Promise<Found> {
  const { connection, relation, signal } = looked
  const counted = members.flatMap((one) => measureOf(one, ROWS))
  if (connection.engine.dialect !== 'duckdb' || aggregatesOf(counted) <= MOST_AGGREGATES) {
    return measure(connection, relation, counted, signal)
  }
  const found: Found = new Map()
  const tallied = await byFewValues(looked, members.filter(countsRows))
  for (const [column, checks] of tallied) {
    const tally = sql`(select ${id(column)}, count(*) as ${TALLY} from ${relation} group by all) as tallied`
    keep(
      found,
      await measure(
        connection,
        tally,
        checks.flatMap((one) => measureOf(one, TALLIED)),
        signal,
      ),
    )
  }
  const rest = members.filter(({ config }) => !found.has(config))
  const proved = await measure(
    connection,
    relation,
    rest.flatMap((one) => measureOf(one, PROVED)),
    signal,
  )
  const open = rest.filter(({ check, config }) => check.kind === 'map' && check.proof && !proved.get(config)?.proved)
  keep(found, proved)
  keep(
    found,
    await measure(
      connection,
      relation,
      open.flatMap((one) => measureOf(one, ROWS)),
      signal,
    ),
  )
  return found
}

/** How rows are counted, and what is counted of unexpected ones. */
interface Counting {
  readonly count: (where?: Sql) => Sql
  readonly proves?: true
}

const TALLY = id('millrace_tally')
const ROWS: Counting = { count: (where) => (where ? sql`count(*) filter (where ${where})` : sql`count(*)`) }
const PROVED: Counting = { ...ROWS, proves: true }
/** Rows that were counted by their value. */
const TALLIED: Counting = {
  count: (where) => {
    const sum = where ? sql`sum(${TALLY}) filter (where ${where})` : sql`sum(${TALLY})`
    return sql`cast(coalesce(${sum}, 0) as bigint)`
  },
}

/** The aggregates of a check that a scan computes for it and others. */
function measureOf({ check, config }: Computable, { count, proves }: Counting): Measure[] {
  if (check.kind === 'aggregate') return [{ config, measures: { ...check.measures } }]
  if (check.kind !== 'map') return []
  const unexpected = (): Record<string, Sql> => {
    if (check.over || check.decide) return {}
    return proves && check.proof ? { proved: check.proof } : { unexpected: count(unexpectedRows(check)) }
  }
  const missing: Record<string, Sql> = check.missing ? { missing: count(check.missing) } : {}
  return [{ config, measures: { elements: count(), ...missing, ...unexpected() } }]
}

function keep(found: Found, more: Found): void {
  for (const [config, { proved, ...values }] of more) {
    found.set(config, proved === true ? { ...values, unexpected: 0n } : values)
  }
}

const CORE = new Set(EXPECTATIONS.map(({ type }) => type))

/** Whether only the value of one column decides; expectations of a project's own may look at others. */
function countsRows(one: Computable): one is RowCheck {
  const { check, config } = one
  return check.kind === 'map' && !check.over && !check.decide && check.sample.length === 1 && CORE.has(config.type)
}

/** A column is looked at by its values when at least so many checks would, and a first part of it has so few values. */
const LEAST_CHECKS = 4
const MOST_VALUES = 1000
const FIRST_ROWS = 50_000

async function byFewValues(
  { connection, relation, signal }: Looked,
  checks: readonly RowCheck[],
): Promise<ReadonlyMap<string, readonly RowCheck[]>> {
  const byColumn = new Map<string, RowCheck[]>()
  for (const one of checks) {
    const name = one.check.sample[0]?.name ?? ''
    byColumn.set(name, [...(byColumn.get(name) ?? []), one])
  }
  const asked = [...byColumn].filter(([, of]) => of.length >= LEAST_CHECKS)
  if (asked.length === 0) return new Map()
  const first = sql`(select ${join(asked.map(([name]) => id(name)))} from ${relation} limit ${BigInt(FIRST_ROWS)}) as first`
  const counts = asked.map(([name], i) => sql`count(distinct ${id(name)}) as ${id(`c${i}`)}`)
  const [row] = await connection.rows<Row>(sql`select ${join(counts)} from ${first}`, signal ? { signal } : {})
  return new Map(asked.filter((_, i) => (toNumber(row?.[`c${i}`]) ?? Number.POSITIVE_INFINITY) <= MOST_VALUES))
}
