import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { Relation } from '../context/relation.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Node } from '../node.ts'
import { body } from './statements.ts'

/** What a data test found. */
export interface TestOutcome {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly failures: number
  readonly message: string | null
}

/** The statement of a data test: one row with the number of failures and what they mean. */
export function testStatement(node: Node, compiled: string, rows: Sql = body(compiled)): Sql {
  const { fail_calc: calc, warn_if: warn, error_if: error, limit } = node.config
  const failures = trusted(String(calc ?? 'count(*)'))
  const bound = limit === null || limit === undefined ? sql`` : sql` limit ${Number(limit)}`
  return sql`select ${failures} as failures, ${failures} ${trusted(String(warn ?? '!= 0'))} as should_warn, ${failures} ${trusted(String(error ?? '!= 0'))} as should_error from (${rows}${bound}) dbt_internal_test`
}

/**
 * Runs a data test: `severity`, `warn_if`, `error_if`, `fail_calc`, `limit` and `store_failures` as dbt has them.
 * @throws MillraceError ENGINE_SQL when its query cannot run
 */
export async function runDataTest(
  node: Node,
  compiled: string,
  connection: EngineConnection,
  options: {
    readonly dialect: ModelDialect
    readonly storeFailures: boolean
    readonly warnError: boolean
    readonly record: (statement: Sql) => void
    readonly signal?: AbortSignal
  },
): Promise<TestOutcome> {
  const signal = options.signal ? { signal: options.signal } : {}
  let statement = testStatement(node, compiled)
  if (stores(node, options.storeFailures)) {
    const kind = keptAs(node)
    const kept = new Relation({ database: node.database, schema: node.schema, identifier: node.alias, type: kind })
    const limit = node.config['limit']
    const bound = limit === null || limit === undefined ? sql`` : sql` limit ${trusted(String(Number(limit)))}`
    await connection.transaction(() => options.dialect.keepRows(connection, kept, sql`${body(compiled)}${bound}`))
    statement = testStatement(node, '', sql`select * from ${kept.sql()}`)
  }
  options.record(statement)
  const [row] = await connection.rows<{ failures: unknown; should_warn: unknown; should_error: unknown }>(
    statement,
    signal,
  )
  if (!row) throw new MillraceError('INTERNAL', `testing ${node.name}: the query gave no row`)
  if (row.failures === null) {
    throw new MillraceError(
      'MODEL_INVALID',
      `testing ${node.name}: its fail_calc ${node.config['fail_calc']} gave null`,
      {
        at: { file: node.original_file_path },
        hint: 'A sum or a maximum of no rows is null: write coalesce(…, 0).',
      },
    )
  }
  return judge(node, Number(row.failures), Boolean(row.should_warn), Boolean(row.should_error), options.warnError)
}

/** Decides as dbt does: an error needs `severity: error`; what is not an error may still be a warning. */
export function judge(node: Node, failures: number, warn: boolean, error: boolean, warnError: boolean): TestOutcome {
  const results = `Got ${failures} ${failures === 1 ? 'result' : 'results'}`
  if (String(node.config['severity'] ?? 'error').toLowerCase() === 'error' && error) {
    return {
      status: 'fail',
      failures,
      message: `${results}, configured to fail if ${node.config['error_if'] ?? '!= 0'}`,
    }
  }
  if (!warn) return { status: 'pass', failures: 0, message: null }
  const limit = node.config['warn_if'] ?? '!= 0'
  return warnError
    ? { status: 'fail', failures, message: `${results}, configured to fail if ${limit}` }
    : { status: 'warn', failures, message: `${results}, configured to warn if ${limit}` }
}

const KEPT_AS = ['table', 'view', 'ephemeral'] as const

function keptAs(node: Node): 'table' | 'view' {
  const written = node.config['store_failures_as'] ?? 'table'
  if (written === 'table' || written === 'view') return written
  throw unknownName('MODEL_INVALID', `testing ${node.name}: store_failures_as`, String(written), KEPT_AS, {
    at: { file: node.original_file_path },
  })
}

function stores(node: Node, everywhere: boolean): boolean {
  return (node.config['store_failures'] ?? everywhere) === true
}
