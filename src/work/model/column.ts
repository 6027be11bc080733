import { REPR, STR } from '../../base/jinja/index.ts'

/** A column as templates see it (dbt's `Column`). Types are DuckDB's own words. */
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
  get data_type(): string {
    return this.dtype
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

  [STR](): string {
    return `<Column ${this.name} (${this.dtype})>`
  }
  [REPR](): string {
    return this[STR]()
  }
}
