import type { Row } from '../../base/kernel/index.ts'
import { literal, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { DatasetRef, Pin } from '../../data/catalog/index.ts'
import { chunkRows, type Engine, type EngineConnection, type QueryOptions } from '../../data/engine/index.ts'
import type { Project } from './open-project.ts'

/** Rows as they come, with the names of their columns. Leaving the loop early cancels the query. */
export interface RowStream {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<Row>
}

/**
 * Runs the user's own query; the lake's tables are there under their names, each at its newest version, or at the one
 * that another command holds.
 */
export async function queryProject(project: Project, text: string, options: QueryOptions = {}): Promise<RowStream> {
  const pin = await pinNamedIn(project, text, options.signal)
  const connection = await connected(project.engine).catch((thrown) => {
    pin.release()
    throw thrown
  })
  return streamRows(connection, trusted(text), options, () => pin.release())
}

/** A connection on which relative paths of the user's SQL mean files here, also when another process owns the database. */
async function connected(engine: Engine): Promise<EngineConnection> {
  const connection = await engine.connect()
  const here = process.cwd()
  // A list with commas between: a folder with one in its name cannot be told.
  if (engine.dialect === 'duckdb' && !here.includes(',')) {
    await connection.execute(sql`set session file_search_path = ${literal(here)}`)
  }
  return connection
}

/** Pins the lake's tables for a text of SQL. Into an engine that reads no files only those are brought that it may name. */
export async function pinNamedIn(project: Project, text: string, signal?: AbortSignal): Promise<Pin> {
  const { catalog, engine, lake } = project
  const words = text.toLowerCase()
  const wanted = (await catalog.list()).filter(
    ({ format, table }) => format !== 'table' && (lake === engine || words.includes(table.toLowerCase())),
  )
  const names = wanted.map(({ schema, table }) => `${quoted(schema)}.${quoted(table)}`)
  return catalog.pin(names, { orHeld: true, ...(signal ? { signal } : {}) })
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The rows of a dataset, at a version if one is asked for. */
export async function showTable(project: Project, ref: DatasetRef, options: QueryOptions = {}): Promise<RowStream> {
  const { sql: relation, engine } = await project.catalog.atRest(ref)
  return streamRows(await engine.connect(), sql`select * from ${relation}`, options)
}

/** The number of rows of a dataset. */
export async function countTable(project: Project, ref: DatasetRef): Promise<number> {
  const { sql: relation, engine } = await project.catalog.atRest(ref)
  await using connection = await engine.connect()
  const [row] = await connection.rows<{ rows: bigint }>(sql`select count(*) as "rows" from ${relation}`)
  return Number(row?.rows ?? 0)
}

/** Runs a query on a connection of its own, which ends with the rows; `done` is called then. */
export async function streamRows(
  connection: EngineConnection,
  statement: Sql,
  options: QueryOptions,
  done: () => void = () => {},
): Promise<RowStream> {
  try {
    const result = await connection.query(statement, options)
    const { fields } = result.schema
    async function* rows(): AsyncGenerator<Row> {
      try {
        for await (const chunk of result) yield* chunkRows(chunk, result.schema)
      } finally {
        done()
        await connection[Symbol.asyncDispose]()
      }
    }
    return { columns: fields.map(({ name }) => name), rows: rows() }
  } catch (thrown) {
    done()
    await connection[Symbol.asyncDispose]()
    throw thrown
  }
}
