import type { PostgresResult, PostgresSession } from '../postgres/index.ts'
import { render, type Sql, type SqlPart, type SqlValue, sqlOf } from '../sql/index.ts'
import type { StateConnection } from './connection.ts'

/** Statements of the metadata database on a session: values as SQLite would give and take them. */
export class PostgresConnection implements StateConnection {
  readonly #session: PostgresSession
  readonly #guarded: boolean

  /** `guarded`: within a transaction, which a refused statement must leave usable. */
  constructor(session: PostgresSession, guarded: boolean) {
    this.#session = session
    this.#guarded = guarded
  }

  async exec(text: string): Promise<void> {
    await this.#session.script(text)
  }

  async run(query: Sql): Promise<number> {
    return (await this.#query(query)).rowsChanged
  }

  async all<T extends object>(query: Sql): Promise<T[]> {
    const { fields, rows } = await this.#query(query)
    return rows.map(
      (row) => Object.fromEntries(fields.map(({ name, oid }, index) => [name, readable(row[index] ?? null, oid)])) as T,
    )
  }

  #query(query: Sql): Promise<PostgresResult> {
    const { text, values } = render(typed(query), 'postgres')
    return this.#session.query(text, values, { guarded: this.#guarded })
  }
}

/** The same with the type of each bound value stated, which PostgreSQL would otherwise guess from around it. */
function typed(query: Sql): Sql {
  return sqlOf(query.parts.map((part) => ('value' in part && part.type === undefined ? bindable(part) : part)))
}

type ValuePart = Extract<SqlPart, { value: SqlValue }>

function bindable(part: ValuePart): ValuePart {
  const { value } = part
  // Without a type it takes that of its column.
  if (value === null) return part
  if (typeof value === 'boolean') return { ...part, value: value ? 1 : 0, type: { kind: 'long' } }
  if (typeof value === 'bigint') return { ...part, type: { kind: 'long' } }
  if (typeof value === 'number') {
    const whole = Number.isSafeInteger(value) && !Object.is(value, -0)
    return { ...part, type: { kind: whole ? 'long' : 'double' } }
  }
  if (value instanceof Uint8Array) return { ...part, type: { kind: 'binary' } }
  return { ...part, value: value instanceof Date ? value.toISOString() : value, type: { kind: 'string' } }
}

// Numbers of types (pg_type.oid), which are fixed.
const BOOL = 16
const BYTEA = 17
const FLOATS = [700, 701]
const INTEGERS = [20, 21, 23, 26]
/** What PostgreSQL makes of a sum of whole numbers. */
const NUMERIC = 1700

function readable(text: string | null, oid: number): unknown {
  if (text === null) return null
  if (oid === BOOL) return text === 't' ? 1 : 0
  if (oid === BYTEA) return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
  if (FLOATS.includes(oid)) return Number(text)
  if (INTEGERS.includes(oid) || (oid === NUMERIC && /^-?\d+$/.test(text))) {
    const number = Number(text)
    return Number.isSafeInteger(number) ? number : BigInt(text)
  }
  return oid === NUMERIC ? Number(text) : text
}
