import {
  ATTRIBUTE,
  Decimal,
  dumpJson,
  float,
  ITEM,
  int,
  isInt,
  isMapping,
  LENGTH,
  mappingGet,
  native,
  PythonDate,
  PythonDateTime,
  STR,
  str,
  Tuple,
  UTC,
} from '../../../base/jinja/index.ts'
import type { Field, Schema, Value } from '../../../base/kernel/index.ts'
import { printedTable } from './printed-table.ts'

/** What rows and columns have in common: members by place, by name or as an attribute; walking gives the members. */
class Named {
  protected readonly names: readonly string[]
  protected readonly members: readonly unknown[]

  constructor(names: readonly string[], members: readonly unknown[]) {
    this.names = names
    this.members = members
  }

  protected get(key: unknown): unknown {
    if (isInt(key)) return this.members.at(Number(key))
    return typeof key === 'string' ? this.members[this.names.indexOf(key)] : undefined
  }

  [ITEM](key: unknown): unknown {
    return this.get(key)
  }
  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'values':
        return () => new Tuple(this.members)
      case 'keys':
        return () => new Tuple(this.names)
      case 'items':
        return () => this.names.map((key, index) => new Tuple([key, this.members[index]]))
      case 'dict':
        return () => Object.fromEntries(this.names.map((key, index) => [key, this.members[index]]))
      case 'get':
        return (key: unknown, otherwise: unknown = null) => this.get(key) ?? otherwise
      default:
        return this.get(name)
    }
  }
  [LENGTH](): number {
    return this.members.length
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.members[Symbol.iterator]()
  }
}

/** A row of a query's result in a template: `row[0]`, `row['name']`, `row.name`. */
export class ResultRow extends Named {
  [STR](): string {
    const shown = this.members.slice(0, 5).map((value) => (value === null ? 'None' : String(value)))
    return `<agate.Row: (${shown.join(', ')})>`
  }
}

/** A column of a query's result in a template: `results.columns[0].values()`. */
export class ResultColumn {
  readonly name: string
  readonly index: number
  readonly #values: readonly unknown[]

  constructor(name: string, index: number, values: readonly unknown[]) {
    this.name = name
    this.index = index
    this.#values = values
  }

