/** Runs a pipeline of three tasks and notes each in a file; a failpoint kills it. argv: the folder, the code's hash. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { openState } from '../../../src/base/state/index.ts'
import { pipelineWith } from '../../../src/run/pipeline/builder.ts'
import { runPipeline } from '../../../src/run/pipeline/runs/run-pipeline.ts'
import { kindsFor } from './kinds.ts'

const [dir = '', hash = 'v1'] = process.argv.slice(2)
const note = (task: string) => () => {
  appendFileSync(join(dir, 'done.txt'), `${task}\n`)
  return { detail: task }
}
const kinds = kindsFor({ a: note('a'), b: note('b'), c: note('c') })
const made = pipelineWith(kinds)('p', {}, (task) => void task.step('c').after(task.step('b').after(task.step('a'))))
const graph = { id: 'p', file: 'p.ts', hash, options: made.options, tasks: made.tasks }
await using state = await openState(join(dir, 'state.db'), {})
const interval = { start: '2024-01-01T00:00:00.000Z', end: '2024-01-02T00:00:00.000Z', ds: '2024-01-01' }
const result = await runPipeline(graph, interval, { project: { dir, state, vars: {} } as never, kinds })
process.stdout.write(JSON.stringify(result))
