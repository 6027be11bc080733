import type { z } from 'zod'
import { type DataType, MillraceError, type Schema } from '../../base/kernel/index.ts'
import { arrowBytes } from './arrow-package.ts'
import type { ArrowSchemaLike } from './arrow-schema.ts'
import { Frame } from './frame.ts'
import { type GivenSchema, type RowOfGiven, schemaOf } from './given-schema.ts'
import { givenValue } from './given-value.ts'
import { typedLiteral, widest } from './literal.ts'
import { callPlace } from './place.ts'
import type { Plan } from './plan.ts'
import type { AnyRow, Decimal } from './row-types.ts'

/**
 * A frame of rows given in the program, as objects or, with a schema, as arrays. Without a schema, types are those of
 * the values (whole numbers are `integer`, `bigint` is `long`, `Date` is `timestamp`) and a column with nothing but
 * null is text; a schema may be text, such as `'id bigint, day date'`, names only: `['id', 'day']`, or one of zod or
 * Arrow, and is the row type too. An Arrow schema does not name its columns in types: state the row,
 * `createDataFrame<Order>(rows, schema)`.
 * Or a frame of a table of apache-arrow, or of bytes of an Arrow IPC stream or file, with the columns it has.
 * @throws MillraceError COLUMN_TYPE, COLUMN_UNKNOWN, TYPE_INVALID, TYPE_UNSUPPORTED, DEPENDENCY_MISSING
 */
export function createDataFrame<const S extends GivenSchema>(arrow: ArrowLike, schema: S): Frame<RowOfGiven<S>>
export function createDataFrame<const N extends readonly string[]>(
  arrow: ArrowLike,
  names: N,
  // biome-ignore lint/suspicious/noExplicitAny: types of the columns are found when an action runs
): Frame<{ [K in N[number]]: any }>
export function createDataFrame<R = AnyRow>(arrow: ArrowLike): Frame<R>
export function createDataFrame<const R extends Readonly<Record<string, unknown>>>(
  rows: readonly R[],
  schema?: undefined,
): Frame<RowOfRows<R>>
export function createDataFrame<const S extends GivenSchema>(
  rows: readonly GivenRow<S>[],
  schema: S,
): Frame<RowOfGiven<S>>
export function createDataFrame<const N extends readonly string[]>(
  rows: readonly (object | readonly unknown[])[],
  names: N,
  // biome-ignore lint/suspicious/noExplicitAny: values of arrays are not told apart by types
): Frame<{ [K in N[number]]: any }>
export function createDataFrame<R>(
  rows: readonly (object | readonly unknown[])[],
  schema: Exclude<GivenSchema, z.ZodObject>,
): Frame<R>
export function createDataFrame(
  given: readonly (object | readonly unknown[])[] | ArrowLike,
  schema?: GivenSchema | readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
): Frame<any> {
  const ipc = arrowBytes(given)
  if (ipc) return ofArrow(ipc, schema)
  const rows = given as readonly (object | readonly unknown[])[]
  if (Array.isArray(schema)) return createDataFrame(rows.map((row, at) => withNames(row, schema, at + 1)))
  const columns = schema === undefined ? inferred(rows) : schemaOf(schema as GivenSchema)
  const names = columns.fields.map((field) => field.name)
  const values = rows.map((row, at) =>
    columns.fields.map((field, i) =>
      givenValue(
        Array.isArray(row) ? row[i] : (row as AnyRow)[field.name],
        field.type,
        `row ${at + 1}, column "${field.name}"`,
      ),
    ),
  )
  for (const [at, row] of rows.entries()) {
    const extra = Array.isArray(row) ? undefined : Object.keys(row).find((name) => !names.includes(name))
    if (extra === undefined && (!Array.isArray(row) || row.length === names.length)) continue
    throw new MillraceError(
      'COLUMN_UNKNOWN',
      extra === undefined
        ? `row ${at + 1} has not as many values as the schema`
        : `the schema has no column "${extra}"`,
      {
        hint: `Its columns are ${names.join(', ')}.`,
      },
    )
  }
  const place = callPlace()
  const plan: Plan = { op: 'rows', schema: columns, rows: values }
  return new Frame(place ? { ...plan, at: place } : plan)
}

/** Arrow as it may be given: a table of apache-arrow, or IPC bytes. */
type ArrowLike =
  | Uint8Array
  | ArrayBuffer
  | { readonly schema: ArrowSchemaLike; readonly batches: readonly unknown[]; readonly numRows: number }

// biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
function ofArrow(ipc: Uint8Array, schema: GivenSchema | readonly string[] | undefined): Frame<any> {
  const place = callPlace()
  const at = place ? { at: place } : {}
  const text = Buffer.from(ipc.buffer, ipc.byteOffset, ipc.byteLength).toString('base64')
  const plan: Plan = { op: 'read', format: 'arrow', paths: [], options: {}, ipc: text, ...at }
  if (schema === undefined) return new Frame(plan)
  if (Array.isArray(schema)) return new Frame({ op: 'toDF', input: plan, names: schema, ...at })
  return new Frame({ ...plan, schema: schemaOf(schema as GivenSchema) })
}

