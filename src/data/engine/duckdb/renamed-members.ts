import { type DataType, type Field, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'

/**
 * A nested value whose structs call their members as a file does, with the names of the schema; undefined when they
 * are the same. `from` and `to` are of one shape. Done by the function that DuckDB itself follows changed structs with.
 */
export function renamedMembers(value: Sql, from: DataType, to: DataType): Sql | undefined {
  if (isSame(from, to)) return undefined
  const target = trusted(sqlTypeName(to, 'duckdb'))
  return sql`remap_struct(${value}, cast(null as ${target}), ${memberMap(from, to)}, null)`
}

function isSame(from: DataType, to: DataType): boolean {
  return sqlTypeName(from, 'duckdb') === sqlTypeName(to, 'duckdb')
}

/** The members of the target, each with the name it has in the source and, when it is renamed within, its own map. */
function memberMap(from: DataType, to: DataType): Sql {
  switch (to.kind) {
    case 'struct': {
      const sources: readonly Field[] = from.kind === 'struct' ? from.fields : []
      return sql`{${join(to.fields.map((field, at) => entry(field.name, sources[at]?.name ?? field.name, sources[at]?.type ?? field.type, field.type)))}}`
    }
    case 'array':
      return sql`{${entry('list', 'list', from.kind === 'array' ? from.element : to.element, to.element)}}`
    case 'map': {
      const [key, value] = from.kind === 'map' ? [from.key, from.value] : [to.key, to.value]
      return sql`{${join([entry('key', 'key', key, to.key), entry('value', 'value', value, to.value)])}}`
    }
    default:
      return sql`null`
  }
}

function entry(name: string, source: string, from: DataType, to: DataType): Sql {
  const own = literal(source)
  return sql`${id(name)}: ${isSame(from, to) ? own : sql`(${own}, ${memberMap(from, to)})`}`
}
