import { join } from 'node:path'
import { isCalendarDay, MillraceError } from '../../base/kernel/index.ts'
import {
  type Checkpoint,
  type CheckpointResult,
  checkpointNamed,
  checkpointStatistics,
  type GxCheckpointResult,
  keepValidation,
  loadCheckpoints,
  loadExpectations,
  loadSuites,
  type ResultFormatName,
  readPast,
  runCheckpoint,
  subjectOf,
} from '../../work/quality/index.ts'
import type { Project } from './open-project.ts'

/**
 * Runs a checkpoint for a day (`2024-01-31`), tells whom it says, and keeps the results in the project's history.
 * @throws MillraceError OPTION_INVALID for what is no day, SUITE_NOT_FOUND, DATASET_UNKNOWN, SECRET_MISSING
 */
export async function runProjectCheckpoint(
  { dir, catalog, engine, lake, state, environment }: Project,
  checkpoint: Checkpoint,
  ds: string,
  signal?: AbortSignal,
): Promise<CheckpointResult> {
  if (!isCalendarDay(ds)) {
    throw new MillraceError('OPTION_INVALID', `the day "${ds}" is none`, { hint: 'Write it as 2024-01-31.' })
  }
  // An engine that reads no files has copies of the lake's tables, which must not move on meanwhile.
  await using _pin = await catalog.pin(lake === engine ? [] : checkpoint.validations.map(({ data }) => data))
  await catalog.settle()
  await using connection = await engine.connect(signal ? { signal } : {})
  const done = await runCheckpoint({
    checkpoint,
    connection,
    suites: await loadSuites(join(dir, 'suites')),
    own: await loadExpectations(join(dir, 'plugins')),
    pastOf: (dataset) => readPast(state, dataset, ds),
    relationOf: (dataset) => catalog.relation({ dataset }),
    values: { ds, batch_date: ds },
    environment: environment ?? {},
    ...(signal ? { signal } : {}),
  })
  for (const result of done.results) await keepValidation(state, subjectOf(result), result)
  return done
}

/** Which checkpoint of a project to run. */
export interface ValidateCheckpointRequest {
  readonly checkpoint: string
  /** The day that is validated, `{{ ds }}` in conditions; today, in UTC, unless told. */
  readonly ds?: string
  /** In place of the checkpoint's own. */
  readonly resultFormat?: ResultFormatName
  readonly signal?: AbortSignal
}

/**
 * Runs a checkpoint of `checkpoints/*.yml` by its name; the result is that of a checkpoint of Great Expectations.
 * @throws MillraceError CHECKPOINT_UNKNOWN, SUITE_NOT_FOUND, DATASET_UNKNOWN, SECRET_MISSING
 */
export async function validateCheckpoint(
  project: Project,
  { checkpoint: name, ds, resultFormat, signal }: ValidateCheckpointRequest,
): Promise<GxCheckpointResult> {
  const found = checkpointNamed(await loadCheckpoints(join(project.dir, 'checkpoints')), name)
  const run_time = new Date().toISOString()
  const { success, results, deliveries } = await runProjectCheckpoint(
    project,
    resultFormat === undefined ? found : { ...found, resultFormat },
    ds ?? run_time.slice(0, 10),
    signal,
  )
  return {
    success,
    checkpoint_config: { name },
    run_id: { run_name: null, run_time },
    statistics: checkpointStatistics(results),
    run_results: results,
    actions: deliveries.map(({ channel, error }) => ({
      name: channel,
      ...(error === undefined ? { outcome: 'sent' as const } : { outcome: 'failed' as const, reason: error.message }),
    })),
  }
}
