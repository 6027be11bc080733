export { type GxProject, loadGxProject } from './load.ts'
export {
  checkpointStatistics,
  type GxCheckpointResult,
  type GxRunOptions,
  type NeededEngine,
  runGxCheckpoint,
} from './run-checkpoint.ts'
