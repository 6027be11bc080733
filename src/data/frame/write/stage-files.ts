import { mkdir } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { strftimePattern } from '../functions/date-pattern.ts'
import type { ReadOptions } from '../plan.ts'
import { OptionReader } from '../read/read-options.ts'

/** Files that were written to a staging folder. */
export interface Staged {
  readonly rows: number
  /** Relative to the staging folder, with partition folders. */
  readonly files: readonly string[]
}

export interface StageOptions {
  readonly connection: EngineConnection
  /** Absolute path of the staging folder. */
  readonly dir: string
  readonly partitionBy: readonly string[]
  readonly schema: Schema
  readonly options: ReadOptions
  readonly signal?: AbortSignal
}

/** Parquet, by the engine's port. */
export async function stageParquet(
  query: Sql,
  { connection, dir, partitionBy, schema, options, signal }: StageOptions,
): Promise<Staged> {
  const read = new OptionReader('parquet', options, ['compression', 'partitionOverwriteMode'])
  const port = connection.engine.files
  if (!port) throw new MillraceError('ENGINE_UNSUPPORTED', `writing Parquet with the engine ${connection.engine.name}`)
  const compression = read.text('compression') as 'zstd' | undefined
  const written = await port.write(query, {
    dir,
    prefix: 'part',
    partitionBy,
    schema,
    on: connection,
    ...(compression === undefined ? {} : { compression }),
    ...(signal ? { signal } : {}),
  })
  const rows = written.reduce((sum, file) => sum + file.rows, 0)
  if (written.length > 0 || partitionBy.length > 0) return { rows, files: written.map((file) => file.path) }
  // A file without rows keeps the columns for readers that know nothing of us.
  await mkdir(dir, { recursive: true })
  await port.writeRows(`${dir}/part-0.parquet`, schema, [])
  return { rows, files: ['part-0.parquet'] }
}

const COMPRESSION: Record<string, { readonly engine: string; readonly ending: string }> = {
  none: { engine: 'none', ending: '' },
  uncompressed: { engine: 'none', ending: '' },
  gzip: { engine: 'gzip', ending: '.gz' },
  zstd: { engine: 'zstd', ending: '.zst' },
}

/** CSV with Spark's options. */
export async function stageCsv(query: Sql, stage: StageOptions): Promise<Staged> {
  const known = [
    'header',
    'sep',
    'delimiter',
    'quote',
    'escape',
    'nullValue',
    'compression',
    'dateFormat',
    'timestampFormat',
    'partitionOverwriteMode',
  ]
  const read = new OptionReader('csv', stage.options, known)
  const date = read.text('dateFormat')
  const timestamp = read.text('timestampFormat')
  return copy(query, stage, 'csv', read, [
    sql`format csv`,
    sql`header ${literal(read.flag('header', false))}`,
    sql`delimiter ${literal(read.character('sep', read.character('delimiter', ',')))}`,
    sql`quote ${literal(read.character('quote', '"'))}`,
    sql`escape ${literal(read.character('escape', '"'))}`,
    sql`nullstr ${literal(read.text('nullValue') ?? '')}`,
    ...(date === undefined ? [] : [sql`dateformat ${literal(strftimePattern(date))}`]),
    ...(timestamp === undefined ? [] : [sql`timestampformat ${literal(strftimePattern(timestamp))}`]),
  ])
}

/** JSON, an object a line. DuckDB cannot write it in partitions, so each is written by itself. */
export async function stageJson(query: Sql, stage: StageOptions): Promise<Staged> {
  const read = new OptionReader('json', stage.options, ['compression', 'partitionOverwriteMode'])
  const format = [sql`format json`]
  const { connection, partitionBy } = stage
  if (partitionBy.length === 0) return copy(query, stage, 'json', read, format)
  const table = id('temp', 'millrace_staged_json')
  await connection.execute(sql`create or replace temporary table ${id('millrace_staged_json')} as ${query}`)
  try {
    const names = join(partitionBy.map((name) => id(name)))
    const texts = join(partitionBy.map((name) => sql`cast(${id(name)} as varchar) as ${id(name)}`))
    const groups = await connection.rows<Record<string, string | null>>(
      sql`select distinct ${texts} from ${table} order by ${names}`,
    )
    const rest = join(stage.schema.fields.filter(({ name }) => !partitionBy.includes(name)).map(({ name }) => id(name)))
    const files: string[] = []
    let rows = 0
    for (const group of groups) {
      const where = partitionBy.map(
        (name) => sql`cast(${id(name)} as varchar) is not distinct from ${group[name] ?? null}`,
      )
      const folder = partitionBy.map((name) => `${partitionText(name)}=${partitionText(group[name] ?? null)}`).join('/')
      const one = sql`select ${rest} from ${table} where ${join(where, ' and ')}`
      const part = await copy(one, { ...stage, dir: `${stage.dir}/${folder}`, partitionBy: [] }, 'json', read, format)
      rows += part.rows
      files.push(...part.files.map((file) => `${folder}/${file}`))
    }
    return { rows, files }
  } finally {
    await connection.execute(sql`drop table if exists ${table}`)
  }
}

/** As Hive and DuckDB write it in the name of a folder. */
function partitionText(value: string | null): string {
  if (value === null) return '__HIVE_DEFAULT_PARTITION__'
  return encodeURIComponent(value).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

async function copy(
  query: Sql,
  stage: StageOptions,
  ending: string,
  read: OptionReader,
  options: readonly Sql[],
): Promise<Staged> {
  const { connection, dir, partitionBy, signal } = stage
  const named = read.text('compression') ?? 'none'
  const compression = COMPRESSION[named]
  if (!compression) {
    throw new MillraceError('OPTION_INVALID', `the compression "${named}" of ${ending} is not known`, {
      hint: `Allowed: ${Object.keys(COMPRESSION).join(', ')}.`,
    })
  }
  const name = `part-0.${ending}${compression.ending}`
  const into = partitionBy.length === 0 ? `${dir}/${name}` : dir
  await mkdir(partitionBy.length === 0 ? dir : dirname(dir), { recursive: true })
  const all = [...options, sql`compression ${literal(compression.engine)}`, sql`return_files true`]
  if (partitionBy.length > 0) {
    all.push(sql`partition_by (${join(partitionBy.map((column) => id(column)))})`)
    all.push(sql`filename_pattern 'part-{i}'`, sql`file_extension ${literal(name.slice(name.indexOf('.') + 1))}`)
  }
  const [result] = await connection.rows<{ Count: bigint; Files: string[] }>(
    sql`copy (${query}) to ${literal(into)} (${join(all)})`,
    signal ? { signal } : {},
  )
  const files = (result?.Files ?? []).map((file) => relative(dir, file).split(sep).join('/'))
  return { rows: Number(result?.Count ?? 0), files }
}
