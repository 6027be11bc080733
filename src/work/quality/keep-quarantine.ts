import { failpoint, MillraceError, type Schema, sqlTypeName } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { Catalog, Dataset } from '../../data/catalog/index.ts'
import { type Engine, type EngineConnection, moveRows } from '../../data/engine/index.ts'
import { deltaSchema, overwrite } from '../../data/table/index.ts'
import { RUN_COLUMN } from './quarantine.ts'

/** Where rows that are put aside are kept. */
export interface QuarantineTable {
  readonly catalog: Catalog
  /** The engine that reads and writes the files of the lake. */
  readonly lake: Engine
  /** Of the engine that holds the rows. */
  readonly connection: EngineConnection
  /** A dataset: a Delta table, or a table of the engine. */
  readonly dataset: string
  /** What the rows are known by (`pipeline/task/interval start`): those that it put aside before are replaced. */
  readonly run: string
  /** Lets go of what the query reads, once that is read: among it may be the view of the dataset, which then moves. */
  readonly release?: () => PromiseLike<void>
  readonly signal?: AbortSignal
}

/**
 * Keeps the rows of a query of `quarantine` in place of those that the same run put aside before, in one commit: after
 * a crash and a second try they are there once. Resolves with their number.
 * @throws MillraceError OPTION_INVALID when the dataset is neither Delta nor a table of the engine, COLUMN_UNKNOWN when
 *   it is no quarantine table, DELTA_SCHEMA_MISMATCH, DELTA_COMMIT_CONFLICT
 */
export async function keepQuarantine(table: QuarantineTable, bad: Sql): Promise<number> {
  const { catalog, connection, run } = table
  const dataset = await catalog.resolve(table.dataset)
  const query = sql`select *, ${run} as ${id(RUN_COLUMN)} from (${bad}) as bad`
  const schema = await connection.describe(query)
  if (dataset.format === 'table') return intoTable(table, dataset, query, schema)
  if (dataset.format === 'delta') return intoDelta(table, query, schema)
  throw new MillraceError(
    'OPTION_INVALID',
    `putting rows aside in ${table.dataset}, whose format is ${dataset.format}`,
    {
      hint: 'Name a dataset of a zone with format delta or table: they are replaced in one commit.',
    },
  )
}

async function intoTable(
  { connection, run }: QuarantineTable,
  { database, schema: of, table }: Dataset,
  query: Sql,
  schema: Schema,
): Promise<number> {
  const name = id(database, of, table)
  // PostgreSQL has no name of a schema that begins with the database.
  const holder = connection.engine.dialect === 'postgres' ? id(of) : id(database, of)
  const columns = join(schema.fields.map((field) => id(field.name)))
  const rows = await connection.transaction(async () => {
    await connection.execute(sql`create schema if not exists ${holder}`)
    await connection.execute(sql`create table if not exists ${name} as select * from (${query}) as shape limit 0`)
    await connection.execute(sql`delete from ${name} where ${id(RUN_COLUMN)} = ${run}`)
    failpoint('quarantine.rows-removed')
    const { rowsChanged } = await connection.execute(
      sql`insert into ${name} (${columns}) select ${columns} from (${query}) as bad`,
    )
    failpoint('quarantine.before-commit')
    return rowsChanged
  })
  failpoint('quarantine.after-commit')
  return rows
}

async function intoDelta(table: QuarantineTable, query: Sql, schema: Schema): Promise<number> {
  const { catalog, connection, dataset, run, signal } = table
  const exists = await catalog.deltaTable(dataset).then(
    () => true,
    () => false,
  )
  const [found] = await connection.rows<{ rows: bigint }>(sql`select count(*) as rows from (${query}) as bad`)
  if (!exists && Number(found?.rows ?? 0) === 0) return 0
  const delta = await catalog.ensureDeltaTable(dataset, { schema: deltaSchema(schema), partitionBy: [RUN_COLUMN] })
  await using given = await inLake(table, query, schema)
  const { rows } = await overwrite(delta, given.query, {
    connection: given.connection,
    where: { [RUN_COLUMN]: run },
    schemaMode: 'merge',
    ...(signal ? { signal } : {}),
  })
  await table.release?.()
  await catalog.publish([dataset])
  return rows
}

/** The query where files are written: its rows are brought there when another engine holds them. */
async function inLake(
  { lake, connection, signal }: QuarantineTable,
  query: Sql,
  schema: Schema,
): Promise<AsyncDisposable & { readonly connection: EngineConnection; readonly query: Sql }> {
  if (connection.engine.files) return { connection, query, [Symbol.asyncDispose]: async () => {} }
  const stopping = signal ? { signal } : {}
  const own = await lake.connect(stopping)
  const copy = id('millrace_quarantined')
  const columns = deltaSchema(schema).fields.map(
    (field) => sql`${id(field.name)} ${trusted(sqlTypeName(field.type, 'duckdb'))}`,
  )
  await own.execute(sql`create or replace temporary table ${copy} (${join(columns)})`)
  await moveRows(query, connection, own, copy, stopping)
  return { connection: own, query: sql`select * from ${copy}`, [Symbol.asyncDispose]: () => own[Symbol.asyncDispose]() }
}
