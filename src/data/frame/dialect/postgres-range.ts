import { type DataType, sqlTypeName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted, value } from '../../../base/sql/index.ts'

/** The least and greatest value of whole types, as text. */
export const RANGES: Readonly<Record<string, readonly [string, string]>> = {
  byte: ['-128', '127'],
  short: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  long: ['-9223372036854775808', '9223372036854775807'],
  ubyte: ['0', '255'],
  ushort: ['0', '65535'],
  uinteger: ['0', '4294967295'],
  ulong: ['0', '18446744073709551615'],
}

/** An expression that fails when it is reached, and says why with the value. */
export function failing(why: string, of: Sql, to: DataType): Sql {
  return sql`cast(concat(${value(`${why}: `, { kind: 'string' })}, ${of}) as ${trusted(sqlTypeName(to, 'postgres'))})`
}
