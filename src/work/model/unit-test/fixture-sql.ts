import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'

/** A column of a fixture; without a type its values keep their own. */
export interface FixtureColumn {
  readonly name: string
  readonly type?: string
}

/**
 * The rows of a fixture as a query with the given columns; values that a row does not give are null. Without columns
 * they are those that the rows name.
 * @throws MillraceError UNIT_TEST_INVALID for a column that does not exist, or when no column is known
 */
export function fixtureQuery(
  rows: readonly Readonly<Record<string, Json>>[],
  columns: readonly FixtureColumn[],
  place: { readonly test: string; readonly file: string; readonly what: string },
): Sql {
  const known = columns.length > 0 ? columns : namesOf(rows).map((name) => ({ name }))
  if (known.length === 0) {
    throw new MillraceError(
      'UNIT_TEST_INVALID',
      `reading the unit test ${place.test}: no columns are known of ${place.what}`,
      { at: { file: place.file }, hint: 'Give it a row, or describe its columns with data_type in a properties file.' },
    )
  }
  const folded = new Map(known.map((column) => [column.name.toLowerCase(), column]))
  for (const name of namesOf(rows)) {
    if (folded.has(name.toLowerCase())) continue
    const names = known.map((column) => column.name).join(', ')
    throw new MillraceError(
      'UNIT_TEST_INVALID',
      `reading the unit test ${place.test}: Invalid column name: '${name}' in unit test fixture for ${fixtureOf(place.what)}.`,
      { at: { file: place.file }, hint: `Accepted columns are: ${names}.` },
    )
  }
  if (rows.length === 0) {
    return sql`select ${join(known.map((column) => sql`${cast(null, column)} as ${id(column.name)}`))} where false`
  }
  return join(
    rows.map((row) => {
      const given = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))
      const cells = known.map(
        (column) => sql`${cast(given.get(column.name.toLowerCase()) ?? null, column)} as ${id(column.name)}`,
      )
      return sql`select ${join(cells)}`
    }),
    ' union all ',
  )
}

/** `ref('orders')` by the name alone, as dbt calls a fixture. */
function fixtureOf(what: string): string {
  const [, name] = /^\s*(?:ref|source)\(.*?['"]([^'"]+)['"]\s*(?:,\s*v\w*\s*=[^)]*)?\)\s*$/.exec(what) ?? []
  return name === undefined ? what : `'${name}'`
}

/** The names that rows give, each once, in the order they come. */
export function namesOf(rows: readonly Readonly<Record<string, Json>>[]): string[] {
  const names = new Map<string, string>()
  for (const row of rows)
    for (const name of Object.keys(row)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  return [...names.values()]
}

function cast(value: Json, { type }: FixtureColumn): Sql {
  // A list or mapping is written as the text that the engine's type reads.
  const plain = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  if (type === undefined) return literal(plain)
  // A text longer than its column is told as a difference, not cut.
  const wide = typeof plain === 'string' && /^character varying\(/i.test(type) ? 'character varying' : type
  return sql`cast(${literal(plain)} as ${trusted(wide)})`
}
