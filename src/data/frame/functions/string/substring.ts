import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { constantOf } from '../../dialect/constant.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import type { Template, TemplateArgs } from '../define.ts'
import { takes } from '../math/math-argument.ts'

/** A part of a text in PostgreSQL, where a negative start counts from the end, and 0 is the first character. */
export const postgresSubstring: Template = ([of, start, length], [type], call): Sql => {
  const text = postgresCast({ sql: of, type }, { kind: 'string' }, false)
  const [from, count] = [constantOf(start), constantOf(length)]
  if (typeof from !== 'number' || typeof count !== 'number' || count < 0) {
    return call.refuse('with a start or length that is no constant, or negative')
  }
  const characters = trusted(String(count))
  if (from >= 0) return sql`substr(${text}, ${trusted(String(Math.max(1, from)))}, ${characters})`
  return sql`substr(${text}, length(${text}) + 1 - ${trusted(String(-from))}, ${characters})`
}

/** A part of a text in DuckDB; a start of 0 is the first character in Spark. */
export function sparkSubstring([of, start, length]: TemplateArgs): Sql {
  const constant = constantOf(start)
  const from =
    typeof constant === 'number'
      ? constant === 0
        ? sql`1`
        : start
      : sql`case when ${start} = 0 then 1 else ${start} end`
  // DuckDB goes backwards by a negative length.
  const count =
    typeof constantOf(length) === 'number' && Number(constantOf(length)) >= 0 ? length : sql`greatest(${length}, 0)`
  return sql`substring(${of}, ${from}, ${count})`
}

/** How many characters a text has in DuckDB, or bytes. */
export const characters: Template = (args, types, call): Sql | string =>
  types[0]?.kind === 'binary'
    ? sql`cast(octet_length(${args[0]}) as integer)`
    : takes(['string'], 'cast(length($1) as integer)')(args, types, call)

/** The first bytes of binary in DuckDB. */
export function firstBytes(of: Sql, length: Sql): Sql {
  return sql`unhex(substring(hex(${of}), 1, cast(2 * greatest(${length}, 0) as bigint)))`
}

/** The bytes in the other order in DuckDB. */
export function reversedBytes(of: Sql): Sql {
  return sql`unhex(array_to_string(list_reverse(regexp_extract_all(hex(${of}), '..')), ''))`
}
