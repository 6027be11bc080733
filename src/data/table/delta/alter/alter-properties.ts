import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Change } from '../operation.ts'
import { withTrackedColumns } from '../row-tracking/tracked-columns.ts'
import { CONSTRAINT } from '../rules/column-rules.ts'
import { changedMetadata } from '../schema/changed-metadata.ts'
import { mappingMode } from '../schema/column-mapping.ts'
import type { Snapshot } from '../snapshot.ts'
import { withMapping } from './assign-mapping.ts'

const MODE = 'delta.columnMapping.mode'

/**
 * A table with other properties, and what these ask for: its protocol, and ids and stored names of its columns when they
 * begin to be mapped. A property that is null is taken away.
 * @throws MillraceError OPTION_INVALID for what is not set so, DELTA_FEATURE_UNSUPPORTED
 */
export function withProperties(
  base: Snapshot,
  properties: Readonly<Record<string, string | null>>,
): Pick<Change, 'metadata' | 'protocol'> {
  const configuration: Record<string, string> = { ...base.properties }
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith(CONSTRAINT)) {
      throw new MillraceError('OPTION_INVALID', `setting the property ${key}`, {
        hint: 'Use addConstraint and dropConstraint, which look at the rows that are there.',
      })
    }
    if (key.startsWith('delta.columnMapping.') && key !== MODE) {
      throw new MillraceError('OPTION_INVALID', `setting the property ${key}, which the table keeps itself`)
    }
    if (value === null) delete configuration[key]
    else configuration[key] = value
  }
  const [before, after] = [mappingMode(base.protocol, base.metadata), configuration[MODE] ?? 'none']
  if (!['none', 'name', 'id'].includes(after)) {
    throw new MillraceError('OPTION_INVALID', `"${after}" is not one of none, name, id`, { data: { property: MODE } })
  }
  if (after !== before && !(before === 'none' && after === 'name')) {
    throw new MillraceError('OPTION_INVALID', `changing ${MODE} from ${before} to ${after}`, {
      hint: 'A table that is there can begin to map its columns by name; nothing else can be changed of it.',
    })
  }
  const schema =
    after === before || after !== 'name'
      ? base.schema
      : withMapping(base.schema, after, { tableId: base.metadata.id, maxColumnId: 0, keepsNames: true })
  return changedMetadata(base, schema, withTrackedColumns(configuration))
}
