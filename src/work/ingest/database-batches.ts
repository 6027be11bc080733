import { randomUUID } from 'node:crypto'
import { failpoint, MillraceError, type Schema } from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../base/sql/index.ts'
import { type DatabaseTable, rejectRows } from '../../data/connect/index.ts'
import { type EngineConnection, spoolError } from '../../data/engine/index.ts'
import { commitFiles, type DeltaTable, discardFiles, type StagedFiles, stageFiles } from '../../data/table/index.ts'
import type { FittedSource } from './fit-source.ts'
import { acknowledge, type Batch, planBatch } from './ledger.ts'
import type { LoadOptions } from './load-table.ts'
import { projected } from './select-rows.ts'
import {
  carefulRows,
  directRows,
  type RowPlan,
  readsDirectly,
  relationOf,
  type Spooled,
  type SpooledRows,
  scannedRows,
  takesValues,
} from './stage-rows.ts'
import { typedMark, unseenRows } from './unseen-rows.ts'
import { allowRejects, newRejects, REJECT_SCHEMA, writeRejects } from './write-rejects.ts'

/** What a load has done so far, over all its tries. */
export interface Tally {
  rows: number
  bytes: number
  /** Commits. */
  batches: number
  rejected: number
  /** Rows of the look-back window that the table held already. */
  skipped: number
}

/** What batches are written with. */
export interface BatchesOptions {
  readonly options: LoadOptions<DatabaseTable>
  /** The load's key in the ledger. */
  readonly key: string
  readonly appId: string
  readonly loaded: DeltaTable
  /** The columns of the spooled files, with the server's types. */
  readonly columns: Schema
  readonly fitted: FittedSource
  /** The columns of the table's rows: those of the source, derived ones, metadata. */
  readonly rowsSchema: Schema
  /** A query of `rowsSchema` without rows. */
  readonly empty: Sql
  readonly loadedAt: Date
  readonly tally: Tally
  /** The number of the first batch. */
  readonly first: number
  /** What is read, as rejects and messages name it. */
  readonly origin: string
  readonly schemaMode: 'fail' | 'merge' | 'overwrite'
}

/** A batch whose files are written and not committed. */
export interface StagedBatch {
  readonly files: StagedFiles
  /** The greatest cursor value in it, as text. */
  readonly mark?: string
}

/** Kinds whose greatest value a file's statistics give exactly. */
const EXACT = new Set(['byte', 'short', 'integer', 'long', 'date', 'timestamp', 'timestamp_ntz'])

/** Writes spooled rows as files of a table, commits them batch by batch, and keeps the rows that do not fit. */
export class DatabaseBatches implements AsyncDisposable {
  readonly rejectsDataset: string
  readonly #given: BatchesOptions
  readonly #plan: RowPlan
  readonly #connection: EngineConnection
  readonly #temp = `millrace_${randomUUID().slice(0, 8)}`
  readonly #rejects = `${this.#temp}_rejects`
  #direct: boolean
  #number: number
  #hasRejects = false

  constructor(given: BatchesOptions) {
    this.#given = given
    this.#connection = given.options.connection
    this.#plan = { server: given.columns, wanted: given.fitted.schema, origin: given.origin }
    this.#direct = readsDirectly(this.#plan)
    this.#number = given.first
    this.rejectsDataset = `${given.options.dataset}_rejects`
  }

  /** Rows committed so far. */
  get rows(): number {
    return this.#given.tally.rows
  }

  /** Writes all rows of spooled files; those that do not fit are kept for the next commit. */
  async stage(files: readonly Spooled[]): Promise<StagedBatch> {
    return await this.#staged(files, async (relation) => relation)
  }

  /** Writes all rows of a relation that has the columns of the server, in their types. */
  async stageScan(relation: Sql): Promise<StagedBatch> {
    return await this.#written(scannedRows(relation, this.#plan), async (rows) => rows)
  }

