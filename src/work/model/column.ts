import { REPR, STR } from '../../base/jinja/index.ts'

/** A column as templates see it (dbt's `Column`). Types are DuckDB's own words; other engines' columns extend this. */
export class Column {
  readonly name: string
  readonly dtype: string

  constructor(name: string, dtype: string) {
    this.name = name
    this.dtype = dtype
  }

  get column(): string {
    return this.name
  }
  /** The type as DDL takes it. */
  get data_type(): string {
    return this.dtype
  }
  get expanded_data_type(): string {
    return this.data_type
  }
  get quoted(): string {
    return `"${this.name.replaceAll('"', '""')}"`
  }

  is_string(): boolean {
    return /^(varchar|text|string|char|bpchar)/i.test(this.dtype)
  }
  is_integer(): boolean {
    return /^u?(tiny|small|big|huge)?int(eger)?$/i.test(this.dtype)
  }
  is_float(): boolean {
    return /^(float|double|real)/i.test(this.dtype)
  }
  is_numeric(): boolean {
    return /^(decimal|numeric)/i.test(this.dtype)
  }
  is_number(): boolean {
    return this.is_integer() || this.is_float() || this.is_numeric()
  }
  /** Whether values of the other column would fit if this one's text were made longer; false where text has no length. */
  can_expand_to(_other: Column): boolean {
    return false
  }

  [STR](): string {
    return `<Column ${this.name} (${this.data_type})>`
  }
  [REPR](): string {
    return this[STR]()
  }
}
