import { type DataType, type Field, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { ReadOptions } from '../plan.ts'
import { corruptType } from './csv.ts'
import { type FileChoice, fileChoice } from './file-options.ts'
import { JSON_NOT_OFFERED, JSON_OPTIONS, type JsonDialect, jsonDialect } from './json-options.ts'
import { jsonOf, withExactFractions, withNamelessMembers } from './json-text.ts'
import { jsonSchema, structureOf } from './json-types.ts'
import { jsonMisfit, jsonValue, membersOf } from './json-value.ts'
import { linesOf, textsOf } from './lines.ts'
import { OptionReader } from './read-options.ts'
import { inFiles, partScans, withPartitions } from './scan.ts'
import { malformedRow } from './source-error.ts'
import type { SourceFiles } from './source-files.ts'

const readerOf = (written: ReadOptions) => new OptionReader('json', written, JSON_OPTIONS, JSON_NOT_OFFERED)

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
export function jsonChoice(written: ReadOptions): FileChoice {
  return fileChoice(readerOf(written))
}

/**
 * JSON files as a relation, read as Spark reads them: an object, or an array of objects, a line, or a file with
 * `multiLine`. Without a schema all of it is read to find columns and types.
 * @throws MillraceError OPTION_INVALID, OPTION_UNKNOWN, SOURCE_EMPTY, SOURCE_MALFORMED, TYPE_UNSUPPORTED
 */
export async function jsonRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const options = readerOf(written)
  const dialect = jsonDialect(options)
  const all = given ?? (await found(from, dialect, options, connection))
  const fields = inFiles(all, from)
  const schema = withPartitions({ fields }, from)
  const selects = partScans(from, from.files).map((part) => {
    const partitions = part.partitions.map((value, at) => sql`${value} as ${id(`p${at}`)}`)
    return rowsOf(recordsOf(part.files, partitions, dialect), fields, from, dialect)
  })
  return { sql: sql`(${join(selects, ' union all ')})`, schema }
}

/** The texts that each hold an object or an array of them. */
function recordsOf(files: SourceFiles['files'], partitions: readonly Sql[], dialect: JsonDialect): Sql {
  const kept = join([sql`filename`, ...partitions])
  if (dialect.multiLine) return sql`select content as record, ${kept} from ${textsOf(files)}`
  return sql`select line as record, ${kept} from ${linesOf(files, dialect)} where regexp_matches(line, '[^\\x00-\\x20]')`
}

