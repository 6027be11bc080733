/** For the tests of a project: runs one task on given rows, with an engine of its own in memory. */
export { testTask } from '../../run/tasks/index.ts'
