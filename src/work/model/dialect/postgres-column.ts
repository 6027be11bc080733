import { Column } from '../context/column.ts'

/** The length dbt takes a text without one for. */
const UNBOUNDED = 256

const INTEGERS = ['smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial', 'int2', 'int4', 'int8']
const FLOATS = ['real', 'float4', 'float', 'double precision', 'float8', 'double']
const STRINGS = ['text', 'character varying', 'character', 'varchar']

/**
 * A column of PostgreSQL in dbt's terms: `dtype` is the information schema's `data_type`, sizes stand beside it,
 * and `data_type` puts both together.
 */
export class PostgresColumn extends Column {
  override readonly char_size: number | null
  override readonly numeric_precision: number | null
  override readonly numeric_scale: number | null
  readonly #declared: string | undefined

  constructor(
    name: string,
    dtype: string,
    size: {
      readonly chars?: number
      readonly precision?: number
      readonly scale?: number
      readonly declared?: string
    } = {},
  ) {
    super(name, dtype)
    this.char_size = size.chars ?? null
    this.numeric_precision = size.precision ?? null
    this.numeric_scale = size.scale ?? null
    this.#declared = size.declared
  }

  override get data_type(): string {
    if (this.#declared !== undefined) return this.#declared
    const dtype = this.dtype.toLowerCase()
    if (this.is_string() && dtype !== 'text' && !(dtype === 'character varying' && this.char_size === null)) {
      // A text of fixed length keeps its kind, where dbt makes `character varying` of it.
      return `${dtype === 'character' ? 'character' : 'character varying'}(${this.string_size()})`
    }
    if (this.is_numeric() && this.numeric_precision !== null && this.numeric_scale !== null) {
      return `${this.dtype}(${this.numeric_precision},${this.numeric_scale})`
    }
    return this.dtype
  }

  override get declared_type(): string {
    return this.data_type
  }

  override is_string(): boolean {
    return STRINGS.includes(this.dtype.toLowerCase())
  }
  override is_integer(): boolean {
    return INTEGERS.includes(this.dtype.toLowerCase())
  }
  override is_float(): boolean {
    return FLOATS.includes(this.dtype.toLowerCase())
  }
  override is_numeric(): boolean {
    return ['numeric', 'decimal'].includes(this.dtype.toLowerCase())
  }
  override string_size(): number {
    return this.dtype.toLowerCase() === 'text' ? UNBOUNDED : (this.char_size ?? UNBOUNDED)
  }

  /** As in dbt, except that a text without a length is never given one: longer values would no longer fit. */
  override can_expand_to(other: Column): boolean {
    return (
      this.char_size !== null &&
      other instanceof PostgresColumn &&
      this.is_string() &&
      other.is_string() &&
      other.string_size() > this.string_size()
    )
  }
}

/**
 * A column from PostgreSQL's own text of its type (`format_type`): `numeric(10,2)`, `character varying(20)`,
 * `timestamp(3) with time zone`, `integer[]`.
 */
export function postgresColumn(name: string, formatted: string): PostgresColumn {
  if (formatted.endsWith('[]')) return new PostgresColumn(name, 'ARRAY', { declared: formatted })
  const match = /^([^(]+)\((\d+)(?:,(-?\d+))?\)(.*)$/.exec(formatted)
  if (formatted === 'bpchar') return new PostgresColumn(name, 'character', { declared: formatted })
  if (!match) return new PostgresColumn(name, formatted)
  const [, base = '', first, second, rest = ''] = match
  const dtype = `${base}${rest}`
  if (/^numeric$/.test(dtype)) {
    return new PostgresColumn(name, dtype, { precision: Number(first), scale: Number(second ?? 0) })
  }
  if (/^character/.test(dtype)) return new PostgresColumn(name, dtype, { chars: Number(first) })
  return new PostgresColumn(name, dtype, { declared: formatted })
}
