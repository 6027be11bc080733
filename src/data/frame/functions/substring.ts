import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { constantOf } from '../dialect/constant.ts'
import { postgresCast } from '../dialect/postgres-cast.ts'
import type { Template } from './define.ts'

/** A part of a text in PostgreSQL, where a negative start counts from the end as in DuckDB. */
export const postgresSubstring: Template = ([of, start, length], [type], call): Sql => {
  const text = postgresCast({ sql: of, type }, { kind: 'string' }, false)
  const [from, count] = [constantOf(start), constantOf(length)]
  if (typeof from !== 'number' || typeof count !== 'number' || count < 0) {
    return call.refuse('with a start or length that is no constant, or negative')
  }
  const characters = trusted(String(count))
  if (from >= 0) return sql`substr(${text}, ${trusted(String(from))}, ${characters})`
  return sql`substr(${text}, length(${text}) + 1 - ${trusted(String(-from))}, ${characters})`
}
