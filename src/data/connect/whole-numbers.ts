import { type DataType, type Field, sqlTypeName } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../base/sql/index.ts'

const STAGED: Readonly<Record<string, string>> = {
  byte: 'DECIMAL(18,6)',
  ubyte: 'DECIMAL(18,6)',
  short: 'DECIMAL(18,6)',
  ushort: 'DECIMAL(18,6)',
  integer: 'DECIMAL(18,6)',
  uinteger: 'DECIMAL(18,6)',
  long: 'DECIMAL(38,9)',
  ulong: 'DECIMAL(38,9)',
}

/**
 * DuckDB reads `1.5` into a whole number as 2, without a word. So text is staged as decimals where whole numbers are
 * wanted, and rows with a fraction or a number out of range are rejected.
 */
export function stagedType(type: DataType): string {
  return STAGED[type.kind] ?? sqlTypeName(type, 'duckdb')
}

/** The fields that are staged as decimals. */
export function stagedNumbers(fields: readonly Field[]): Field[] {
  return fields.filter(({ type }) => type.kind in STAGED)
}

/** True where a staged decimal is not a whole number of the wanted type. */
export function notWhole({ name, type }: Field): Sql {
  const target = trusted(sqlTypeName(type, 'duckdb'))
  return sql`coalesce(${id(name)} <> trunc(${id(name)}) or (${id(name)} is not null and try_cast(${id(name)} as ${target}) is null), false)`
}

/** The wanted columns out of staged ones. */
export function wantedColumns(fields: readonly Field[]): Sql {
  return join(
    fields.map(({ name, type }) =>
      type.kind in STAGED ? sql`cast(${id(name)} as ${trusted(sqlTypeName(type, 'duckdb'))}) as ${id(name)}` : id(name),
    ),
  )
}
