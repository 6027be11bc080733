import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { BulkPort, EngineConnection } from '../contract.ts'
import { type SpoolOptions, spool } from './spool.ts'
import { spoolError } from './spool-error.ts'
import { spooledRelation } from './spooled-relation.ts'

/** How to move rows. */
export interface MoveOptions extends Pick<SpoolOptions, 'maxBytes' | 'signal'> {
  /** The folder that holds what is under way; the system's temporary one. */
  readonly dir?: string
  /** Told after each part of what arrived. */
  readonly onProgress?: (progress: { readonly rows: number }) => void
}

const COPY_BYTES = 1024 * 1024

/**
 * Adds the rows of a query in one engine to a table that exists in another, by the names of the columns, without an
 * object a row. One of the engines is DuckDB, the other one with a `bulk` port. Rows may arrive in several statements:
 * call it in `to.transaction` for all or nothing. Resolves with their number.
 * @throws MillraceError VALUE_OUT_OF_RANGE (a value that the other engine's type does not hold), ENGINE_SQL,
 * ENGINE_UNSUPPORTED (no way between these engines), STORE_FULL, CONNECTION_LOST
 */
export async function moveRows(
  query: Sql,
  from: EngineConnection,
  to: EngineConnection,
  table: Sql,
  options: MoveOptions = {},
): Promise<number> {
  const dir = await mkdtemp(joinPath(options.dir ?? tmpdir(), 'millrace-move-'))
  try {
    if (from.engine.bulk && to.engine.dialect === 'duckdb')
      return await intoFiles(query, from, from.engine.bulk, to, table, { ...options, dir })
    if (to.engine.bulk && from.engine.dialect === 'duckdb')
      return await outOfFiles(query, from, to.engine.bulk, to, table, { ...options, dir })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
  throw new MillraceError('ENGINE_UNSUPPORTED', `moving rows from ${from.engine.name} to ${to.engine.name}`, {
    hint: 'Rows move between DuckDB and an engine that reads no files.',
  })
}

type Moving = MoveOptions & { readonly dir: string }

async function intoFiles(
  query: Sql,
  from: EngineConnection,
  bulk: BulkPort,
  to: EngineConnection,
  table: Sql,
  options: Moving,
): Promise<number> {
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const { schema, bytes } = await bulk.unload(query, from, signal)
  let rows = 0
  for await (const file of spool(bytes, { ...options, wholeRows: true })) {
    await using _ = file
    try {
      const { rowsChanged } = await to.execute(
        sql`insert into ${table} by name select * from ${spooledRelation([file.path], schema, file)}`,
        signal,
      )
      rows += rowsChanged
    } catch (thrown) {
      throw spoolError(thrown, `the rows that ${from.engine.name} sent`)
    }
    options.onProgress?.({ rows })
  }
  return rows
}

async function outOfFiles(
  query: Sql,
  from: EngineConnection,
  bulk: BulkPort,
  to: EngineConnection,
  table: Sql,
  { dir, signal, onProgress }: Moving,
): Promise<number> {
  const limits = signal === undefined ? {} : { signal }
  const schema = await from.describe(query)
  const path = joinPath(dir, 'rows.csv')
  await from.execute(
    sql`copy (${bulk.loadable(query, schema, from.engine.dialect)}) to ${literal(path)}
      (format csv, header false, delim ',', quote '"', escape '"', nullstr '', force_quote *)`,
    limits,
  )
  const bytes = createReadStream(path, { highWaterMark: COPY_BYTES })
  const rows = await bulk.load(table, schema, bytes, to, limits)
  onProgress?.({ rows })
  return rows
}