  /** Whether `stageScan` will do. */
  get takesScans(): boolean {
    return takesValues(this.#plan)
  }

  /** Writes the rows of a look-back window, beginning at `from`, that the table does not hold yet. */
  async stageUnseen(files: readonly Spooled[], from: string): Promise<StagedBatch> {
    const { options, columns, fitted, loaded, tally } = this.#given
    const { table } = options
    const cursor = table.cursor ?? ''
    let read = 0
    const staged = await this.#staged(files, async (relation) => {
      const [counted] = await this.#connection.rows<{ n: bigint }>(sql`select count(*) as n from ${relation}`)
      read = Number(counted?.n ?? 0)
      const unseen = await unseenRows({
        connection: this.#connection,
        table,
        schema: fitted.schema,
        given: columns,
        relation,
        held: sql`${id(cursor)} >= ${typedMark(fitted.schema, cursor, from)}`,
        further: [],
        loaded,
      })
      return sql`(${unseen}) as unseen`
    })
    tally.skipped += read - staged.files.rows
    return staged
  }

  /** Keeps all rows of spooled files as rejects of one column. */
  async rejectAll(files: readonly Spooled[], column: string, reason: string): Promise<void> {
    const texts = { fields: this.#plan.server.fields.map((field) => ({ ...field, type: { kind: 'string' } as const })) }
    const members = texts.fields.map(({ name }) => sql`${literal(name)}: ${id(name)}`)
    const rows = rejectRows(
      {
        file: literal(this.#plan.origin),
        line: sql`null`,
        column: literal(column),
        reason: literal(reason),
        raw: sql`to_json({${join(members)}})`,
      },
      sql`${relationOf(files, texts)} as spooled`,
    )
    await this.#keep(rows)
  }

  /** Commits a batch behind the ones before, with the mark that it reaches. */
  async append(files: StagedFiles, mark: string | undefined): Promise<void> {
    await this.#commit([files], mark, false)
  }

  /** Commits rejects that no batch took along. */
  async finish(mark: string | undefined): Promise<void> {
    if (this.#hasRejects) await this.#commit([await this.#write(this.#given.empty)], mark, false)
  }

  /** Commits all files as the only rows of the table. */
  async replace(staged: readonly StagedFiles[], mark: string | undefined): Promise<void> {
    const [first, ...rest] = staged.length > 0 ? staged : [await this.#write(this.#given.empty)]
    if (first) await this.#commit([first, ...rest], mark, true)
  }

  /** Removes files that will not be committed. */
  async discard(staged: readonly StagedFiles[]): Promise<void> {
    await discardFiles(this.#given.loaded, staged)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [this.#rejects, `${this.#temp}_rows`]) {
      await this.#connection.execute(sql`drop table if exists ${id(name)}`)
    }
  }

  async #staged(files: readonly Spooled[], choose: (relation: Sql) => Promise<Sql>): Promise<StagedBatch> {
    if (this.#direct) {
      try {
        return await this.#written(directRows(files, this.#plan), choose)
      } catch (thrown) {
        const found = spoolError(thrown, this.#plan.origin)
        if (!(found instanceof MillraceError) || found.code !== 'VALUE_OUT_OF_RANGE') throw found
        // Some value does not fit: read again, row by row, to tell which.
      }
    }
    const rows = await carefulRows(this.#connection, files, this.#plan, `${this.#temp}_rows`)
    const [kept] = rows.rejects ? [await this.#keep(rows.rejects)] : [0]
    const batch = await this.#written(rows, choose)
    await this.#allow(kept, batch.files.rows)
    return batch
  }

  async #written({ rows }: SpooledRows, choose: (relation: Sql) => Promise<Sql>): Promise<StagedBatch> {
    const { options, fitted, loadedAt } = this.#given
    const from = await choose(rows)
    const query = projected({ table: options.table, schema: fitted.schema, files: [], loadedAt }, from)
    const files = await this.#write(query)
    const mark = files.rows === 0 ? undefined : await this.#mark(files, rows)
    return { files, ...(mark === undefined ? {} : { mark }) }
  }

  async #write(query: Sql): Promise<StagedFiles> {
    const { options, loaded, rowsSchema, schemaMode } = this.#given
    const stopping = options.signal ? { signal: options.signal } : {}
    const staged = await stageFiles(loaded, query, {
      connection: this.#connection,
      rowsSchema,
      schemaMode,
      base: loaded.snapshot,
      ...stopping,
    })
    failpoint('ingest.staged')
    return staged
  }

  async #mark(files: StagedFiles, rows: Sql): Promise<string | undefined> {
    const { cursor } = this.#given.options.table
    if (cursor === undefined) return undefined
    const type = files.schema.fields.find(({ name }) => name === cursor)?.type
    const greatest = files.written.map(({ stats }) => stats?.max[cursor])
    if (files.written.length === 1 && type && EXACT.has(type.kind) && greatest[0] !== undefined) {
      return String(greatest[0])
    }
    const [found] = await this.#connection.rows<{ mark: string | null }>(
      sql`select cast(max(${id(cursor)}) as varchar) as mark from ${rows}`,
    )
    return found?.mark ?? undefined
  }

  async #keep(rejects: Sql): Promise<number> {
    const table = id(this.#rejects)
    await this.#connection.execute(
      sql`create temp table if not exists ${table} ("file" varchar, "line" bigint, "column" varchar, "reason" varchar, "raw" varchar)`,
    )
    const { rowsChanged } = await this.#connection.execute(sql`insert into ${table} ${rejects}`)
    this.#hasRejects ||= rowsChanged > 0
    return rowsChanged
  }

  /** Refuses a load of too many rejects as soon as it is known, and one whose column fits in no row at once. */
  async #allow(kept: number, good: number): Promise<void> {
    if (kept > 0) await this.#newRejects(good)
  }

  async #newRejects(good: number) {
    const { options, tally, origin } = this.#given
    const held = await options.target.open(this.rejectsDataset)
    const rejects = await newRejects({
      connection: this.#connection,
      held,
      found: sql`select * from ${id(this.#rejects)}`,
    })
    if (!rejects) return undefined
    const known = good > 0 ? sql`select ${literal(origin)}` : sql`select '' where false`
    await allowRejects(
      { connection: this.#connection, table: options.table, good: known, before: tally.rejected },
      rejects,
    )
    return { rejects, held }
  }

  async #commit(staged: readonly [StagedFiles, ...StagedFiles[]], mark: string | undefined, replaces: boolean) {
    const { options, key, appId, fitted, loaded, tally } = this.#given
    const { state, target, signal } = options
    const rows = staged.reduce((sum, files) => sum + files.rows, 0)
    const found = this.#hasRejects ? await this.#newRejects(rows) : undefined
    if (rows === 0 && !replaces && !found) return await this.discard(staged)
    const batch: Batch = {
      batch: this.#number,
      files: [],
      columns: fitted.schema,
      writesRows: rows > 0 || replaces,
      replaces,
      ...(mark === undefined ? {} : { mark }),
    }
    await planBatch(state, key, batch)
    failpoint('ingest.planned')
    const txn = { appId, version: batch.batch }
    const stopping = signal ? { signal } : {}
    if (found) {
      const schema = { schema: REJECT_SCHEMA, partitionBy: [] }
      const into = found.held ?? (await target.create(this.rejectsDataset, schema))
      await writeRejects(this.#connection, into, found.rejects, { number: batch.batch, appId, ...stopping })
      failpoint('ingest.rejects-written')
      tally.rejected += found.rejects.rows
    }
    const operation = replaces ? ({ kind: 'overwrite' } as const) : ({ kind: 'append' } as const)
    const written = batch.writesRows
      ? await commitFiles(loaded, staged, { operation, txn, ...stopping })
      : { committed: false, rows: 0, bytes: 0 }
    failpoint('ingest.committed')
    await acknowledge(state, key, { ...batch, writesRows: written.committed })
    failpoint('ingest.acknowledged')
    this.#number += 1
    tally.rows += written.rows
    tally.bytes += written.bytes
    tally.batches += 1
    if (this.#hasRejects) await this.#connection.execute(sql`delete from ${id(this.#rejects)}`)
    this.#hasRejects = false
  }
}
