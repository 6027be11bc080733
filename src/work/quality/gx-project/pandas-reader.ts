import { MillraceError, type Place, type Row, unknownName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'

// Files of pandas assets, read by DuckDB to the values and types that pandas' readers give.

/** What pandas' read_csv takes for missing, by its documentation ("na_values"). */
const MISSING = [
  '', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA',
  'NULL', 'NaN', 'None', 'n/a', 'nan', 'null',
] // biome-ignore format: a list

/** Options of read_csv that are read, with what they become in DuckDB. */
const CSV_OPTIONS = [
  'sep', 'delimiter', 'header', 'names', 'usecols', 'dtype', 'parse_dates', 'skiprows', 'nrows', 'na_values',
  'keep_default_na', 'quotechar', 'escapechar', 'comment', 'encoding', 'compression', 'decimal', 'thousands',
] // biome-ignore format: a list

const DTYPES: Readonly<Record<string, string>> = {
  str: 'VARCHAR', string: 'VARCHAR', object: 'VARCHAR', category: 'VARCHAR',
  int: 'BIGINT', int64: 'BIGINT', Int64: 'BIGINT', int32: 'INTEGER', Int32: 'INTEGER',
  float: 'DOUBLE', float64: 'DOUBLE', float32: 'FLOAT', bool: 'BOOLEAN', boolean: 'BOOLEAN',
} // biome-ignore format: a table

/** Options as the asset has them. */
export type ReaderOptions = Readonly<Record<string, unknown>>

export const FILE_TYPES = ['csv', 'parquet', 'json', 'directory_csv', 'directory_parquet', 'directory_json'] as const

/**
 * Files of an asset as a table expression.
 * @throws MillraceError GX_PROJECT_INVALID for a type or an option that is not read; nothing is read in another way than asked
 */
export async function filesRelation(
  connection: EngineConnection,
  type: string,
  files: readonly string[],
  options: ReaderOptions,
  at: Place,
): Promise<Sql> {
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== undefined)
  const list = sql`[${join(files.map((file) => literal(file)))}]`
  switch (type.replace(/^directory_/, '')) {
    case 'csv':
      return csvRelation(connection, list, new Map(given), at)
    case 'parquet': {
      allowed(given, ['engine', 'columns', 'compression', 'dtype_backend'], 'parquet', at)
      const columns = options['columns']
      const chosen = Array.isArray(columns) ? join(columns.map((name) => id(String(name)))) : trusted('*')
      return sql`(select ${chosen} from read_parquet(${list})) as batch`
    }
    case 'json': {
      allowed(given, ['lines', 'orient', 'encoding', 'compression'], 'json', at)
      if (options['orient'] !== undefined && options['orient'] !== 'records') {
        throw refused(
          `orient "${String(options['orient'])}" of JSON`,
          'Files of records (orient: records) are read.',
          at,
        )
      }
      const format = options['lines'] === true ? 'newline_delimited' : 'auto'
      return sql`(select * from read_json(${list}, format = ${literal(format)}, sample_size = -1)) as batch`
    }
    default:
      throw unknownName('GX_PROJECT_INVALID', 'a file asset of the type', type, FILE_TYPES, { at })
  }
}

async function csvRelation(
  connection: EngineConnection,
  list: Sql,
  options: ReadonlyMap<string, unknown>,
  at: Place,
): Promise<Sql> {
  allowed([...options], CSV_OPTIONS, 'csv', at)
  const texts = textRelation(list, options, at)
  const stated = typesOf(options, at)
  const names = (await connection.describe(sql`select * from ${texts}`)).fields.map((field) => field.name)
  const number = (name: string) => {
    const plain = options.has('thousands')
      ? sql`replace(${id(name)}, ${literal(String(options.get('thousands')))}, '')`
      : id(name)
    const point = String(options.get('decimal') ?? '.')
    return point === '.' ? plain : sql`replace(${plain}, ${literal(point)}, '.')`
  }
  const unstated = names.filter((name) => !stated.has(name))
  const inferred = await inferredTypes(connection, texts, unstated, number)
  const items = names.map((name) => {
    const type = stated.get(name) ?? inferred.get(name) ?? 'VARCHAR'
    const of = /^(BIGINT|INTEGER|DOUBLE|FLOAT)$/.test(type) ? number(name) : id(name)
    return type === 'VARCHAR' ? id(name) : sql`cast(${of} as ${trusted(type)}) as ${id(name)}`
  })
  return sql`(select ${join(items)} from ${texts}) as batch`
}

