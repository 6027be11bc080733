import type { DataType } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'

// In an array or a struct null is the least value in Spark, and the greatest in DuckDB. What is ordered there is a key
// in which every value has whether it is there in front of it.

/** Whether DuckDB orders values of a type as Spark does. */
export function ordersAlike(type: DataType | undefined): boolean {
  return type?.kind !== 'array' && type?.kind !== 'struct'
}

/** What a value is ordered by: the value itself where that is the same order. */
export function orderKey(arg: Typed, depth = 0): Sql {
  const { sql: of, type } = arg
  if (type?.kind === 'array') {
    const item = trusted(`o${depth}`)
    return sql`list_transform(${of}, lambda ${item}: ${marked({ sql: item, type: type.element }, depth)})`
  }
  if (type?.kind === 'struct') {
    const members = type.fields.map(
      ({ name, type: member }, i) =>
        sql`${trusted(`m${i}`)} := ${marked({ sql: sql`struct_extract(${of}, ${name})`, type: member }, depth)}`,
    )
    return sql`case when ${of} is not null then struct_pack(${join(members)}) end`
  }
  return of
}

function marked(arg: Typed, depth: number): Sql {
  return sql`struct_pack(p := ${arg.sql} is not null, v := ${orderKey(arg, depth + 1)})`
}

/** An array in order, nulls first unless it is descending or they are to be last. */
export function sortedList(
  of: Sql,
  element: DataType | undefined,
  how: 'ascending' | 'ascending, nulls last' | 'descending',
): Sql {
  const descending = how === 'descending'
  if (ordersAlike(element)) {
    const direction = trusted(
      descending ? "'DESC', 'NULLS LAST'" : `'ASC', 'NULLS ${how === 'ascending' ? 'FIRST' : 'LAST'}'`,
    )
    return sql`list_sort(${of}, ${direction})`
  }
  const absent = trusted(how === 'ascending, nulls last' ? 'is null' : 'is not null')
  const item = { sql: trusted('o'), type: element }
  const keyed = sql`list_transform(${of}, lambda o: struct_pack(p := o ${absent}, k := ${orderKey(item)}, v := o))`
  return sql`list_transform(list_sort(${keyed}, ${trusted(descending ? "'DESC'" : "'ASC'")}), lambda o: o.v)`
}

/** The least or greatest of an array's values that are not null. */
export function extremeOfList(of: Sql, element: DataType | undefined, which: 'min' | 'max'): Sql {
  const found = trusted(`list_${which}`)
  if (ordersAlike(element)) return sql`${found}(${of})`
  const key = orderKey({ sql: trusted('o'), type: element })
  return sql`${found}(list_transform(${of}, lambda o: case when o is not null then struct_pack(k := ${key}, v := o) end)).v`
}
