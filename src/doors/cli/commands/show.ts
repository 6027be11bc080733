import type { PipelineGraph, TaskNode } from '../../../run/pipeline/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT, errorLines, type Terminal, table } from '../terminal.ts'

const show: CommandDefinition = {
  name: 'show',
  summary: 'Shows the pipelines, or the graph of one.',
  details: 'Examples:\n  millrace show\n  millrace show etl_pipeline --json',
  arguments: [{ name: 'pipeline', summary: 'The id of a pipeline, or its file; by default all are listed.' }],
  async run({ arguments: [name], options, terminal }) {
    const { listPipelines, showPipeline } = await import('../../app/run-pipeline.ts')
    if (name !== undefined) {
      const graph = await showPipeline(String(name), options)
      if (terminal.json) terminal.data(graph)
      else printGraph(terminal, graph)
      return EXIT.ok
    }
    const { graphs, problems } = await listPipelines(options)
    if (terminal.json) terminal.data({ pipelines: graphs, problems })
    else {
      const rows = graphs.map(({ id, file, options: { schedule, owner, tags }, tasks }) => [
        id,
        schedule ?? 'by hand',
        tasks.length,
        owner,
        tags.join(', '),
        file,
      ])
      terminal.line(table(terminal, ['pipeline', 'schedule', 'tasks', 'owner', 'tags', 'file'], rows))
      for (const problem of problems) for (const line of errorLines(terminal, problem)) terminal.note(line)
    }
    return problems.length > 0 ? EXIT.usage : EXIT.ok
  },
}
export default show

function printGraph(terminal: Terminal, graph: PipelineGraph): void {
  const { schedule, timezone, owner, tags, retries } = graph.options
  terminal.line(`${terminal.style('bold', graph.id)}  ${graph.file}`)
  const facts = [
    `schedule ${schedule ?? 'by hand'} ${timezone}`,
    owner ? `owner ${owner}` : '',
    `retries ${retries}`,
    tags.join(', '),
  ]
  terminal.line(`  ${facts.filter(Boolean).join(' · ')}`)
  terminal.line()
  const depth = new Map<string, number>()
  const depthOf = (task: TaskNode): number => {
    const known = depth.get(task.id)
    if (known !== undefined) return known
    const above = task.needs
      .map((id) => graph.tasks.find((other) => other.id === id))
      .filter((other) => other !== undefined)
    const own = above.length === 0 ? 0 : 1 + Math.max(...above.map(depthOf))
    depth.set(task.id, own)
    return own
  }
  for (const task of graph.tasks) {
    const lead = depthOf(task) === 0 ? '' : `${'   '.repeat(depthOf(task) - 1)}└─ `
    const after = task.needs.length > 1 ? `  after ${task.needs.join(', ')}` : ''
    terminal.line(`  ${lead}${task.id} ${terminal.style('gray', `(${task.kind})`)}${after}`)
  }
}
