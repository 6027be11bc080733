import type { Metadata } from '../actions.ts'
import type { Snapshot } from '../snapshot.ts'

/** Whether versions of a table tell their own time (Delta protocol, "In-Commit Timestamps"). */
export function tellsTimes(properties: Readonly<Record<string, string>>): boolean {
  return properties['delta.enableInCommitTimestamps'] === 'true'
}

/** The time of the version after a snapshot: now, but later than the one before. */
export function nextTime(snapshot: Snapshot | undefined, now: number): number {
  return snapshot?.time === undefined ? now : Math.max(now, snapshot.time + 1)
}

/** Metadata that says since when versions tell their time, when they begin to with this one. */
export function withBeginning(metadata: Metadata, snapshot: Snapshot, time: number): Metadata {
  if (!tellsTimes(metadata.configuration) || tellsTimes(snapshot.properties)) return metadata
  return {
    ...metadata,
    configuration: {
      ...metadata.configuration,
      'delta.inCommitTimestampEnablementVersion': String(snapshot.version + 1),
      'delta.inCommitTimestampEnablementTimestamp': String(time),
    },
  }
}
