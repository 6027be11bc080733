import { type DataType, sqlTypeName } from '../../../base/kernel/index.ts'
import { sql, trusted } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NamesOf, named } from '../column.ts'
import { parseSchema } from '../schema-text.ts'
import { define, leading, unary } from './define.ts'
import { STRING, UNKNOWN } from './result-type.ts'

/** The value as JSON text. */
export const toJson = unary('to_json', 'cast(to_json($1) as varchar)', STRING)
/** The text at a path such as `'$.user.id'`; null when there is none. */
export const getJsonObject = leading<[path: string]>()('get_json_object', 'json_extract_string($1, $2)', STRING)

/** JSON text as a struct of the schema, such as `'id bigint, name string'`; null where the text is no JSON. */
function fromJsonBuilder<const A extends ColumnOrName>(
  column: A,
  schema: string | DataType,
  // biome-ignore lint/suspicious/noExplicitAny: the schema is only known when it runs
): Column<any, string, NamesOf<A>> {
  const to: DataType = typeof schema === 'string' ? { kind: 'struct', fields: parseSchema(schema).fields } : schema
  return new Column({ kind: 'cast', to, arg: { kind: 'call', fn: 'from_json', args: [named(column)] }, try: true })
}
// try_cast of JSON to a type converts it member by member.
export const fromJson = Object.assign(fromJsonBuilder, {
  definition: define(
    'from_json',
    ([text]) => sql`try_cast(${text} as ${trusted(sqlTypeName({ kind: 'json' }, 'duckdb'))})`,
    UNKNOWN,
  ),
})