async function found(
  from: SourceFiles,
  dialect: JsonDialect,
  options: OptionReader,
  connection: EngineConnection,
): Promise<Schema> {
  const infer = {
    primitivesAsString: options.flag('primitivesAsString', false),
    dropFieldIfAllNull: options.flag('dropFieldIfAllNull', false),
  }
  const ratio = options.number('samplingRatio', (of) => of > 0 && of <= 1, 'a number above 0, up to 1') ?? 1
  const sample = ratio < 1 ? sql` where hash(record) % 1000000 < ${literal(Math.round(ratio * 1_000_000))}` : sql``
  const json = sql`select record, ${jsonOf(sql`record`, dialect)} as json from (${recordsOf(from.files, [], dialect)}) as records${sample}`
  const shapes = sql`select record, json,
    case when regexp_matches(record, '[0-9]{19}') then null else cast(json_structure(${withNamelessMembers(sql`json`)}) as varchar) end as structure,
    coalesce(json_type(json) in ('OBJECT', 'ARRAY'), false) as holds from (${json}) as texts`
  const [row] = await connection.rows<{ structures: string[] | null; long: string[] | null; bad: string | null }>(
    sql`select list(distinct structure order by structure) filter (where holds and structure is not null) as structures,
      list(cast(json as varchar)) filter (where holds and structure is null) as long,
      min(record) filter (where not holds) as bad from (${shapes}) as shapes`,
  )
  const structures = [...(row?.structures ?? []), ...(row?.long ?? []).map(structureOf)]
  const { fields: known, hasOthers } = jsonSchema(structures, infer)
  const isBad = (row?.bad ?? null) !== null || hasOthers
  if (isBad && dialect.mode === 'FAILFAST') {
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading JSON to find its columns: there is what is no object: ${row?.bad?.slice(0, 100) ?? 'an array of values'}`,
      {
        at: { file: from.files[0]?.url ?? '' },
        hint: 'Correct it, give a schema, or read with another mode than FAILFAST.',
      },
    )
  }
  const corrupt: Field = { name: dialect.corrupt, type: { kind: 'string' }, nullable: true }
  const isKept =
    isBad && dialect.mode === 'PERMISSIVE' && known.length > 0 && !known.some(({ name }) => name === dialect.corrupt)
  const fields = isKept ? [...known, corrupt].toSorted((a, b) => (a.name < b.name ? -1 : 1)) : known
  if (fields.length > 0) return { fields }
  throw new MillraceError('SOURCE_EMPTY', 'reading JSON: there is no object in the files that could tell the columns', {
    at: { file: from.files[0]?.url ?? '' },
    hint: 'Give a schema: read.schema("id bigint, name string").',
  })
}

function rowsOf(records: Sql, fields: readonly Field[], from: SourceFiles, given: JsonDialect): Sql {
  const exact = fields.some(({ type }) => holdsDecimal(type))
  const dialect = { ...given, exact }
  const { mode } = dialect
  const corrupt = fields.find(({ name }) => name === dialect.corrupt)
  if (corrupt && corrupt.type.kind !== 'string') throw corruptType(corrupt)
  const stored = fields.filter((field) => field !== corrupt)
  const kept = [sql`record`, sql`filename`, ...from.partitions.map((_column, at) => id(`p${at}`))]
  const read = sql`select ${join([...kept, sql`${jsonOf(sql`record`, dialect)} as root`])} from (${records}) as records`
  const digits = join([...kept, sql`${withExactFractions(sql`record`, sql`root`)} as root`])
  const whole = exact ? sql`select ${digits} from (${read}) as records` : read
  // An array with anything but objects is one row that does not fit.
  // Tried, because conditions are not always evaluated in their order.
  const items = sql`try_cast(root as json[])`
  const isRows = sql`json_type(root) = 'ARRAY' and not list_contains([json_type(j) not in ('OBJECT', 'NULL') for j in ${items}], true)`
  const each = sql`unnest(case when ${isRows} then ${items} else [root] end)`
  const objects = sql`select ${join([...kept, sql`${each} as json`])} from (${whole}) as texts`
  const member = (at: number) => sql`members[${literal(at + 1)}]`
  const isObject = sql`coalesce(json_type(json) = 'OBJECT', false)`
  const members =
    stored.length === 0 ? sql`cast([] as json[])` : sql`case when ${isObject} then ${membersOf(sql`json`, stored)} end`
  const taken = sql`select ${join([...kept, sql`${isObject} as holds`, sql`${members} as members`])} from (${objects}) as objects`
  const values = stored.map(({ type }, at) => sql`${jsonValue(member(at), type, dialect)} as ${id(`v${at}`)}`)
  const typed = sql`select ${join([...kept, sql`holds`, sql`members`, ...values])} from (${taken}) as found`
  const wrong = stored.map(({ type }, at) => jsonMisfit(member(at), id(`v${at}`), type, dialect))
  const bad = join([sql`not holds`, ...wrong], ' or ')
  const result = fields.map((field) =>
    field === corrupt
      ? sql`case when ${bad} then record end as ${id(field.name)}`
      : sql`${id(`v${stored.indexOf(field)}`)} as ${id(field.name)}`,
  )
  const folders = from.partitions.map(({ name }, at) => sql`${id(`p${at}`)} as ${id(name)}`)
  const rows = sql`select ${join([...result, ...folders])} from (${typed}) as typed`
  if (mode === 'PERMISSIVE') return rows
  if (mode === 'DROPMALFORMED') return sql`${rows} where not (${bad})`
  const column = wrong.reduce<Sql>(
    (so, one, at) => sql`${so} when ${one} then ${literal(stored[at]?.name ?? '')}`,
    sql`case when not holds then null`,
  )
  const why = sql`case when not holds then 'it is no JSON object' end`
  return sql`${rows} where case when ${bad} then ${malformedRow('JSON', sql`record`, sql`${column} end`, why)} else true end`
}

function holdsDecimal(type: DataType): boolean {
  switch (type.kind) {
    case 'decimal':
      return true
    case 'array':
      return holdsDecimal(type.element)
    case 'map':
      return holdsDecimal(type.value)
    case 'struct':
      return type.fields.some((field) => holdsDecimal(field.type))
    default:
      return false
  }
}
