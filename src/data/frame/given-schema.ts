import type { z } from 'zod'
import type { Schema } from '../../base/kernel/index.ts'
import { type ArrowSchemaLike, isArrowSchema, schemaOfArrow } from './arrow-schema.ts'
import type { AnyRow, IsAny } from './row-types.ts'
import { parseSchema } from './schema-text.ts'
import type { RowNamed, RowOfSchema } from './written-type.ts'
import { isZod, schemaOfZod } from './zod-schema.ts'

/** Columns as they may be given: as text (`'id bigint, day date'`), as a schema, or as one of zod or Arrow. */
export type GivenSchema = Schema | string | z.ZodObject | ArrowSchemaLike

/** The row type of columns as they were given. */
export type RowOfGiven<S> = S extends string
  ? RowNamed<S>
  : S extends z.ZodObject
    ? { -readonly [K in keyof z.output<S>]-?: Collected<z.output<S>[K]> }
    : S extends Schema
      ? RowOfSchema<S>
      : AnyRow

/** What `collect` gives for a value of a zod type: null for what is missing, text for dates, maps for records. */
type Collected<V> =
  IsAny<V> extends true
    ? V
    : V extends undefined
      ? null
      : V extends Date
        ? string
        : V extends readonly (infer E)[]
          ? Collected<E>[]
          : V extends ReadonlyMap<infer K, infer M>
            ? Map<K, Collected<M>>
            : V extends object
              ? string extends keyof V
                ? Map<string, Collected<V[keyof V]>>
                : { -readonly [K in keyof V]-?: Collected<V[K]> }
              : V

/** @throws MillraceError TYPE_INVALID, TYPE_UNSUPPORTED */
export function schemaOf(given: GivenSchema): Schema {
  if (typeof given === 'string') return parseSchema(given)
  if (isZod(given)) return schemaOfZod(given)
  return isArrowSchema(given) ? schemaOfArrow(given) : (given as Schema)
}
