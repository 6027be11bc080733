import type { Schema } from '../../../../base/kernel/index.ts'
import { MAX_COLUMN_ID, withMapping } from '../alter/assign-mapping.ts'
import type { SchemaMode } from '../operation.ts'
import type { Snapshot } from '../snapshot.ts'
import { mappingMode } from './column-mapping.ts'
import { type FitOptions, fitSchema, mergeWritten } from './fit-schema.ts'

/**
 * The columns that rows of this schema are written to a table with: see `fitSchema`. Columns that are new to a table
 * that maps its columns have their ids and stored names.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH
 */
export function fitTable(rows: Schema, base: Snapshot, mode: SchemaMode): Schema {
  const schema = fitSchema(rows, base.schema, mode, fitOptions(base))
  // The same columns anew keep their ids and stored names, by which the files are written.
  if (mode === 'overwrite' && mergeTable(schema, base, mode) === base.schema) return base.schema
  return mapped(schema, base)
}

/** The table's columns after files with these have been added: see `mergeWritten`. */
export function mergeTable(written: Schema, base: Snapshot, mode: SchemaMode): Schema {
  return mergeWritten(written, base.schema, mode, fitOptions(base))
}

function fitOptions({ protocol, metadata, properties }: Snapshot): FitOptions {
  return {
    anyName: mappingMode(protocol, metadata) !== 'none',
    canWiden: properties['delta.enableTypeWidening'] === 'true',
  }
}

/** A schema with ids and stored names for the columns that are new to the table. */
export function mapped(schema: Schema, { protocol, metadata, properties }: Snapshot): Schema {
  const mode = mappingMode(protocol, metadata)
  return withMapping(schema, mode, { tableId: metadata.id, maxColumnId: Number(properties[MAX_COLUMN_ID] ?? 0) })
}
