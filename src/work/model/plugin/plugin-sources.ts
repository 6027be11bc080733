import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { id, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Manifest, Node, SourceNode } from '../node.ts'
import { filledLocation, sourceSettings } from '../read/external-source.ts'
import { delta } from './delta.ts'
import { excel } from './excel.ts'
import type { FilePlugin } from './file-plugin.ts'

/** The plugins of dbt-duckdb that there are, by the `module` of a profile's `plugins`. */
export const FILE_PLUGINS: ReadonlyMap<string, FilePlugin> = new Map([
  ['delta', delta],
  ['excel', excel],
])

/** What becomes of a relation that stands where a source is to go: dbt-duckdb's `save_mode`. */
const SAVE_MODES = ['overwrite', 'ignore', 'error_if_exists'] as const

/** A plugin of a profile: the name that sources give it, and which it is. */
export interface NamedPlugin {
  readonly name: string
  readonly module: string
}

/**
 * Brings the sources of plugins into the database: each once in a command, before the first node that reads it.
 * dbt-duckdb brings them in again whenever a template says `source()`.
 */
export class PluginSources {
  readonly #plugins: ReadonlyMap<string, FilePlugin>
  readonly #dir: string
  readonly #loaded = new Map<string, Promise<void>>()
  readonly #named = new Set<SourceNode>()

  constructor(plugins: readonly NamedPlugin[], dir: string) {
    const known = plugins.flatMap(({ name, module }) => {
      const plugin = FILE_PLUGINS.get(module)
      return plugin ? [[name, plugin] as const] : []
    })
    this.#plugins = new Map(known)
    this.#dir = dir
  }

  /**
   * Brings in what a node reads, itself or through ephemeral models.
   * @throws MillraceError MODEL_INVALID, and what the plugin throws
   */
  async ready(manifest: Manifest, node: Node, connection: EngineConnection): Promise<void> {
    for (const source of readBy(manifest, node.unique_id)) await this.#once(source, connection)
  }

  /** Remembers a source that a template named, for `readyNamed`. */
  named(source: SourceNode): void {
    this.#named.add(source)
  }

  /** Brings in what templates named: of SQL that is no node, it is not known before. @throws MillraceError as `ready` */
  async readyNamed(connection: EngineConnection): Promise<void> {
    for (const source of this.#named) await this.#once(source, connection)
  }

  async #once(source: SourceNode, connection: EngineConnection): Promise<void> {
    if (sourceSettings(source)['plugin'] === undefined) return
    const loaded = this.#loaded.get(source.unique_id) ?? this.#load(source, connection)
    this.#loaded.set(source.unique_id, loaded)
    await loaded
  }

  async #load(source: SourceNode, connection: EngineConnection): Promise<void> {
    const settings = sourceSettings(source)
    const name = `${source.source_name}.${source.name}`
    const at = { file: source.original_file_path }
    const asked = String(settings['plugin'])
    const plugin = this.#plugins.get(asked)
    if (!plugin) {
      throw new MillraceError('MODEL_INVALID', `reading the source ${name}: the profile has no plugin ${asked}`, {
        at,
        hint: `Name it in the profile: \`plugins: [{ module: ${FILE_PLUGINS.has(asked) ? asked : 'excel'} }]\`; there are: ${[...FILE_PLUGINS.keys()].join(', ')}.`,
      })
    }
    const mode = SAVE_MODES.find((one) => one === (settings['save_mode'] ?? 'overwrite'))
    if (!mode) {
      throw unknownName('MODEL_INVALID', `the source ${name}: save_mode`, String(settings['save_mode']), SAVE_MODES, {
        at,
      })
    }
    const kind = settings['materialization'] ?? plugin.materialization
    if (kind !== 'table' && kind !== 'view') {
      throw unknownName('MODEL_INVALID', `the source ${name}: materialization`, String(kind), ['table', 'view'], { at })
    }
    const { database, schema, identifier } = source
    const [found] = await connection.rows<{ type: string }>(sql`
      select lower(table_type) as type from information_schema.tables where lower(table_catalog) = lower(${database})
        and lower(table_schema) = lower(${schema}) and lower(table_name) = lower(${identifier})`)
    if (found && mode === 'ignore') return
    if (found && mode === 'error_if_exists') {
      throw new MillraceError('MODEL_INVALID', `the source ${name} is there already, and its save_mode is ${mode}`, {
        at,
        hint: `Drop ${database}.${schema}.${identifier}, or say save_mode: overwrite.`,
      })
    }
    const location = filledLocation(source)
    const rows = await plugin.load(
      { name, file: source.original_file_path, settings, ...(location === undefined ? {} : { location }) },
      { connection, dir: this.#dir },
    )
    const relation = sql`${id(database)}.${id(schema)}.${id(identifier)}`
    await connection.execute(sql`create schema if not exists ${id(database)}.${id(schema)}`)
    // A table gives way to a view of its name only by hand.
    const other =
      found && (found.type === 'view') !== (kind === 'view') ? (kind === 'view' ? 'table' : 'view') : undefined
    if (other) await connection.execute(sql`drop ${trusted(other)} ${relation}`)
    await connection.execute(sql`create or replace ${trusted(kind)} ${relation} as select * from ${rows}`)
  }
}

function readBy(manifest: Manifest, id: string): SourceNode[] {
  return (manifest.parents.get(id) ?? []).flatMap((parent) => {
    const source = manifest.sources.get(parent)
    if (source) return [source]
    return manifest.nodes.get(parent)?.config.materialized === 'ephemeral' ? readBy(manifest, parent) : []
  })
}
