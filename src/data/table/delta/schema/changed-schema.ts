import { formatType, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { LogEntry } from '../actions.ts'
import { type DeltaLog, loadSnapshot } from '../log/delta-log.ts'
import type { Snapshot } from '../snapshot.ts'
import { mappingMode, physicalName } from './column-mapping.ts'
import { widens } from './fit-schema.ts'
import { parseSchema } from './schema-json.ts'

/**
 * Refuses versions whose rows cannot be read with the columns of the last of them: a column that had another type (but
 * one that was widened), or other partition columns. A column that came later is null before, one that went is left out.
 * @throws MillraceError DELTA_SCHEMA_MISMATCH naming the version and the column
 */
export async function checkUnchanged(log: DeltaLog, entries: readonly LogEntry[], end: Snapshot): Promise<void> {
  const changes = entries.flatMap(({ version, actions }) =>
    actions.flatMap((action) => (action.kind === 'metaData' ? [{ version, metadata: action }] : [])),
  )
  const [first] = entries
  if (changes.length === 0 || !first) return
  const at = first.version
  // What held before the first change in between.
  const known = changes.some(({ version }) => version === at) ? [] : [await loadSnapshot(log, at)]
  const schemas = [
    ...known.map(({ schema, partitionBy }) => ({ version: at, schema, partitionBy })),
    ...changes.map(({ version, metadata }) => ({
      version,
      schema: parseSchema(metadata.schemaString),
      partitionBy: metadata.partitionColumns,
    })),
  ]
  for (const { version, schema, partitionBy } of schemas) {
    const problem = difference(schema, partitionBy, end)
    if (!problem) continue
    throw new MillraceError(
      'DELTA_SCHEMA_MISMATCH',
      `reading the changes from version ${at} to ${end.version} of a Delta table: ${problem} in version ${version}`,
      { hint: 'Read the versions before and after that change apart.' },
    )
  }
}

function difference(schema: Schema, partitionBy: readonly string[], end: Snapshot): string | undefined {
  const mode = mappingMode(end.protocol, end.metadata)
  const stored = (of: Schema, name: string) => {
    const field = of.fields.find((one) => one.name === name)
    // A table that was mapped later has the names of its columns for stored ones.
    return field?.metadata?.['delta.columnMapping.physicalName'] ?? name
  }
  const [before, after] = [
    partitionBy.map((name) => stored(schema, name)),
    end.partitionBy.map((name) => stored(end.schema, name)),
  ]
  if (before.join('\0') !== after.join('\0')) return `it was partitioned by ${partitionBy.join(', ') || 'nothing'}`
  for (const field of end.schema.fields) {
    const old = schema.fields.find(({ name }) => stored(schema, name) === physicalName(field, mode))
    if (old && formatType(old.type) !== formatType(field.type) && !widens(old.type, field.type)) {
      return `column "${field.name}" was ${formatType(old.type)}`
    }
  }
  return undefined
}
