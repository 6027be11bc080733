import type { Sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Column } from '../context/column.ts'
import type { Relation } from '../context/relation.ts'
import type { MaterializationInput } from '../materialize/materialization.ts'
import type { SeedShape } from '../seed-csv.ts'

/** What a builder leaves for the end of its transaction, after the hooks: grants, comments, the old relation's drop. */
export type Settle = () => Promise<void>

/** What building a relation answered. */
export interface Built {
  /** The engine's answer in dbt's words: `OK`, `SELECT 100`. */
  readonly message: string
  readonly rows?: number
  readonly settle: Settle
}

/** A seed file that is to be loaded. */
export interface SeedFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly delimiter: string
  readonly shape: SeedShape
}

/**
 * How dbt's ideas are carried out in one engine's SQL; what differs between engines is said here and nowhere else
 * in the room. All builders run inside the node's transaction and leave the old relation whole when they throw.
 */
export interface ModelDialect {
  /** dbt's adapter type: `adapter.type()`, `target.type`, the artifacts' `adapter_type`. */
  readonly adapter: 'duckdb' | 'postgres'
  /** Prefixes of dispatched macros, the first found wins: `postgres__`, then `default__`. */
  readonly prefixes: readonly string[]
  /** Text of the built-in macros that only this adapter has. */
  readonly macros: string
  /** Longer names are cut by the engine without a word, so they are refused. In bytes of UTF-8. */
  readonly maxNameBytes?: number
  /** The type of a seed's column of numbers with fractions. */
  readonly fractionType: string
  /** The present, as snapshots write it: an instant without a zone. */
  readonly now: Sql

  /** How names are compared: DuckDB does not regard case, PostgreSQL does. */
  fold(name: string): string
  column(name: string, type: string): Column

  /** The relation of that path, with its kind, or undefined. */
  relationAt(connection: EngineConnection, wanted: Relation): Promise<Relation | undefined>
  /** All relations there are, where asking once costs less than asking for each: a run of many nodes does. */
  allRelations?(connection: EngineConnection): Promise<readonly Relation[]>
  columnsOf(connection: EngineConnection, relation: Relation): Promise<Column[]>
  /** How much of the database's storage a table takes; undefined where nothing of it is stored yet. */
  bytesOf(connection: EngineConnection, table: Relation): Promise<number | undefined>
  /** Creates the relation's schema when it does not exist. @throws MillraceError MODEL_INVALID for another database where models cannot leave theirs */
  createSchema(connection: EngineConnection, relation: Relation): Promise<void>

  drop(relation: Relation): Sql
  rename(relation: Relation, identifier: string): Sql

  /** Puts a new table made from the compiled SQL in the place of the target. */
  buildTable(input: MaterializationInput): Promise<Built>
  /** Puts a view in the place of the target. */
  buildView(input: MaterializationInput): Promise<Built>
  /** The one statement that does all that `buildView` does, where one is enough; it is a transaction of its own. */
  soleView?(input: MaterializationInput): Sql | undefined
  /** Fills the target with a seed's rows. */
  loadSeed(input: MaterializationInput, seed: SeedFile): Promise<Built>
  /** Keeps the failures of a test as a table or view of that path, in place of whatever stands there. */
  keepRows(connection: EngineConnection, relation: Relation, rows: Sql): Promise<void>

  /** Where an incremental model's new rows are put first. */
  staged(target: Relation): Relation
  /** Statements that make the staged relation from the compiled SQL. */
  stage(staged: Relation, rows: Sql): readonly Sql[]
  /** Deletes what the staged rows replace. `key` is the user's `unique_key`. */
  deleteMatching(target: Relation, staged: Relation, key: unknown, predicates: readonly Sql[]): Sql
  /** Gives a column another type, for `on_schema_change: sync_all_columns`. */
  retype(target: Relation, column: string, type: string): readonly Sql[]
  /** Lets the target's texts hold the staged ones, where texts have lengths. */
  expandColumns(input: MaterializationInput, staged: Relation): Promise<void>
  /** What follows the adding of rows to a table: grants and comments. */
  settleIncrement(input: MaterializationInput): Promise<void>
  /** Refuses a strategy this server lacks. @throws MillraceError ENGINE_UNSUPPORTED */
  checkStrategy(connection: EngineConnection, strategy: string): Promise<void>
}
