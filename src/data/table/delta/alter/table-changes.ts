import { type Field, formatType } from '../../../../base/kernel/index.ts'
import type { Change } from '../operation.ts'
import { changedMetadata } from '../schema/changed-metadata.ts'
import { addFeature } from '../schema/protocol.ts'
import type { Snapshot } from '../snapshot.ts'
import { withProperties } from './alter-properties.ts'
import {
  type AlteredSchema,
  type ColumnChange,
  withChanged,
  withColumns,
  withoutColumn,
  withRenamed,
} from './alter-schema.ts'
import type { ColumnPath } from './change-field.ts'

/** A change of what the table is, as its history tells it in Spark's words. */
function change(
  base: Snapshot,
  name: string,
  parameters: Record<string, unknown>,
  { schema, partitionBy }: AlteredSchema,
): Change {
  const { metadata, protocol } = changedMetadata(base, schema)
  return {
    kind: 'change',
    name,
    parameters,
    ...(protocol ? { protocol } : {}),
    ...(metadata ? { metadata: { ...metadata, partitionColumns: partitionBy } } : {}),
    read: { kind: 'nothing' },
  }
}

/** Plans columns that are added. @throws MillraceError see `withColumns` */
export function addColumnsChange(base: Snapshot, columns: readonly Field[], within?: ColumnPath): Change {
  const told = columns.map(({ name, type }) => ({ column: { name, type: formatType(type), nullable: true } }))
  return change(base, 'ADD COLUMNS', { columns: JSON.stringify(told) }, withColumns(base, columns, within))
}

/** Plans a column that is called otherwise. @throws MillraceError see `withRenamed` */
export function renameColumnChange(base: Snapshot, from: ColumnPath, to: string): Change {
  return change(base, 'RENAME COLUMN', { oldColumnPath: from, newColumnPath: to }, withRenamed(base, from, to))
}

/** Plans a column that goes. @throws MillraceError see `withoutColumn` */
export function dropColumnChange(base: Snapshot, column: ColumnPath): Change {
  return change(base, 'DROP COLUMNS', { columns: JSON.stringify([column]) }, withoutColumn(base, column))
}

/** Plans a column that becomes another. @throws MillraceError see `withChanged` */
export function changeColumnChange(base: Snapshot, column: ColumnPath, becomes: ColumnChange): Change {
  const { type, ...others } = becomes
  const told = { name: column, ...others, ...(type ? { type: formatType(type) } : {}) }
  return change(base, 'CHANGE COLUMN', { column: JSON.stringify(told) }, withChanged(base, column, becomes))
}

/** Plans properties that are set; those that are null go. @throws MillraceError see `withProperties` */
export function setPropertiesChange(base: Snapshot, properties: Readonly<Record<string, string | null>>): Change {
  const isUnset = Object.values(properties).every((value) => value === null)
  return {
    kind: 'change',
    name: isUnset ? 'UNSET TBLPROPERTIES' : 'SET TBLPROPERTIES',
    parameters: { properties: JSON.stringify(isUnset ? Object.keys(properties) : properties) },
    ...withProperties(base, properties),
    read: { kind: 'nothing' },
  }
}

/** Plans a protocol that stands for one more feature. @throws MillraceError DELTA_FEATURE_UNSUPPORTED */
export function addFeatureChange(base: Snapshot, feature: string): Change {
  const protocol = addFeature(base.protocol, feature)
  return {
    kind: 'change',
    name: 'UPGRADE PROTOCOL',
    parameters: { newProtocol: JSON.stringify(protocol) },
    ...(protocol === base.protocol ? {} : { protocol }),
    read: { kind: 'nothing' },
  }
}