/** What pandas takes whole columns of text for: numbers, truth values, or text; whole numbers beside missing ones are floats. */
async function inferredTypes(
  connection: EngineConnection,
  texts: Sql,
  names: readonly string[],
  number: (name: string) => Sql,
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const measures = names.flatMap((name, i) => [
    sql`count(*) - count(${id(name)}) as ${id(`missing${i}`)}`,
    sql`coalesce(bool_and(regexp_full_match(${number(name)}, '[+-]?[0-9]+') and try_cast(${number(name)} as bigint) is not null) filter (where ${id(name)} is not null), false) as ${id(`whole${i}`)}`,
    sql`coalesce(bool_and(try_cast(${number(name)} as double) is not null) filter (where ${id(name)} is not null), true) as ${id(`number${i}`)}`,
    sql`coalesce(bool_and(${id(name)} in ('True', 'TRUE', 'true', 'False', 'FALSE', 'false')), false) as ${id(`truth${i}`)}`,
  ])
  const [row = {}] = await connection.rows<Row>(sql`select ${join(measures)} from ${texts}`)
  return new Map(
    names.map((name, i): [string, string] => {
      if (row[`whole${i}`] === true) return [name, Number(row[`missing${i}`]) > 0 ? 'DOUBLE' : 'BIGINT']
      if (row[`number${i}`] === true) return [name, 'DOUBLE']
      return [name, row[`truth${i}`] === true ? 'BOOLEAN' : 'VARCHAR']
    }),
  )
}

/** The files with every column as text. */
function textRelation(list: Sql, options: ReadonlyMap<string, unknown>, at: Place): Sql {
  const text = (name: string, usual: string) => String(options.get(name) ?? usual)
  const header = options.get('header') ?? (options.has('names') ? null : 'infer')
  const names = options.get('names')
  const more = options.get('na_values')
  if (typeof more === 'object' && more !== null && !Array.isArray(more)) {
    throw refused('na_values by column', 'Give one list for all columns.', at)
  }
  const missing = [
    ...(options.get('keep_default_na') === false ? [] : MISSING),
    ...(more === undefined ? [] : [more].flat().map(String)),
  ]
  const skip = options.get('skiprows') ?? 0
  if (typeof skip !== 'number') throw refused('skiprows as a list', 'Give the number of lines to skip.', at)
  const parts = [
    sql`all_varchar = true`,
    sql`delim = ${literal(text('sep', text('delimiter', ',')))}`,
    sql`header = ${literal(header !== null)}`,
    sql`quote = ${literal(text('quotechar', '"'))}`,
    sql`escape = ${literal(text('escapechar', text('quotechar', '"')))}`,
    sql`comment = ${literal(text('comment', ''))}`,
    sql`skip = ${literal(skip + (typeof header === 'number' ? header : 0))}`,
    sql`encoding = ${literal(text('encoding', 'utf-8').toLowerCase())}`,
    sql`nullstr = [${join(missing.map((one) => literal(one)))}]`,
    ...(Array.isArray(names) ? [sql`names = [${join(names.map((name) => literal(String(name))))}]`] : []),
  ]
  const used = options.get('usecols')
  const chosen = Array.isArray(used) ? join(used.map((name) => id(String(name)))) : trusted('*')
  const limit = options.get('nrows') === undefined ? sql`` : sql` limit ${literal(Number(options.get('nrows')))}`
  return sql`(select ${chosen} from read_csv(${list}, ${join(parts)})${limit}) as texts`
}

/** The types that the asset states itself. */
function typesOf(options: ReadonlyMap<string, unknown>, at: Place): Map<string, string> {
  const dtype = options.get('dtype') ?? {}
  if (typeof dtype !== 'object' || dtype === null) {
    throw refused('one dtype for all columns', 'Give a dtype for each column by its name.', at)
  }
  const dates = options.get('parse_dates') ?? []
  if (!Array.isArray(dates)) throw refused('parse_dates without names', 'Name the columns of dates in a list.', at)
  const types = new Map<string, string>()
  for (const [name, type] of Object.entries(dtype)) {
    const known = DTYPES[String(type)]
    if (known === undefined) {
      throw unknownName('GX_PROJECT_INVALID', `the dtype of ${name}`, String(type), Object.keys(DTYPES), { at })
    }
    types.set(name, known)
  }
  for (const name of dates) types.set(String(name), 'TIMESTAMP')
  return types
}

function allowed(
  given: readonly (readonly [string, unknown])[],
  names: readonly string[],
  type: string,
  at: Place,
): void {
  const other = given.find(([name]) => !names.includes(name))
  if (other) throw unknownName('GX_PROJECT_INVALID', `a ${type} asset: the option`, other[0], names, { at })
}

function refused(what: string, hint: string, at: Place): MillraceError {
  return new MillraceError('GX_PROJECT_INVALID', `${what} is not read`, { hint, at })
}
