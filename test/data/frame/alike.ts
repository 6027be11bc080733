import { expect } from 'vitest'
import { type DataType, formatType, type Schema, storedType } from '../../../src/base/kernel/index.ts'
import { type Frame, type FrameSession, withSession } from '../../../src/data/frame/index.ts'

/** What a frame gives in a session: its columns and rows, or the error. */
export interface Outcome {
  readonly columns?: readonly string[]
  readonly rows?: readonly (readonly unknown[])[]
  readonly error?: string
}

/** Runs a frame in a session; its columns have types only when `typed`. */
export async function outcomeOf(session: FrameSession, frame: () => Frame, typed = true): Promise<Outcome> {
  return withSession(session, async () => {
    try {
      const made = frame()
      const rows = await made.collect()
      if (!typed) return { rows: rows.map((row) => Object.values(row).map(plain)) }
      const schema: Schema = await made.schema()
      const names = schema.fields.map((field) => field.name)
      return {
        columns: schema.fields.map((field) => `${field.name} ${formatType(asStored(field.type))}`),
        rows: rows.map((row) => names.map((name) => plain(row[name]))),
      }
    } catch (thrown) {
      return {
        error:
          thrown instanceof Error ? `${(thrown as { code?: string }).code ?? ''} ${thrown.message}` : String(thrown),
      }
    }
  })
}

/** A type as PostgreSQL holds it: it has no 8-bit integers. */
function asStored(type: DataType): DataType {
  if (type.kind === 'array') return { ...type, element: asStored(type.element) }
  if (type.kind === 'null') return { kind: 'string' }
  return type.kind === 'struct' || type.kind === 'map' ? type : storedType(type, 'postgres')
}

/** A value with which equal ones are equal: doubles to 12 digits, no negative zero. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string') return value.replace(' (BC)', ' BC')
  if (typeof value !== 'number' || !Number.isFinite(value)) return value
  return value === 0 ? 0 : Number(value.toPrecision(12))
}

/** That a frame gives the same in both; rows in any order unless `ordered`. */
export function expectAlike(duckdb: Outcome, postgres: Outcome, ordered = false): void {
  const sorted = (rows: Outcome['rows']) => (ordered ? rows : rows?.map(textOf).sort())
  expect({ error: postgres.error, columns: postgres.columns, rows: sorted(postgres.rows) }).toEqual({
    error: duckdb.error,
    columns: duckdb.columns,
    rows: sorted(duckdb.rows),
  })
}

function textOf(row: unknown): string {
  return JSON.stringify(row, (_key, value) =>
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : value,
  )
}
