import { type DataType, parseType, sqlTypeName } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, type NeedsOf, named } from '../column.ts'
import { constantOf } from '../dialect/constant.ts'
import { parseSchema } from '../schema-text.ts'
import { type Call, define, leading, onlyDuckDb, type TemplateArgs, unary } from './define.ts'
import { STRING, UNKNOWN } from './result-type.ts'

/** The value as JSON text; members that are null are left out. */
export const toJson = unary(
  'to_json',
  onlyDuckDb(withoutNulls, 'Its JSON is written otherwise: expr("to_json(…)") gives its own.'),
  STRING,
)
/** The text at a path such as `'$.user.id'`; null when there is none. */
export const getJsonObject = leading<[path: string]>()(
  'get_json_object',
  { duckdb: 'case when json_valid($1) then json_extract_string($1, $2) end', postgres: extracted },
  STRING,
)

/** JSON text as a struct of the schema, such as `'id bigint, name string'`, or as `'map<string,int>'` or `'array<int>'`; null where the text is no JSON. */
function fromJsonBuilder<const A extends ColumnOrName>(
  column: A,
  schema: string | DataType,
  // biome-ignore lint/suspicious/noExplicitAny: the schema is only known when it runs
): Column<any, string, NamesOf<A>, NeedsOf<A>> {
  const to: DataType =
    typeof schema !== 'string'
      ? schema
      : /^\s*(map|array|struct)\s*</i.test(schema)
        ? parseType(schema)
        : { kind: 'struct', fields: parseSchema(schema).fields }
  return new Column({ kind: 'cast', to, arg: { kind: 'call', fn: 'from_json', args: [named(column)] }, try: true })
}
// try_cast of JSON to a type converts it member by member.
export const fromJson = Object.assign(fromJsonBuilder, {
  definition: define(
    'from_json',
    onlyDuckDb(
      ([text]) => sql`try_cast(${text} as ${trusted(sqlTypeName({ kind: 'json' }, 'duckdb'))})`,
      "It has no structs: take members by getJsonObject(column, '$.name').",
    ),
    UNKNOWN,
  ),
})

/** A struct's members that are null are left out, those of structs in it too; entries of maps stay. */
function withoutNulls([of]: TemplateArgs, [type]: readonly (DataType | undefined)[]): Sql {
  const json = sql`to_json(${of})`
  const merged = type?.kind === 'struct' && !JSON.stringify(type).includes('"map"')
  return sql`cast(${merged ? sql`json_merge_patch('{}', ${json})` : json} as varchar)`
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
