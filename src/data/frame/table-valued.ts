import type { Column } from './column.ts'
import type { ColumnOrName } from './column-types.ts'
import { range } from './create-data-frame.ts'
import type { Frame } from './frame.ts'
import { explode } from './functions/collection/collection.ts'
import {
  explodeOuter,
  inline,
  inlineOuter,
  jsonTuple,
  posexplode,
  posexplodeOuter,
  stack,
} from './functions/collection/generator.ts'

/** One row, of which a generator makes the rows. */
const made = (generator: Column): Frame => range(1).select(generator) as Frame

/**
 * Frames that functions make of values: `tvf.explode(array(lit(1), lit(2)))`. In a lateral join the values may be
 * columns of the frame around: `df.lateralJoin(tvf.explode(col('items').outer()))`. PySpark's `spark.tvf`.
 */
export const tvf = {
  range,
  explode: (collection: Column): Frame => made(explode(collection)),
  explodeOuter: (collection: Column): Frame => made(explodeOuter(collection)),
  posexplode: (collection: Column): Frame => made(posexplode(collection)),
  posexplodeOuter: (collection: Column): Frame => made(posexplodeOuter(collection)),
  inline: (structs: Column): Frame => made(inline(structs)),
  inlineOuter: (structs: Column): Frame => made(inlineOuter(structs)),
  jsonTuple: (json: Column, ...names: readonly string[]): Frame => made(jsonTuple(json, ...names)),
  stack: (rows: Column | number, ...values: readonly ColumnOrName[]): Frame => made(stack(rows, ...values)),
} as const
