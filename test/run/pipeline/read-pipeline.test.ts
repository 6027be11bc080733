import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../../src/run/pipeline/contract.ts'
import { conditionOption, frameOption, inputOption } from '../../../src/run/pipeline/references.ts'
import { readYamlPipeline } from '../../../src/run/pipeline/yaml/read-pipeline.ts'
import { kindsFor } from './kinds.ts'

const frame = defineTask({
  kind: 'frame',
  summary: 'A kind with every sort of reference.',
  options: z.strictObject({
    inputs: z.record(z.string(), inputOption).default({}),
    frame: frameOption,
    where: conditionOption.optional(),
    into: z.strictObject({ parquet: z.string(), partitionBy: z.string().optional() }).optional(),
  }),
  build: () => () => {},
  run: async () => ({}),
})
const kinds = { ...kindsFor({}), frame }
const read = (text: string) => readYamlPipeline(text, 'pipelines/p.yml', kinds)

describe('a pipeline in YAML', () => {
  test('is the graph that the builder makes, with names in snake_case', () => {
    const { id, options, tasks, functions } = read(`
schedule: '@daily'
start_date: 2024-01-01
retry_delay: 5 minutes
email_on_failure: false
tasks:
  first_task: { kind: step, retries: 2, execution_timeout: 90s }
  totals:
    kind: frame
    inputs: { my_orders: first_task, raw_items: raw.items, one: { task: first_task, dataset: orders } }
    into: { parquet: 'lake://x', partition_by: date }
    where: "date = '{{ ds }}'"
    frame: transforms/totals.ts#default
    after: last
  last: { kind: step }
`)
    expect(id).toBe('p')
    expect(options).toMatchObject({
      schedule: '@daily',
      startDate: '2024-01-01',
      retryDelay: 300_000,
      emailOnFailure: false,
    })
    expect(tasks).toEqual([
      {
        id: 'first_task',
        kind: 'step',
        needs: [],
        options: {},
        retries: 2,
        timeoutMs: 90_000,
        line: expect.any(Number),
      },
      {
        id: 'totals',
        kind: 'frame',
        needs: ['last', 'first_task'],
        options: {
          inputs: {
            my_orders: { $input: { task: 'first_task' } },
            raw_items: 'raw.items',
            one: { $input: { task: 'first_task', dataset: 'orders' } },
          },
          into: { parquet: 'lake://x', partitionBy: 'date' },
          where: "date = '{{ ds }}'",
          frame: { $function: 'transforms/totals.ts#default' },
        },
        line: expect.any(Number),
      },
      { id: 'last', kind: 'step', needs: [], options: {}, line: expect.any(Number) },
    ])
    expect(functions).toMatchObject([{ address: 'transforms/totals.ts#default' }])
  })

  test.each([
    [
      'a misspelt option of a task',
      'tasks:\n  a:\n    kind: step\n    lable: x\n',
      { code: 'PIPELINE_INVALID', line: 4, hint: /label/ },
    ],
    [
      'a misspelt option of the pipeline',
      'retry_dely: 5s\ntasks:\n  a: { kind: step }\n',
      { code: 'PIPELINE_INVALID', line: 1, hint: /retryDelay/ },
    ],
    ['an unknown kind', 'tasks:\n  a:\n    kind: stp\n', { code: 'PIPELINE_INVALID', line: 3, hint: /step/ }],
    [
      'an unknown upstream',
      'tasks:\n  load: { kind: step }\n  b: { kind: step, after: lod }\n',
      { code: 'TASK_UNKNOWN', line: 3, hint: /"load"/ },
    ],
    [
      'an input that is no task',
      'tasks:\n  load: { kind: step }\n  b: { kind: step, inputs: { x: lod } }\n',
      { code: 'TASK_UNKNOWN', line: 3, hint: /"load"/ },
    ],
    [
      'a circle',
      'tasks:\n  a: { kind: step, after: b }\n  b: { kind: step, after: a }\n',
      { code: 'PIPELINE_CYCLE', line: 2, hint: /must end before/ },
    ],
    [
      'a task written twice',
      'tasks:\n  a: { kind: step }\n  a: { kind: step }\n',
      { code: 'PIPELINE_INVALID', line: 3, hint: undefined },
    ],
    ['broken YAML', 'tasks: {\n', { code: 'PIPELINE_INVALID', line: 2, hint: undefined }],
  ])('%s is refused with its line', (_, text, { code, line, hint }) => {
    const matching = hint === undefined ? {} : { hint: expect.stringMatching(hint) }
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code, at: expect.objectContaining({ file: 'pipelines/p.yml', line }), ...matching }),
    )
  })
})
