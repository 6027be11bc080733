/** Millrace: what a project's files import. */
export { MillraceError } from './base/kernel/index.ts'
export * from './data/frame/index.ts'
export { chain, pipeline } from './run/tasks/index.ts'
