import type { Sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'

/** A source of files that a plugin of dbt-duckdb reads, in the words of its `meta` and `config`. */
export interface PluginSource {
  /** `source_name.name`, for messages. */
  readonly name: string
  /** Its file, for messages. */
  readonly file: string
  readonly settings: Readonly<Record<string, unknown>>
  /** `external_location` with its names filled in. */
  readonly location?: string
}

/** What plugins read with. */
export interface PluginReading {
  readonly connection: EngineConnection
  /** The project's folder, where relative paths start. */
  readonly dir: string
}

/** One of dbt-duckdb's plugins that bring files in as tables. */
export interface FilePlugin {
  /** What its sources become unless they say `materialization`. */
  readonly materialization: 'table' | 'view'
  /**
   * The rows of a source as a table expression.
   * @throws MillraceError MODEL_INVALID, EXTENSION_MISSING, what the engine and the store throw
   */
  readonly load: (source: PluginSource, reading: PluginReading) => Promise<Sql>
}
