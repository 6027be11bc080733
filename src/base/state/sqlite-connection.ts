import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { render, type Sql, type SqlValue } from '../sql/index.ts'
import { isBusy, sqliteError } from './sqlite-error.ts'

const STATEMENTS_KEPT = 200
const LONGEST_PAUSE_MS = 25

/** One connection to a SQLite file: prepared statements are kept, values are translated, errors are coded. */
export class SqliteConnection {
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #busyTimeoutMs: number
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync, file: string, busyTimeoutMs: number) {
    this.#database = database
    this.#file = file
    this.#busyTimeoutMs = busyTimeoutMs
  }

  static async open(file: string, sync: 'normal' | 'full', busyTimeoutMs: number): Promise<SqliteConnection> {
    const { DatabaseSync } = await loadSqlite()
    const act = `opening the metadata database ${file}`
    let database: DatabaseSync | undefined
    try {
      // Waiting is done by `patiently`: SQLite's own would stop the whole process.
      database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true })
      const connection = new SqliteConnection(database, file, busyTimeoutMs)
      await connection.patiently(act, () => connection.exec('pragma journal_mode = wal'))
      connection.exec(`pragma synchronous = ${sync}`)
      return connection
    } catch (thrown) {
      database?.close()
      throw sqliteError(thrown, act)
    }
  }

  /** Tries until no other process stands in the way. @throws MillraceError STATE_BUSY */
  async patiently<T>(act: string, step: () => T): Promise<T> {
    const deadline = Date.now() + this.#busyTimeoutMs
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return step()
      } catch (thrown) {
        if (!isBusy(thrown) || Date.now() >= deadline) throw sqliteError(thrown, act)
        await sleep(pause * (0.5 + Math.random()))
      }
    }
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  exec(text: string): void {
    this.#database.exec(text)
  }

  run(query: Sql): number {
    const { statement, values } = this.#prepare(query)
    return Number(statement.run(...values).changes)
  }

  all<T extends object>(query: Sql): T[] {
    const { statement, values } = this.#prepare(query)
    return statement.all(...values).map((row) => readable(row)) as T[]
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  /** What is named in an error about this connection. */
  describe(act: string): string {
    return `${act} in ${this.#file}`
  }

  #prepare(query: Sql): { statement: StatementSync; values: SQLInputValue[] } {
    const { text, values } = render(query, 'sqlite')
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.#database.prepare(text)
      statement.setReadBigInts(true)
    } else {
      this.#statements.delete(text)
    }
    // Re-inserted, so that the first of the map is the one unused for longest.
    this.#statements.set(text, statement)
    if (this.#statements.size > STATEMENTS_KEPT) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    return { statement, values: values.map(bindable) }
  }
}

function bindable(value: SqlValue): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  // Without this a whole number would be stored as a REAL in a column without a type.
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) return BigInt(value)
  return value instanceof Date ? value.toISOString() : value
}

function readable(row: Record<string, unknown>): object {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    const small = typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    plain[name] = small ? Number(value) : value
  }
  return plain
}

/** Node 22 announces on stderr that its SQLite is experimental; users can do nothing about it. */
async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  const emitWarning = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes('SQLite')) emitWarning.call(process, warning, ...rest)
  }) as typeof process.emitWarning
  try {
    return await import('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}
