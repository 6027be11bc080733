import { pipelineWith } from '../pipeline/index.ts'
import { taskKinds } from './registry.ts'

export type { Pipeline, TaskBuilder } from '../pipeline/index.ts'
export { chain, testTask } from '../pipeline/index.ts'
export type { FrameTarget } from './frame-target.ts'
export { taskKinds } from './registry.ts'
export type { RunValues } from './run-values.ts'

/**
 * Describes a pipeline: `pipeline('etl', { schedule: '@daily' }, (task) => { … })`. Export what it returns from a file
 * of the folder `pipelines`; nothing runs until `millrace run etl`.
 * @throws MillraceError PIPELINE_INVALID, PIPELINE_CYCLE, TASK_UNKNOWN, TASK_DUPLICATE, each with the file and line
 */
export const pipeline = pipelineWith(taskKinds)
