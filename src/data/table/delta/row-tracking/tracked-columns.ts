import { randomUUID } from 'node:crypto'
import { type Field, MillraceError } from '../../../../base/kernel/index.ts'
import { mappingMode, PHYSICAL } from '../schema/column-mapping.ts'
import { supports } from '../schema/protocol.ts'
import type { Snapshot } from '../snapshot.ts'

const ENABLED = 'delta.enableRowTracking'
const ROW_ID = 'delta.rowTracking.materializedRowIdColumnName'
const COMMIT_VERSION = 'delta.rowTracking.materializedRowCommitVersionColumnName'

/** The columns beside the table's own that hold the ids and versions of rows which were moved into another file. */
export interface TrackedColumns {
  readonly rowId: Field
  readonly commitVersion: Field
}

/**
 * Those of a table whose rows keep their ids; undefined of any other.
 * @throws MillraceError DELTA_LOG_CORRUPT when it does not say what they are called, DELTA_FEATURE_UNSUPPORTED of one that
 *   finds columns by their ids
 */
export function trackedColumns({
  protocol,
  metadata,
  properties,
}: Pick<Snapshot, 'protocol' | 'metadata' | 'properties'>): TrackedColumns | undefined {
  if (!isEnabled(properties) || !supports(protocol, 'rowTracking')) return undefined
  if (mappingMode(protocol, metadata) === 'id') {
    throw new MillraceError(
      'DELTA_FEATURE_UNSUPPORTED',
      'moving rows of a Delta table that tracks them and maps columns by id',
      {
        hint: `Take the property ${ENABLED} away, or use the tool that set it.`,
        data: { features: ['rowTracking'] },
      },
    )
  }
  return { rowId: columnOf(properties, ROW_ID), commitVersion: columnOf(properties, COMMIT_VERSION) }
}

function columnOf(properties: Readonly<Record<string, string>>, key: string): Field {
  const name = properties[key]
  // They are called what they are, whether the table maps its columns or not.
  if (name) return { name, type: { kind: 'long' }, nullable: true, metadata: { [PHYSICAL]: name } }
  throw new MillraceError('DELTA_LOG_CORRUPT', `writing to a Delta table that tracks rows and has no property ${key}`)
}

function isEnabled(properties: Readonly<Record<string, string>>): boolean {
  return properties[ENABLED]?.toLowerCase() === 'true'
}

/** Properties with the names of the columns that a table needs whose rows keep their ids. */
export function withTrackedColumns(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!isEnabled(properties)) return properties
  return {
    ...properties,
    [ROW_ID]: properties[ROW_ID] ?? `_row-id-col-${randomUUID()}`,
    [COMMIT_VERSION]: properties[COMMIT_VERSION] ?? `_row-commit-version-col-${randomUUID()}`,
  }
}
