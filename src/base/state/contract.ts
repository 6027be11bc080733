import type { Dialect, Sql } from '../sql/index.ts'

/** A transaction of `State.write`. Usable only until the work it was given to is over. */
export interface StateTx {
  /** Carries out a statement and says how many rows it changed. */
  run(query: Sql): Promise<number>
  /** Rows of a query; whole numbers come as numbers, or as bigints beyond 2^53. */
  all<T extends object>(query: Sql): Promise<T[]>
}

/**
 * The metadata database: what runs, schedules and loads remember. Small rows, many short transactions, several
 * processes. Each room owns its tables and makes them by `migrate`; a name starts with the room's.
 *
 * Durable means that what was resolved survives the death of the process; with `sync: 'full'` also a power loss.
 */
export interface State extends AsyncDisposable {
  readonly dialect: Dialect
  /**
   * The steps of a room, in order, each carried out once ever; a step is SQL of one or more statements. Append only.
   * It must be the same SQL on SQLite and PostgreSQL: types bigint, integer, double precision, text, bytea; whole
   * numbers for booleans, text for instants and JSON.
   */
  migrate(room: string, steps: readonly string[]): Promise<void>
  /** Rows of a query over what is committed. */
  read<T extends object>(query: Sql): Promise<T[]>
  /**
   * Carries out `work` in a transaction and resolves with its result once that is durable. When `work` throws,
   * what it did is undone and the error is passed on. Writes that come together share one commit; while `work`
   * runs, all other writers wait, so it must await nothing but its transaction. It may be carried out again after
   * a crash, but within one call it runs once.
   */
  write<T>(work: (tx: StateTx) => T | Promise<T>): Promise<T>
}

/** How the metadata database is kept. */
export interface StateOptions {
  /**
   * `normal` (the default) survives the death of the process, `full` a power loss too. On PostgreSQL `normal` is what
   * the server is set to, and `full` waits for its disk in any case.
   */
  readonly sync?: 'normal' | 'full'
  /**
   * How long to wait for another process that is writing, in milliseconds; 30 seconds by default. On PostgreSQL also
   * how long to ask what became of a commit whose connection ended.
   */
  readonly busyTimeoutMs?: number
  /** The schema in PostgreSQL; `millrace` by default. */
  readonly schema?: string
}

/** How long a write waits for another process by default. */
export const BUSY_TIMEOUT_MS = 30_000
