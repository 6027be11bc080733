import { type DataType, formatType, MillraceError, parseType } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql, value } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { Argument, ColumnOrName, NamesOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { firstJson } from '../../native/first-json.ts'
import { jsonTypeText } from '../../native/json-type.ts'
import { parseSchema } from '../../schema-text.ts'
import type { RowNamed, TypeNamed } from '../../written-type.ts'
import type { Takes } from '../argument-kind.ts'
import {
  type Call,
  define,
  everywhere,
  type GivenNeeds,
  leading,
  onlyDuckDb,
  type TemplateArgs,
  unary,
} from '../define.ts'
import { wantedAs } from '../math/math-argument.ts'
import { nativeOf } from '../native.ts'
import { STRING } from '../result-type.ts'
import { readJson } from './json-read.ts'
import { isUsual, isUsualInPart, usualValue } from './json-usual.ts'
import { writtenJson } from './json-write.ts'

const FIRST_JSON = nativeOf('first_json', { kind: 'string' }, firstJson)

/** A struct, map or array as JSON text, as Spark writes it: members that are null are left out. */
export const toJson = unary(
  'to_json',
  onlyDuckDb(
    ([of], [type]) => (type ? writtenJson(of, type) : sql`cast(to_json(${of}) as varchar)`),
    'Its JSON is written otherwise: expr("to_json(…)") gives its own.',
  ),
  STRING,
)
/**
 * The type of a JSON text that is a constant, such as `'STRUCT<a: BIGINT, tags: ARRAY<STRING>>'`, which `fromJson` reads
 * by. Members are in the order of their names; what is always null is a string.
 */
function schemaOfJsonBuilder(json: string | Column): Column<string, string, never, unknown> {
  return new Column({ kind: 'call', fn: 'schema_of_json', args: [operand(json)] })
}
export const schemaOfJson = Object.assign(schemaOfJsonBuilder, {
  definition: define('schema_of_json', everywhere(typeOfText), STRING, { arity: 1 }),
})

function typeOfText([of]: TemplateArgs, _types: unknown, call: Call): Sql {
  const text = constantOf(of)
  if (typeof text !== 'string') return call.refuse('of what is no constant text')
  const found = jsonTypeText(text)
  if (found !== undefined) return value(found, { kind: 'string' })
  throw new MillraceError('COLUMN_TYPE', `schema_of_json() takes JSON, and not ${text.slice(0, 80)}`, {
    hint: 'Give it a text such as \'{"id": 1, "tags": ["a"]}\'.',
  })
}

/** The text at a path such as `'$.user.id'`; null when there is none. */
export const getJsonObject = leading<[path: string]>()(
  'get_json_object',
  { duckdb: ([of, path]) => sql`json_extract_string(${strictJson(of)}, ${path})`, postgres: extracted },
  STRING,
  { natives: [FIRST_JSON] },
)

/** Text as JSON; null where it begins with none. */
function strictJson(text: Sql): Sql {
  return sql`case when json_valid(${text}) then ${text} else ${FIRST_JSON.call(text)} end`
}

/** How `fromJson` reads. */
export interface FromJsonOptions {
  /** What is done about text that is no such JSON: members are null (`PERMISSIVE`, the default), or the action fails. */
  readonly mode?: 'PERMISSIVE' | 'FAILFAST'
  /** The string member that gets such a text, when the schema has it: `_corrupt_record` when not said. */
  readonly columnNameOfCorruptRecord?: string
}

/** What JSON text becomes: columns are a struct. */
type FromJson<S> = S extends `${infer W}<${string}`
  ? Lowercase<W> extends 'map' | 'array' | 'struct'
    ? TypeNamed<S>
    : RowNamed<S>
  : S extends string
    ? RowNamed<S>
    : TypeNamed<S>

/**
 * JSON text as a struct of the schema, such as `'id bigint, name string'`, or as `'map<string,int>'` or `'array<int>'`.
 * A member of another type is null; a struct of nulls where the text is no JSON, or is no object.
 */
function fromJsonBuilder<const A extends ColumnOrName, const S extends string | DataType>(
  column: A & Argument<Takes<'from_json'>>,
  schema: S,
  options?: FromJsonOptions,
): Column<FromJson<S> | null, string, NamesOf<A>, GivenNeeds<A, 'from_json'>> {
  const type: DataType = typeof schema === 'string' ? schemaType(schema) : (schema as DataType)
  checkOptions(type, options)
  const more = options === undefined ? [] : [operand(JSON.stringify(options))]
  return new Column({ kind: 'call', fn: 'from_json', args: [named(column), operand(formatType(type)), ...more] })
}
export const fromJson = Object.assign(fromJsonBuilder, {
  definition: define(
    'from_json',
    onlyDuckDb(reads, "It has no structs: take members by getJsonObject(column, '$.name')."),
    {
      of: (_types: readonly (DataType | undefined)[], args?: readonly Sql[]) => typeOfArgument(args?.[1]),
    },
    { natives: [FIRST_JSON] },
  ),
})

function schemaType(schema: string): DataType {
  return /^\s*(map|array|struct)\s*</i.test(schema)
    ? parseType(schema)
    : { kind: 'struct', fields: parseSchema(schema).fields }
}

function typeOfArgument(arg: Sql | undefined): DataType | undefined {
  const text = constantOf(arg)
  return typeof text === 'string' ? schemaType(text) : undefined
}

function checkOptions(type: DataType, { mode, ...rest }: FromJsonOptions = {}): void {
  if (type.kind !== 'struct' && type.kind !== 'map' && type.kind !== 'array') {
    throw new MillraceError('COLUMN_TYPE', `from_json() gives structs, maps and arrays, and no ${formatType(type)}`, {
      hint: "Such as fromJson('body', 'id bigint, tags array<string>').",
    })
  }
  if (mode !== undefined && mode !== 'PERMISSIVE' && mode !== 'FAILFAST') {
    throw new MillraceError('OPTION_INVALID', `mode "${String(mode)}" is not one of PERMISSIVE, FAILFAST`, {
      hint: 'A function of a column cannot drop rows: filter those whose result is null.',
    })
  }
  const unknown = Object.keys(rest).find((name) => name !== 'columnNameOfCorruptRecord')
  if (unknown !== undefined) {
    throw new MillraceError('OPTION_UNKNOWN', `from_json() has no option "${unknown}"`, {
      hint: 'One of mode, columnNameOfCorruptRecord.',
    })
  }
}

function reads([of, schema, given]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const to = typeOfArgument(schema)
  const optionText = constantOf(given)
  if (to === undefined || (given !== undefined && typeof optionText !== 'string')) {
    return call.refuse('with a schema or options that are no constants')
  }
  const options = (optionText === undefined ? {} : JSON.parse(String(optionText))) as FromJsonOptions
  checkOptions(to, options)
  const text = wantedAs(of, type, 'string')
  const corrupt = to.kind === 'struct' ? (options.columnNameOfCorruptRecord ?? '_corrupt_record') : ''
  const json = sql`case when json_valid(${text}) then cast(trim(${text}, ${' \t\n\r'}) as json) else cast(${FIRST_JSON.call(text)} as json) end`
  const read = sql`list_transform([struct_pack(t := ${text}, j := ${json})], lambda r: case when trim(r.t, ${' \t\n\r'}) <> '' then ${readRoot(to, corrupt, options)} end)[1]`
  const usual = to.kind === 'struct' && to.fields.some(({ name }) => name === corrupt) ? undefined : isUsual(text, to)
  if (!usual) return read
  const part = isUsualInPart(text, to)
  const most = part ? sql`when ${part} then ${usualValue(text, to)}` : sql``
  return sql`case when ${usual} then ${usualValue(text, to)} ${most} else ${read} end`
}

function readRoot(to: DataType, corrupt: string, options: FromJsonOptions): Sql {
  const json = sql`r.j`
  const fields = to.kind === 'struct' ? to.fields.filter((field) => field.name !== corrupt) : []
  const wanted: DataType = to.kind === 'struct' ? { kind: 'struct', fields } : to
  const { value, bad } = readJson(json, wanted)
  const wrong = sql`(${json} is null or ${bad})`
  const failing = (then: Sql) =>
    options.mode === 'FAILFAST'
      ? sql`case when ${wrong} then error('[MALFORMED_RECORD_IN_PARSING] The text is no JSON of the schema') else ${then} end`
      : then
  if (to.kind === 'array' && to.element.kind === 'struct') {
    // One object is an array of one.
    const one = readJson(json, to.element)
    return failing(sql`case when starts_with(${json}, '{') then [${one.value}] else ${value} end`)
  }
  if (to.kind !== 'struct') return failing(value)
  const nulls = (record: Sql) =>
    sql`struct_pack(${join(
      to.fields.map(
        (field) =>
          sql`${id(field.name)} := ${field.name === corrupt ? record : sql`cast(null as ${duckDbDialect.typeName(field.type)})`}`,
      ),
    )})`
  if (fields.length === to.fields.length) return failing(sql`coalesce(${value}, ${nulls(sql`null`)})`)
  const record = sql`case when ${wrong} then r.t end`
  const members = to.fields.map((field) =>
    field.name === corrupt
      ? sql`${id(field.name)} := ${record}`
      : sql`${id(field.name)} := struct_extract(m, ${field.name})`,
  )
  return failing(
    sql`list_transform([${value}], lambda m: case when m is null then ${nulls(record)} else struct_pack(${join(members)}) end)[1]`,
  )
}

/** A member of JSON as text by a constant path. Objects and arrays keep the blanks they were written with. */
function extracted([of, path]: TemplateArgs, _types: unknown, call: Call): Sql {
  const text = constantOf(path)
  if (typeof text !== 'string' || !/^\$(\.[A-Za-z_]\w*|\."[^"]+"|\[\d+\])*$/.test(text)) {
    return call.refuse(`with the path ${String(text)}`, "Use a path of names and places, such as '$.user.tags[0]'.")
  }
  const steps = [...text.matchAll(/\.(\w+)|\."([^"]+)"|\[(\d+)\]/g)].map((step) => step[1] ?? step[2] ?? step[3] ?? '')
  const names = join(steps.map((step) => value(step, { kind: 'string' })))
  return sql`(cast(${of} as json) #>> cast(array[${names}] as text[]))`
}
