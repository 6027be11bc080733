import { randomUUID } from 'node:crypto'
import { MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { Create } from '../operation.ts'
import { withTrackedColumns } from '../row-tracking/tracked-columns.ts'
import { deltaSchema } from '../schema/fit-schema.ts'
import { MAX_COLUMN_ID, maxColumnId, withMapping, withoutMapping } from './assign-mapping.ts'

const MODE = 'delta.columnMapping.mode'

/**
 * Plans a new table, whose columns have ids and stored names when its properties ask for it.
 * @throws MillraceError TYPE_UNSUPPORTED, OPTION_INVALID
 */
export function planTable({
  schema: given,
  partitionBy = [],
  properties: asked = {},
}: {
  readonly schema: Schema
  readonly partitionBy?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
}): Create {
  const properties = withTrackedColumns(asked)
  const mode = properties[MODE] ?? 'none'
  if (mode !== 'none' && mode !== 'name' && mode !== 'id') {
    throw new MillraceError('OPTION_INVALID', `"${mode}" is not one of none, name, id`, { data: { property: MODE } })
  }
  const id = randomUUID()
  const schema = deltaSchema(given, { anyName: mode !== 'none' })
  if (mode === 'none') return { kind: 'create', id, schema, partitionBy, properties }
  // A schema that comes from another table has the mapping of that one.
  const mapped = withMapping(withoutMapping(schema), mode, { tableId: id, maxColumnId: 0 })
  const configuration = { ...properties, [MAX_COLUMN_ID]: String(maxColumnId(mapped)) }
  return { kind: 'create', id, schema: mapped, partitionBy, properties: configuration }
}