/** No rows, of a schema. @throws MillraceError TYPE_INVALID, TYPE_UNSUPPORTED */
export function emptyDataFrame<const S extends GivenSchema>(schema: S): Frame<RowOfGiven<S>> {
  return createDataFrame([], schema as GivenSchema) as never
}

/** A row given as values, or as an object, by the names of the columns. */
function withNames(row: object | readonly unknown[], names: readonly string[], place: number) {
  const values = Array.isArray(row) ? row : Object.values(row)
  if (values.length === names.length) return Object.fromEntries(names.map((name, i) => [name, values[i]]))
  throw new MillraceError('COLUMN_UNKNOWN', `row ${place} has ${values.length} values for ${names.length} names`, {
    hint: `The columns are ${names.join(', ')}.`,
  })
}

/** A row as it may be given with a schema: of zod, what it parses to; else an object or an array of values. */
type GivenRow<S> = S extends z.ZodObject ? z.output<S> | readonly unknown[] : object | readonly unknown[]

/** The row type of rows that may have different columns; literal types as the types they are values of. */
type RowOfRows<R> = {
  -readonly [K in KeysOf<R>]: Wide<R extends unknown ? (K extends keyof R ? R[K] : null) : never>
}
type KeysOf<R> = R extends unknown ? keyof R : never
type Wide<T> =
  | (T extends number
      ? number
      : T extends string
        ? T extends Decimal
          ? T
          : string
        : T extends boolean
          ? boolean
          : T extends bigint
            ? bigint
            : T extends Date
              ? string
              : T extends undefined
                ? null
                : T extends object
                  ? T extends Uint8Array | ReadonlyMap<unknown, unknown>
                    ? T
                    : never
                  : T)
  // Lists and structs of several rows are of one type.
  | (Extract<T, readonly unknown[]> extends infer L extends readonly unknown[]
      ? [L] extends [never]
        ? never
        : Wide<L[number]>[]
      : never)
  | (Exclude<Extract<T, object>, readonly unknown[] | Date | Uint8Array | ReadonlyMap<unknown, unknown>> extends infer S
      ? [S] extends [never]
        ? never
        : RowOfRows<S>
      : never)

function inferred(rows: readonly unknown[]): Schema {
  const types = new Map<string, DataType>()
  for (const [at, row] of rows.entries()) {
    if (Array.isArray(row))
      throw new MillraceError('COLUMN_TYPE', 'rows given as arrays need a schema', {
        hint: 'createDataFrame(rows, "id int, name string").',
      })
    for (const [name, value] of Object.entries(row as AnyRow)) {
      types.set(name, inferredWith(types.get(name), value, `row ${at + 1}, column "${name}"`))
    }
  }
  if (types.size === 0)
    throw new MillraceError('COLUMN_TYPE', 'a frame of no rows needs a schema', {
      hint: 'createDataFrame([], "id int, name string").',
    })
  return {
    fields: [...types].map(([name, type]) => ({
      name,
      type: type.kind === 'null' ? { kind: 'string' } : type,
      nullable: true,
    })),
  }
}

/** The type of the values so far and one more. @throws MillraceError COLUMN_TYPE with the place of the value */
function inferredWith(known: DataType | undefined, value: unknown, path: string): DataType {
  try {
    if (value instanceof Map) {
      const items = [...value.values()].map((item) => typedLiteral(item ?? null).type)
      const type: DataType = {
        kind: 'map',
        key: { kind: 'string' },
        value: items.reduce(widest, { kind: 'null' }),
        valueContainsNull: true,
      }
      return known?.kind === 'map'
        ? { ...type, value: widest(known.value, type.value) }
        : widest(known ?? { kind: 'null' }, type)
    }
    return widest(known ?? { kind: 'null' }, typedLiteral(value ?? null).type)
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown
    throw new MillraceError(thrown.code, `${path}: ${thrown.message}`, {
      cause: thrown,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    })
  }
}

/** Whole numbers from `start` (0 when left out) up to but without `end`, in a column `id`. */
export function range(end: number): Frame<{ id: bigint }>
export function range(start: number, end: number, step?: number): Frame<{ id: bigint }>
export function range(first: number, second?: number, step = 1): Frame<{ id: bigint }> {
  const [start, end] = second === undefined ? [0, first] : [first, second]
  for (const number of [start, end, step]) {
    if (!Number.isSafeInteger(number))
      throw new MillraceError('OPTION_INVALID', `range() takes whole numbers, not ${number}`)
  }
  return new Frame({ op: 'range', start, end, step })
}
