import { ATTRIBUTE, float, ITEM, int, LENGTH } from '../../base/jinja/index.ts'
import type { Field, Schema, Value } from '../../base/kernel/index.ts'

/** A row of a query's result in a template: `row[0]`, `row['name']`, `row.name`; walking it gives its values. */
export class ResultRow {
  readonly #names: readonly string[]
  readonly #values: readonly unknown[]

  constructor(names: readonly string[], values: readonly unknown[]) {
    this.#names = names
    this.#values = values
  }

  [ITEM](key: unknown): unknown {
    if (typeof key === 'number') return this.#values.at(key)
    return typeof key === 'string' ? this.#values[this.#names.indexOf(key)] : undefined
  }
  [ATTRIBUTE](name: string): unknown {
    if (name === 'values') return () => [...this.#values]
    if (name === 'keys') return () => [...this.#names]
    return this.#values[this.#names.indexOf(name)]
  }
  [LENGTH](): number {
    return this.#values.length
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#values[Symbol.iterator]()
  }
}

/** A column of a query's result in a template: `results.columns[0].values()`. */
export class ResultColumn {
  readonly name: string
  readonly #values: readonly unknown[]

  constructor(name: string, values: readonly unknown[]) {
    this.name = name
    this.#values = values
  }

  values(): unknown[] {
    return [...this.#values]
  }
  [ITEM](key: unknown): unknown {
    return typeof key === 'number' ? this.#values.at(key) : undefined
  }
  [LENGTH](): number {
    return this.#values.length
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#values[Symbol.iterator]()
  }
}

/** What `run_query` and `load_result(…).table` answer: the parts of an agate table that dbt projects use. */
export class ResultTable {
  readonly column_names: readonly string[]
  readonly rows: readonly ResultRow[]
  readonly columns: readonly ResultColumn[] & { [ITEM](key: unknown): unknown }

  constructor(schema: Schema, rows: readonly Readonly<Record<string, Value>>[]) {
    const names = schema.fields.map(({ name }) => name)
    const cells = rows.map((row) => schema.fields.map((field) => templateValue(row[field.name] ?? null, kindOf(field))))
    this.column_names = names
    this.rows = cells.map((values) => new ResultRow(names, values))
    const columns = names.map(
      (name, index) =>
        new ResultColumn(
          name,
          cells.map((values) => values[index]),
        ),
    )
    this.columns = Object.assign(columns, {
      [ITEM]: (key: unknown) =>
        typeof key === 'number' ? columns.at(key) : columns.find((column) => column.name === key),
    })
  }

  print_table(): null {
    return null
  }
  [LENGTH](): number {
    return this.rows.length
  }
  [Symbol.iterator](): Iterator<ResultRow> {
    return this.rows[Symbol.iterator]()
  }
}

// PostgreSQL's numeric without a size fits no decimal type and comes as text, but in a template it is a number.
function kindOf({ type, metadata }: Field): string {
  return metadata?.['postgres'] === 'numeric' ? 'decimal' : type.kind
}

/** A value of the engine as Python would hold it in a template. */
function templateValue(value: Value, kind: string): unknown {
  if (typeof value === 'bigint') return int(value)
  if (typeof value === 'number' && (kind === 'double' || kind === 'float')) return float(value)
  if (typeof value !== 'string') return value
  if (kind === 'decimal' || kind === 'hugeint') return /^-?\d+$/.test(value) ? int(BigInt(value)) : Number(value)
  // As Python prints a datetime.
  if (kind === 'timestamp' || kind === 'timestamp_ntz') {
    return value
      .replace('T', ' ')
      .replace(/\.0+(?=Z|$)/, '')
      .replace('Z', kind === 'timestamp' ? '+00:00' : '')
  }
  return value
}
