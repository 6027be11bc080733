import { type DataType, type Field, formatType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { ReadOptions } from '../plan.ts'
import { FILE_OPTIONS, type FileChoice, fileChoice, NOT_OFFERED } from './file-options.ts'
import { knownForms } from './known-forms.ts'
import { mergedSchemas, readableAs, sameType } from './parquet-schema.ts'
import { OptionReader } from './read-options.ts'
import { inFiles, withPartitions } from './scan.ts'
import type { SourceFiles } from './source-files.ts'

/** Files in a store elsewhere of which each is looked at for its columns; of more only the first, unless they are merged. */
const LOOKED_AT = 64

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
export function parquetChoice(written: ReadOptions): FileChoice & { readonly merge: boolean } {
  const options = new OptionReader('parquet', written, ['mergeSchema', ...FILE_OPTIONS], {
    ...NOT_OFFERED,
    datetimeRebaseMode: 'Dates before 1582 are read as they stand in the file.',
    int96RebaseMode: 'Times before 1900 are read as they stand in the file.',
  })
  return { ...fileChoice(options), merge: options.flag('mergeSchema', false) }
}

/**
 * Parquet files as a relation. Columns are those of the schema that is given, else of the first file in the order of
 * paths, as in Spark, and with `mergeSchema` of all files; a column that a file lacks is null in its rows.
 * @throws MillraceError SOURCE_MALFORMED for files whose types do not go together
 */
export async function parquetRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const { merge } = parquetChoice(written)
  const port = connection.engine.files
  if (!port) throw new MillraceError('ENGINE_UNSUPPORTED', `reading Parquet with the engine ${connection.engine.name}`)
  const files = from.files.toSorted((a, b) => (a.url < b.url ? -1 : 1))
  const isMany = from.isRemote && files.length > LOOKED_AT && !merge
  const forms = await knownForms(isMany ? files.slice(0, 1) : files, connection)
  const first = forms[0] ?? { url: '', schema: { fields: [] }, isPlain: false }
  const inAll = given ?? (merge ? mergedSchemas(forms) : first.schema)
  const stored = inFiles(inAll, from)
  for (const { url, schema } of forms) checkTypes(stored, schema.fields, url, given ? undefined : first.url)
  const schema = given ? withPartitions({ fields: stored }, from) : placed(inAll, from)
  if (stored.length === 0) return { sql: sql`(select * from ${port.read([], schema, [])})`, schema }
  const names = from.partitions.map(({ name }) => nameIn(schema, name))
  const located = files.map(({ url, values }) => ({
    url,
    partition: Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])),
  }))
  // The engine knows the number of rows and the bounds of columns, and so a good order of joins, only of a scan that it
  // takes the columns of from the files.
  const isAlike = !isMany && forms.length === 1 && first.isPlain && areHeld(stored, first.schema)
  return { sql: port.read(located, schema, names, isAlike ? 'alike' : undefined), schema }
}

/** Whether each of the fields stands in the files by its very name and type. */
function areHeld(fields: readonly Field[], there: Schema): boolean {
  const types = new Map(there.fields.map(({ name, type }) => [name, type]))
  return fields.every(({ name, type }) => sameType(type, types.get(name)))
}

/** A partition column that the files hold too stands where they hold it, with the values of the folders. */
function placed(schema: Schema, from: SourceFiles): Schema {
  const types = new Map(from.partitions.map(({ name, type }) => [name.toLowerCase(), type]))
  const fields = schema.fields.map((field) => ({ ...field, type: types.get(field.name.toLowerCase()) ?? field.type }))
  return withPartitions({ fields }, from)
}

function nameIn(schema: Schema, name: string): string {
  return schema.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.name ?? name
}

function checkTypes(wanted: readonly Field[], there: readonly Field[], url: string, first: string | undefined): void {
  const types = new Map<string, DataType>(there.map((field) => [field.name.toLowerCase(), field.type]))
  for (const { name, type } of wanted) {
    const found = types.get(name.toLowerCase())
    if (found === undefined || readableAs(found, type)) continue
    const as = first === undefined ? 'in the schema that was given' : first === url ? 'with the others' : `in ${first}`
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading Parquet: the column "${name}" is ${formatType(found)} in ${url}, and ${formatType(type)} ${as}`,
      {
        at: { file: url, path: name },
        hint: 'Files whose types differ are read apart, cast, and put together with unionByName.',
      },
    )
  }
}
