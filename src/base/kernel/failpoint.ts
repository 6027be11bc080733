import { appendFileSync } from 'node:fs'

/**
 * Every place where a crash is provoked by the tests, named `room.moment`. Calling an unlisted name does
 * not compile.
 */
export const FAILPOINTS = [
  'store.before-put',
  'store.after-put',
  'store.before-upload',
  'store.uploaded',
  'state.before-commit',
  'state.after-commit',
  'delta.data-written',
  'delta.vectors-written',
  'delta.change-files-written',
  'delta.before-commit',
  'delta.after-commit',
  'delta.checkpoint-staged',
  'delta.checkpoint-written',
  'delta.log-file-deleted',
  'delta.vacuum-file-deleted',
  'ingest.staged',
  'ingest.planned',
  'ingest.rejects-written',
  'ingest.committed',
  'ingest.acknowledged',
  'pipeline.task-started',
  'pipeline.task-done',
  'pipeline.run-done',
  'pipeline.backfill-interval-done',
  'quarantine.rows-removed',
  'quarantine.before-commit',
  'quarantine.after-commit',
  'model.after-commit',
  'model.before-commit',
  'seed.before-commit',
  'frame.staged',
  'frame.before-rename',
  'frame.between-renames',
  'frame.after-rename',
] as const

export type Failpoint = (typeof FAILPOINTS)[number]

// Read once: a failpoint costs one comparison when none is armed.
const armed = process.env.MILLRACE_FAILPOINT
const logFile = process.env.MILLRACE_FAILPOINT_LOG
const [armedName, armedHit = '1'] = (armed ?? '').split(':')
let hits = 0

/**
 * Marks a moment at which a crash must do no harm. Does nothing unless `MILLRACE_FAILPOINT=name[:n]` names it:
 * then the process kills itself (SIGKILL) at the nth hit. `MILLRACE_FAILPOINT_LOG=file` lists the hits.
 */
export function failpoint(name: Failpoint): void {
  if (armed === undefined && logFile === undefined) return
  if (logFile !== undefined) appendFileSync(logFile, `${name}\n`)
  if (armedName !== name) return
  hits += 1
  if (hits === Number(armedHit)) process.kill(process.pid, 'SIGKILL')
}
