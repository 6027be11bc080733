import type {
  DuckDBConnection,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBResult,
  DuckDBType,
} from '@duckdb/node-api'
import { MillraceError, type Row, type Schema } from '../../../base/kernel/index.ts'
import { inline, render, type Sql } from '../../../base/sql/index.ts'
import { arrowIpc } from '../arrow.ts'
import { chunkRows } from '../chunk-rows.ts'
import type { Chunk, Engine, EngineConnection, QueryOptions, ResultStream } from '../contract.ts'
import { bindValues } from './bind.ts'
import type { Bindings } from './bindings.ts'
import { decodeColumn } from './decode.ts'
import { cancelled, engineError } from './engine-error.ts'
import { schemaOf } from './types.ts'
import { watch } from './watch.ts'

const ACT = 'running a statement in DuckDB'

interface OpenStream {
  close(): Promise<void>
}

/** A session of an embedded DuckDB. */
export class DuckDbConnection implements EngineConnection {
  readonly engine: Engine
  private readonly native: DuckDBConnection
  private readonly bindings: Bindings
  private readonly closed: () => void
  private last: Promise<unknown> = Promise.resolve()
  private open = true
  private stream: OpenStream | undefined
  private inTransaction = false
  private counts = false

  constructor(engine: Engine, native: DuckDBConnection, bindings: Bindings, closed: () => void) {
    this.engine = engine
    this.native = native
    this.bindings = bindings
    this.closed = closed
  }

  query(statement: Sql, options: QueryOptions = {}): Promise<ResultStream> {
    return this.next(async () => {
      const prepared = await this.prepare(statement, options)
      let result: DuckDBResult
      try {
        result = await this.watched(options, () => prepared.stream())
      } finally {
        prepared.destroySync()
      }
      return this.streamOf(result, options)
    })
  }

  rows<T extends object = Row>(statement: Sql, options: QueryOptions = {}): Promise<T[]> {
    return this.next(async () => {
      const prepared = await this.prepare(statement, options)
      try {
        const result = await this.watched(options, () => prepared.run())
        const types = result.columnTypes()
        const schema = this.schema(result, types)
        const rows: T[] = []
        for (let chunk = await this.fetch(result, types); chunk; chunk = await this.fetch(result, types)) {
          for (const row of chunkRows(chunk, schema)) rows.push(row as T)
        }
        return rows
      } catch (thrown) {
        throw this.error(thrown, options)
      } finally {
        prepared.destroySync()
      }
    })
  }

  execute(statement: Sql, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.next(async () => {
      const { text, values } = render(statement, 'duckdb')
      if (values.length === 0 && isOne(text)) {
        // Preparing a statement costs as much as a small one takes to run.
        const result = await this.watched(options, () => this.native.run(text))
        return { rowsChanged: await this.rowsChanged(result) }
      }
      const prepared = await this.prepare(statement, options)
      try {
        const result = await this.watched(options, () => prepared.run())
        return { rowsChanged: await this.rowsChanged(result) }
      } finally {
        prepared.destroySync()
      }
    })
  }

  script(text: string, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.next(async () => {
      if (
        text
          .replace(/--.*|\/\*[\s\S]*?\*\//g, '')
          .trim()
          .replaceAll(';', '') === ''
      )
        return { rowsChanged: 0 }
      let rowsChanged = 0
      const statements = await this.guard(options, () => this.native.extractStatements(text))
      for (let index = 0; index < statements.count; index += 1) {
        const prepared = await this.guard(options, () => statements.prepare(index))
        try {
          const result = await this.watched(options, () => prepared.run())
          if (result.statementType !== this.bindings.api.StatementType.DELETE)
            rowsChanged += await this.rowsChanged(result)
        } finally {
          prepared.destroySync()
        }
      }
      return { rowsChanged }
    })
  }

  describe(statement: Sql): Promise<Schema> {
    return this.next(async () => {
      // With literals: the type of a column may follow from a value, which is not bound while it is prepared.
      const prepared = await this.single(inline(statement, 'duckdb'), {})
      try {
        const columns = Array.from({ length: prepared.columnCount }, (_, index) => ({
          name: prepared.columnName(index),
          type: prepared.columnType(index),
        }))
        return schemaOf(columns, this.bindings)
      } finally {
        prepared.destroySync()
      }
    })
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTransaction) {
      throw new MillraceError('ENGINE_BUSY', 'beginning a transaction in a connection that is in one', {
        hint: 'Transactions do not nest: take another connection with engine.connect().',
      })
    }
    this.inTransaction = true
    try {
      await this.control('begin transaction')
      let result: T
      try {
        result = await work()
        if (this.stream) throw this.busy()
      } catch (thrown) {
        await this.stream?.close()
        // DuckDB may have rolled back by itself; the error that counts is the one of the work.
        if (this.open) await this.control('rollback').catch(() => undefined)
        throw thrown
      }
      await this.control('commit')
      return result
    } finally {
      this.inTransaction = false
    }
  }

