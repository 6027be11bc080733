import { join } from 'node:path'
import { z } from 'zod'
import { defineTask, type TaskControls, type TaskHandle } from '../pipeline/index.ts'

const options = z.strictObject({
  source: z.string().min(1).describe('`shop` for all tables of a source, `shop.orders` for one.'),
  into: z.string().min(1).describe('A schema, such as `raw`, or for one table a dataset, such as `raw.orders`.'),
  fullRefresh: z.boolean().optional().describe('Replaces what was loaded by what the source holds now.'),
})

export default defineTask({
  kind: 'ingest',
  summary: 'Loads what is new of a source into the lake.',
  options,
  build:
    (add) =>
    <const I extends string>(id: string, written: z.input<typeof options> & TaskControls & { readonly into: I }) =>
      add('ingest', id, written) as TaskHandle<I>,
  async run({ source, into, fullRefresh }, context) {
    const { project, signal } = context
    const [{ loadSources }, { catalogTarget, ingest }] = await Promise.all([
      import('../../data/connect/index.ts'),
      import('../../work/ingest/index.ts'),
    ])
    await using connection = await project.lake.connect({ signal })
    const results = await ingest({
      source,
      into,
      sources: await loadSources(join(project.dir, 'sources')),
      dir: project.dir,
      connection,
      environment: project.environment ?? {},
      connections: (name) => project.connections.find(name),
      target: catalogTarget(project.catalog),
      state: project.state,
      signal,
      onProgress: (progress) => context.progress(progress),
      ...(fullRefresh === undefined ? {} : { fullRefresh }),
    })
    for (const note of results.flatMap(({ notes }) => notes)) context.log('info', note)
    const sum = (of: (result: (typeof results)[number]) => number): number =>
      results.reduce((all, one) => all + of(one), 0)
    const several = results.length > 1
    return {
      datasets: Object.fromEntries(
        results.map(({ source: table, dataset, rows, version }) => [
          table.split('.').at(-1) ?? table,
          { dataset, rows, ...(version === undefined ? {} : { version }) },
        ]),
      ),
      rows: sum(({ rows }) => rows),
      bytes: sum(({ bytes }) => bytes),
      files: sum(({ files }) => files),
      rejected: sum(({ rejected }) => rejected),
      skipped: results.flatMap(({ source: table, skipped }) =>
        skipped.map((sentence) => (several ? `${table.split('.').at(-1)}: ${sentence}` : sentence)),
      ),
      detail: { rejects: results.flatMap(({ rejects }) => (rejects === undefined ? [] : [rejects])) },
    }
  },
})