  values(): Tuple {
    return new Tuple(this.#values)
  }
  values_without_nulls(): Tuple {
    return new Tuple(this.#values.filter((value) => value !== null))
  }
  values_distinct(): Tuple {
    return new Tuple([...new Set(this.#values)])
  }
  [ITEM](key: unknown): unknown {
    return isInt(key) ? this.#values.at(Number(key)) : undefined
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
  readonly column_names: Tuple
  readonly rows: Named
  readonly columns: Named
  readonly #names: readonly string[]
  readonly #cells: readonly (readonly unknown[])[]

  /** Cells are row by row, as Python would hold them. */
  constructor(names: readonly string[], cells: readonly (readonly unknown[])[]) {
    this.#names = names
    this.#cells = cells
    this.column_names = new Tuple(names)
    this.rows = new Named(
      [],
      cells.map((values) => new ResultRow(names, values)),
    )
    const columns = names.map(
      (name, index) =>
        new ResultColumn(
          name,
          index,
          cells.map((values) => values[index]),
        ),
    )
    this.columns = new Named(names, columns)
  }

  /** Of the rows of a query. */
  static of(schema: Schema, rows: readonly Readonly<Record<string, Value>>[]): ResultTable {
    const kinds = schema.fields.map((field) => [field.name, kindOf(field)] as const)
    const cells = rows.map((row) => kinds.map(([name, kind]) => templateValue(row[name] ?? null, kind)))
    return new ResultTable(
      schema.fields.map(({ name }) => name),
      cells,
    )
  }

  /** The rows without their names, as `load_result(…).data` has them. */
  data(): Tuple[] {
    return this.#cells.map((values) => new Tuple(values))
  }

  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'rows':
      case 'columns':
      case 'column_names':
        return this[name]
      case 'select':
        return (names: Iterable<string> | string) => this.#select(typeof names === 'string' ? [names] : [...names])
      case 'exclude':
        return (names: Iterable<string> | string) => {
          const gone = new Set(typeof names === 'string' ? [names] : names)
          return this.#select(this.#names.filter((one) => !gone.has(one)))
        }
      case 'rename':
        return (names: unknown) => this.#rename(names)
      case 'limit':
        return (first: number, stop?: number) =>
          new ResultTable(
            this.#names,
            stop === undefined ? this.#cells.slice(0, first) : this.#cells.slice(first, stop),
          )
      case 'print_table':
      case 'print_csv':
      case 'print_json':
        // They take limits by name.
        return native(name, () => null)
      default:
        return undefined
    }
  }

  #select(names: readonly string[]): ResultTable {
    const places = names.map((name) => this.#names.indexOf(name)).filter((place) => place >= 0)
    return new ResultTable(
      places.map((place) => this.#names[place] ?? ''),
      this.#cells.map((values) => places.map((place) => values[place])),
    )
  }

  #rename(given: unknown): ResultTable {
    const list = given instanceof Tuple ? given.items : given
    const names = this.#names.map((name, index) => {
      const to = Array.isArray(list) ? list[index] : isMapping(given) ? mappingGet(given, name) : undefined
      return typeof to === 'string' ? to : name
    })
    return new ResultTable(names, this.#cells)
  }

  /** As agate prints a table. */
  [STR](): string {
    return printedTable(this.#names, this.#cells)
  }
  [ITEM](key: unknown): unknown {
    return this.rows[ITEM](key)
  }
  [LENGTH](): number {
    return this.#cells.length
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.rows[Symbol.iterator]()
  }
}

// PostgreSQL's numeric without a size fits no decimal type and comes as text, but in a template it is a number.
function kindOf({ type, metadata }: Field): string {
  return metadata?.['postgres'] === 'numeric' ? 'decimal' : type.kind
}

const EPOCH_ZONE = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/

/** A value of the engine as Python would hold it in a template, after agate chose the column's type. */
function templateValue(value: Value, kind: string): unknown {
  if (typeof value === 'bigint') return int(value)
  if (typeof value === 'number') {
    return kind === 'double' || kind === 'float' ? (Decimal.of(str(float(value))) ?? float(value)) : value
  }
  if (typeof value === 'string') return textValue(value, kind)
  if (value !== null && typeof value === 'object' && !(value instanceof Date) && kind !== 'binary') {
    return dumpJson(jsonValue(value))
  }
  return value
}

/** Containers come as text of JSON, in which everything but numbers, truth values and containers is text. */
function jsonValue(value: Value): unknown {
  if (typeof value === 'bigint') return int(value)
  if (Array.isArray(value)) return value.map(jsonValue)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, jsonValue(one as Value)]))
}

function textValue(value: string, kind: string): unknown {
  switch (kind) {
    case 'hugeint':
      return /^-?\d+$/.test(value) ? int(BigInt(value)) : value
    case 'decimal':
      return Decimal.of(value) ?? value
    case 'date': {
      const day = Date.parse(`${value}T00:00:00Z`) / 86_400_000
      return Number.isInteger(day) ? new PythonDate(day) : value
    }
    case 'timestamp':
    case 'timestamp_ntz':
      return moment(value, kind === 'timestamp') ?? value
    case 'time':
      return value.replace(/\.0+$/, '')
    default:
      return value
  }
}

function moment(text: string, zoned: boolean): PythonDateTime | undefined {
  const [day = '', clock = ''] = text.replace(EPOCH_ZONE, '').split(/[T ]/)
  const days = Date.parse(`${day}T00:00:00Z`) / 86_400_000
  const [, hour, minute, second, fraction = ''] = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/.exec(clock) ?? []
  if (!Number.isInteger(days) || hour === undefined) return undefined
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second ?? 0)
  return new PythonDateTime(days, seconds * 1e6 + Number(fraction.padEnd(6, '0').slice(0, 6)), zoned ? UTC : undefined)
}