  async toArrow(statement: Sql, options: QueryOptions = {}): Promise<Uint8Array> {
    return arrowIpc(() => this.query(statement, options))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.open) return
    this.open = false
    this.native.interrupt()
    await this.last.catch(() => undefined)
    this.native.closeSync()
    this.closed()
  }

  /** Runs `work` after everything asked for before it. */
  private next<T>(work: () => Promise<T>): Promise<T> {
    if (!this.open) return Promise.reject(new MillraceError('ENGINE_CLOSED', `${ACT}: the connection was closed`))
    const run = async () => {
      if (this.stream) throw this.busy()
      return work()
    }
    const result = this.last.then(run, run)
    this.last = result.catch(() => undefined)
    return result
  }

  private busy(): MillraceError {
    return new MillraceError('ENGINE_BUSY', `${ACT} while the rows of another one are still being read`, {
      hint: 'Read the stream to its end, leave its loop, or take another connection with engine.connect().',
    })
  }

  private async control(text: string): Promise<void> {
    await this.next(() => this.guard({}, () => this.native.run(text)))
  }

  private async prepare(statement: Sql, options: QueryOptions): Promise<DuckDBPreparedStatement> {
    const { text, values } = render(statement, 'duckdb')
    const prepared = await this.single(text, options)
    try {
      bindValues(prepared, values, this.bindings)
      return prepared
    } catch (thrown) {
      prepared.destroySync()
      throw this.error(thrown, options)
    }
  }

  private async single(text: string, options: QueryOptions): Promise<DuckDBPreparedStatement> {
    if (options.signal?.aborted) throw cancelled(undefined, { act: ACT, signal: options.signal })
    const statements = await this.guard(options, () => this.native.extractStatements(text))
    if (statements.count !== 1) {
      throw new MillraceError('ENGINE_SQL', `${ACT}: ${statements.count} statements were given where one is run`, {
        hint: 'Run several statements with script().',
      })
    }
    return this.guard(options, () => statements.prepare(0))
  }

  private streamOf(result: DuckDBResult, options: QueryOptions): ResultStream {
    const types = result.columnTypes()
    const schema = this.schema(result, types)
    let state: 'new' | 'open' | 'done' = 'new'
    let rows = 0
    const finish = () => {
      state = 'done'
      if (this.stream === stream) this.stream = undefined
    }
    const stream: OpenStream = {
      close: async () => {
        if (state === 'done') return
        finish()
        // The next statement of a connection ends a stream that was left, and frees what it holds.
        if (this.open) await this.control('select null')
      },
    }
    this.stream = stream
    const pull = async (): Promise<Chunk | undefined> => {
      if (state === 'done') return undefined
      if (!this.open) throw new MillraceError('ENGINE_CLOSED', `${ACT}: the connection was closed`)
      const fetching = this.watched(options, () => this.fetch(result, types), rows)
      this.last = fetching.catch(() => undefined)
      const chunk = await fetching
      rows += chunk?.rows ?? 0
      if (!chunk) finish()
      return chunk
    }
    const iterate = () => {
      if (state !== 'new') throw new MillraceError('ENGINE_BUSY', 'reading a result a second time: it is a single pass')
      state = 'open'
      return {
        next: async (): Promise<IteratorResult<Chunk, undefined>> => {
          try {
            const value = await pull()
            return value ? { done: false, value } : { done: true, value: undefined }
          } catch (thrown) {
            await stream.close().catch(() => undefined)
            throw thrown
          }
        },
        return: async (): Promise<IteratorResult<Chunk, undefined>> => {
          await stream.close()
          return { done: true, value: undefined }
        },
      }
    }
    return { schema, [Symbol.asyncIterator]: iterate }
  }

  /** DuckDB reports the rows of INSERT, UPDATE, DELETE and COPY; those of CREATE TABLE AS only as its one row, `Count`. */
  private async rowsChanged(result: DuckDBMaterializedResult): Promise<number> {
    if (result.statementType !== this.bindings.api.StatementType.CREATE || result.columnCount !== 1)
      return result.rowsChanged
    if (result.rowCount === 0) return 0
    const chunk = await result.fetchChunk()
    return Number(chunk?.rowCount ? (chunk.getRowValues(0)[0] ?? 0) : 0)
  }

  private schema(result: DuckDBResult, types: readonly DuckDBType[]): Schema {
    const columns = types.map((type, index) => ({ name: result.columnName(index), type }))
    return schemaOf(columns, this.bindings)
  }

  private async fetch(result: DuckDBResult, types: readonly DuckDBType[]): Promise<Chunk | undefined> {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return undefined
    const { rowCount: length } = chunk
    const columns = types.map((type, index) => {
      const vector = this.bindings.c.data_chunk_get_vector(chunk.chunk, index)
      return decodeColumn({ vector, length, type }, this.bindings)
    })
    // All of it was copied; what DuckDB holds would stay until the object around it is collected.
    this.bindings.c.data_chunk_reset(chunk.chunk)
    return { rows: length, columns }
  }

  private async watched<T>(options: QueryOptions, work: () => Promise<T>, rowsBefore = 0): Promise<T> {
    if (options.onProgress && !this.counts) {
      // Progress is counted from here on, and asked for by us; DuckDB itself prints nothing. Only where it is wanted:
      // a statement of its own for each connection is felt by runs that take many.
      await this.guard(options, () =>
        this.native.run('set enable_progress_bar = true; set enable_progress_bar_print = false'),
      )
      this.counts = true
    }
    return watch(this.native, options, rowsBefore, () => this.guard(options, work))
  }

  private async guard<T>(options: QueryOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      throw this.error(thrown, options)
    }
  }

  private error(thrown: unknown, options: QueryOptions): MillraceError {
    if (!this.open) return new MillraceError('ENGINE_CLOSED', `${ACT}: the connection was closed`, { cause: thrown })
    return engineError(thrown, { act: ACT, signal: options.signal, file: options.file })
  }
}

/** Whether a text is one statement for certain: without a semicolon it is at most one, with a word in front not none. */
function isOne(text: string): boolean {
  return !text.includes(';') && /^\s*[a-z]/i.test(text)
}
