import type { Change, Isolation } from './operation.ts'
import type { Snapshot } from './snapshot.ts'

/** The isolation that a change asks for, or the table, or Spark's default. */
export function isolationOf({ properties }: Snapshot, { isolation }: Pick<Change, 'isolation'>): Isolation {
  if (isolation) return isolation
  return properties['delta.isolationLevel'] === 'Serializable' ? 'Serializable' : 'WriteSerializable'
}

/** Whether a change only adds rows, whatever the table holds: nobody else's commit can stand against it. */
export function isBlind({ read, remove = [], dataChange = true }: Change): boolean {
  return read.kind === 'nothing' && remove.length === 0 && dataChange
}
