import { isAbsolute, join } from 'node:path'
import { isMapping, mappingSet, params } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { pythonStr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'
import type { AdapterParts } from './adapter-object.ts'
import type { Namespace } from './macro-library.ts'
import { plainData } from './plain-data.ts'
import type { Relation } from './relation.ts'

const COMPRESSIONS: Readonly<Record<string, string>> = { '.gz': 'gzip', '.zst': 'zstd' }

/** Options of COPY that are texts. */
const QUOTED = new Set(['delimiter', 'quote', 'escape', 'null'])

/** The methods that only dbt-duckdb's adapter has. */
export function duckdbMethods({ connection, file, projectDir, externalRoot }: AdapterParts): Namespace {
  return {
    is_motherduck: () => false,
    is_ducklake: () => false,
    use_ducklake_table_workarounds: () => false,
    disable_transactions: () => false,
    external_root: () => externalRoot,
    // dbt works in the project's folder, where the database looks for files that are named without one.
    external_path: (location: string) =>
      /^[\w+.-]+:\/\//.test(location) || isAbsolute(location) || process.cwd() === projectDir
        ? location
        : join(projectDir, location),
    get_seed_file_path: () => join(projectDir, file),
    convert_datetimes_to_strs: (table: unknown) => table,
    batch_id_for_model: (model: unknown) => batchId(model),
    catalog_supports_foreign_keys: async (database: string) => {
      if (!connection) return false
      const rows = await connection.rows(
        sql`select 1 as there from duckdb_databases() where lower(database_name) = lower(${String(database)}) and type = 'duckdb'`,
      )
      return rows.length > 0
    },
    existing_key_constraint_types: async (relation: Relation) => {
      if (!connection) return []
      const rows = await connection.rows<{ type: string }>(sql`
        select distinct lower(replace(constraint_type, ' ', '_')) as type from duckdb_constraints()
        where lower(database_name) = lower(${relation.database}) and lower(schema_name) = lower(${relation.schema})
          and lower(table_name) = lower(${relation.identifier}) and constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
        order by 1`)
      return rows.map(({ type }) => type)
    },
    location_exists: async (location: string) => {
      if (!connection) return false
      const rows = await connection.rows(sql`select 1 as there from glob(${location}) limit 1`)
      return rows.length > 0
    },
    external_write_options: params(writeOptions, ['write_location', 'rendered_options']),
    external_read_location: params(readLocation, ['write_location', 'rendered_options']),
    store_relation: (plugin: unknown) => {
      throw new MillraceError('ENGINE_UNSUPPORTED', `the plugin ${pythonStr(plainData(plugin))} cannot be run`, {
        hint: 'External models are written to files and nothing else: take `plugin` and `glue_register` out.',
      })
    },
  }
}

/** The text of COPY's options. What is not given follows from the file's ending, and is added to the dict. */
function writeOptions(location: string, options: unknown): string {
  const given = dictOf(options)
  if (given['format'] === undefined) {
    const [, ending = ''] = /(\.[^./\\]+)$/.exec(location) ?? []
    const compression = COMPRESSIONS[ending.toLowerCase()]
    const bare = compression ? location.slice(0, -ending.length) : location
    const [, kind = ''] = /\.([^./\\]+)$/.exec(bare) ?? []
    set(options, 'format', kind.toLowerCase() || (given['delimiter'] === undefined ? 'parquet' : 'csv'))
    if (compression && kind && given['compression'] === undefined) set(options, 'compression', compression)
  }
  if (dictOf(options)['format'] === 'csv' && given['header'] === undefined) set(options, 'header', 1)
  const by = given['partition_by']
  if (typeof by === 'string' && by.includes(',') && !by.startsWith('(')) set(options, 'partition_by', `(${by})`)
  return Object.entries(dictOf(options))
    .map(([name, value]) => {
      const text = pythonStr(value)
      return QUOTED.has(name.toLowerCase()) && !text.startsWith("'") ? `${name} '${text}'` : `${name} ${text}`
    })
    .join(', ')
}

/** What reads back what was written: a pattern where it is several files. */
function readLocation(location: string, options: unknown): string {
  const { partition_by: by, per_thread_output: many, format } = dictOf(options)
  if (!by && !many) return location
  const levels = by
    ? pythonStr(by)
        .split(',')
        .map(() => '*')
    : []
  return `${[location, '*', ...levels].join('/')}.${pythonStr(format ?? 'parquet')}`
}

function dictOf(value: unknown): Record<string, unknown> {
  const plain = plainData(value)
  return isTree(plain) ? { ...plain } : {}
}

function set(dict: unknown, key: string, value: unknown): void {
  if (isMapping(dict)) mappingSet(dict, key, value)
}

/** A suffix that tells the batches of a microbatch model apart. */
function batchId(model: unknown): string {
  const plain = plainData(model)
  const batch = isTree(plain) ? plain['batch'] : undefined
  const start = isTree(batch) ? batch['event_time_start'] : undefined
  return typeof start === 'string' ? start.replace(/[-:+]/g, '').replaceAll(' ', '_') : ''
}
