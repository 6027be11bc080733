export {
  type BackfillRecord,
  type BackfillRunRecord,
  type BackfillStatus,
  BackfillStore,
  type IntervalStatus,
} from './backfill/backfill-store.ts'
export * from './backfill/plan-backfill.ts'
export {
  type BackfillEvent,
  type BackfillInterval,
  type BackfillOptions,
  type BackfillResult,
  runBackfill,
} from './backfill/run-backfill.ts'
export { haveChanged, type SourceStamps, sourceStamps, stampsIn } from './backfill/source-stamps.ts'
export {
  type AddTask,
  isPipeline,
  type Pipeline,
  pipelineWith,
  type TaskBuilder,
  type UserFunction,
} from './builder.ts'
export { findCycle, inOrder } from './check-graph.ts'
export type { Printed } from './code/evaluate.ts'
export type { LoadOptions } from './code/load-file.ts'
export * from './contract.ts'
export { FunctionPool } from './functions/function-pool.ts'
export type { CallArguments, CallResult } from './functions/protocol.ts'
export { SpareWorker } from './functions/spare-worker.ts'
export { type PipelineGraph, type TaskNode, taskOf } from './graph.ts'
export { chain, type DatasetHandle, type Output, type TaskHandle } from './handle.ts'
export { type LoadedPipelines, loadPipeline, loadPipelines, pipelineFiles } from './load-pipelines.ts'
export {
  durationOption,
  type PipelineOptions,
  type PipelineOptionsInput,
  pipelineOptions,
  type TaskControls,
} from './options.ts'
export * from './references.ts'
export type { RunEvent } from './runs/run-events.ts'
export {
  intervalLease,
  type RunOptions,
  type RunResult,
  resumeRun,
  runPipeline,
  runTasks,
} from './runs/run-pipeline.ts'
export { type RunHead, type RunRecord, RunStore, type TryRecord } from './runs/run-store.ts'
export { defaultInterval, type Interval, intervalOf, intervalsBetween } from './schedule/interval.ts'
export { localDay } from './schedule/local-time.ts'
export { type TestTaskOptions, testTask } from './test-task.ts'
