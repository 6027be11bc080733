import { EQUALS, REPR, STR, TYPE_NAME } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'

const STRINGS = ['text', 'character varying', 'character', 'varchar']
const FLOATS = ['real', 'float', 'float4', 'float8', 'double']
const NUMERICS = ['numeric', 'decimal']
const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint']
const INTEGER_ALIASES = ['int1', 'int2', 'int4', 'int8', 'short', 'int', 'signed', 'long']

const TYPE_LABELS: Readonly<Record<string, string>> = { STRING: 'TEXT' }

/** What dbt's class `Column` knows of types; only names that differ between engines are translated, as in dbt. */
export const COLUMN_TYPES = {
  TYPE_LABELS,
  translate_type: (type: string): string => TYPE_LABELS[type.toUpperCase()] ?? type,
  string_type: (size: unknown): string => `character varying(${String(size)})`,
  numeric_type: (type: string, precision?: unknown, scale?: unknown): string =>
    precision === null || precision === undefined || scale === null || scale === undefined
      ? type
      : `${type}(${String(precision)},${String(scale)})`,
} as const

/** The length dbt takes a text without one for. */
const UNBOUNDED = 256

/**
 * A column as templates see it (dbt's `Column`). Types are DuckDB's own words, and are kinds of each other as
 * dbt-duckdb says (`DECIMAL(18,3)` is no `is_numeric`); other engines' columns extend this.
 */
export class Column {
  readonly name: string
  readonly dtype: string
  readonly char_size: number | null = null
  readonly numeric_precision: number | null = null
  readonly numeric_scale: number | null = null

  constructor(name: string, dtype: string) {
    this.name = name
    this.dtype = dtype
  }

  get column(): string {
    return this.name
  }
  /** The type as DDL takes it. */
  get data_type(): string {
    return this.is_string() ? `character varying(${this.string_size()})` : this.dtype
  }
  /** The type in the engine's own words, which dbt's `data_type` changes for texts. */
  get declared_type(): string {
    return this.dtype
  }
  get expanded_data_type(): string {
    return this.data_type
  }
  get quoted(): string {
    return `"${this.name.replaceAll('"', '""')}"`
  }
  /** The members of a struct. */
  get fields(): readonly Column[] {
    return this.is_struct() ? structFields(this.dtype) : []
  }

  get TYPE_LABELS(): Readonly<Record<string, string>> {
    return TYPE_LABELS
  }
  translate_type(type: string): string {
    return COLUMN_TYPES.translate_type(type)
  }
  string_type(size: unknown): string {
    return COLUMN_TYPES.string_type(size)
  }
  numeric_type(type: string, precision?: unknown, scale?: unknown): string {
    return COLUMN_TYPES.numeric_type(type, precision, scale)
  }

  is_string(): boolean {
    return STRINGS.includes(this.dtype.toLowerCase())
  }
  is_integer(): boolean {
    return [...INTEGERS, ...INTEGER_ALIASES].includes(this.dtype.toLowerCase())
  }
  is_float(): boolean {
    return FLOATS.includes(this.dtype.toLowerCase())
  }
  is_numeric(): boolean {
    return NUMERICS.includes(this.dtype.toLowerCase())
  }
  is_number(): boolean {
    return this.is_integer() || this.is_float() || this.is_numeric()
  }
  is_struct(): boolean {
    return this.dtype.toLowerCase().startsWith('struct') && !this.dtype.endsWith(']')
  }
  /** @throws MillraceError MODEL_INVALID for what is no text */
  string_size(): number {
    if (this.is_string()) return this.char_size ?? UNBOUNDED
    throw new MillraceError('MODEL_INVALID', `string_size() of ${this.name}, which is no text but ${this.dtype}`)
  }
  /** Whether values of the other column would fit if this one's text were made longer. */
  can_expand_to(other: Column): boolean {
    return this.is_string() && other.is_string() && other.string_size() > this.string_size()
  }
  literal(value: unknown): string {
    return `${String(value)}::${this.data_type}`
  }
  /** A struct as the columns of its members, each by its path; any other column as itself. */
  flatten(): Column[] {
    if (!this.is_struct()) return [this]
    return this.fields.flatMap((field) =>
      field.flatten().map((one) => new Column(`${this.name}.${one.name}`, one.dtype)),
    )
  }

  [STR](): string {
    return `<Column ${this.name} (${this.data_type})>`
  }
  [REPR](): string {
    return this[STR]()
  }
  [EQUALS](other: unknown): boolean {
    return other instanceof Column && other.name === this.name && other.dtype === this.dtype
  }
  get [TYPE_NAME](): string {
    return 'Column'
  }
}

/** `STRUCT(a VARCHAR, b DECIMAL(10, 2))` as its members. */
function structFields(type: string): Column[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const character of /^struct\((.*)\)$/is.exec(type)?.[1] ?? '') {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += character
  }
  if (part.trim() !== '') parts.push(part.trim())
  return parts.map((text) => {
    const [, quoted, plain, rest = ''] = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(text) ?? []
    return new Column(quoted?.replaceAll('""', '"') ?? plain ?? text, rest)
  })
}
