import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FunctionPool } from '../../../src/run/pipeline/functions/function-pool.ts'
import { loadPipeline, loadPipelines } from '../../../src/run/pipeline/load-pipelines.ts'
import type { FunctionRef } from '../../../src/run/pipeline/references.ts'
import { taskKinds } from '../../../src/run/tasks/index.ts'
import { newFolder } from './project.ts'

const kinds = async () => taskKinds

/** A project of the files given, by path. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const dir = newFolder()
  write(dir, files)
  return dir
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

const ONE = {
  'pipelines/one.ts': `import { pipeline } from 'millrace'
import { greeting } from '../lib/greeting.ts'
console.log('evaluated')
interface Given { ds: string }
export default pipeline('one', { schedule: '@daily' }, (task) => {
  task.run('hello', { run: ({ ds }: Given) => greeting + ' ' + ds })
})
`,
  'lib/greeting.ts': `import { word } from './word.ts'
export const greeting: string = word
`,
  'lib/word.ts': `export const word = 'good'\n`,
}

const reference = (options: object, name: string): FunctionRef =>
  (options as Record<string, FunctionRef>)[name] as FunctionRef

describe('a pipeline file', () => {
  test('becomes a graph in plain JSON, whose functions are addresses', async () => {
    const dir = projectOf(ONE)
    const printed: string[] = []
    const graph = await loadPipeline(dir, 'one', { kinds, onOutput: ({ text }) => printed.push(text) })
    expect(graph).toMatchObject({
      id: 'one',
      file: 'pipelines/one.ts',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      options: { schedule: '@daily', timezone: 'UTC' },
      tasks: [{ id: 'hello', kind: 'run', needs: [], line: 6 }],
    })
    expect(graph.tasks[0]?.options).toEqual({ run: { $function: `pipelines/one.ts#default/hello.run@${graph.hash}` } })
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph)
    expect(printed).toEqual(['evaluated'])
  })

  test('is not evaluated again until one of its modules changes, and a touched file is no change', async () => {
    const dir = projectOf(ONE)
    let evaluated = 0
    const load = () =>
      loadPipeline(dir, 'one', {
        kinds,
        onOutput: () => {
          evaluated += 1
        },
      })
    const first = await load()
    const begin = performance.now()
    expect(await load()).toEqual(first)
    expect(performance.now() - begin).toBeLessThan(100)
    utimesSync(join(dir, 'lib/word.ts'), 1, 1)
    expect(await load()).toEqual(first)
    expect(evaluated).toBe(1)
    write(dir, { 'lib/word.ts': `export const word = 'fine'\n` })
    const changed = await load()
    expect(evaluated).toBe(2)
    expect(changed.hash).not.toBe(first.hash)
    write(dir, { 'lib/word.ts': ONE['lib/word.ts'] })
    expect((await load()).hash).toBe(first.hash)
  })

  test('an old graph runs the functions it was made of, also after their files changed or are gone', async () => {
    const dir = projectOf(ONE)
    const old = await loadPipeline(dir, 'one', { kinds })
    write(dir, { 'lib/word.ts': `export const word = 'bad'\n` })
    const young = await loadPipeline(dir, 'one', { kinds })
    rmSync(join(dir, 'lib'), { recursive: true })
    await using pool = new FunctionPool(dir)
    const call = (graph: typeof old) =>
      pool.call(reference(graph.tasks[0]?.options ?? {}, 'run'), { values: { ds: 'day' } })
    expect(await call(old)).toEqual({ type: 'value', value: 'good day' })
    expect(await call(young)).toEqual({ type: 'value', value: 'bad day' })
    rmSync(join(dir, '.millrace/code', old.hash), { recursive: true })
    await using later = new FunctionPool(dir)
    await expect(later.call(reference(old.tasks[0]?.options ?? {}, 'run'), {})).rejects.toMatchObject({
      code: 'FUNCTION_CHANGED',
    })
  })

  test('errors carry the file and line of the user, and do not hide other pipelines', async () => {
    const dir = projectOf({
      ...ONE,
      'pipelines/broken.ts': `import { pipeline } from 'millrace'\n\nexport default pipeline('broken', {}, (task) => {\n  task.sql('a', { fil: 'x.sql' } as never)\n})\n`,
      'pipelines/syntax.ts': `export const a = 1\nexport const b = ;\n`,
      'pipelines/throws.ts': `const list: string[] = []\n\nexport const first = list[0]!.length\n`,
      'pipelines/imports.ts': `import { x } from '../lib/nothing.ts'\nexport const y = x\n`,
      'pipelines/enum.ts': `\nenum Colour { red }\nexport const c = Colour.red\n`,
    })
    const { graphs, problems } = await loadPipelines(dir, { kinds })
    expect(graphs.map(({ id }) => id)).toEqual(['one'])
    const found = Object.fromEntries(problems.map((problem) => [problem.at?.file, problem]))
    expect(found['pipelines/broken.ts']).toMatchObject({
      code: 'PIPELINE_INVALID',
      at: { line: 4, path: 'fil' },
      hint: expect.stringContaining('Did you mean "file"?'),
    })
    expect(found['pipelines/syntax.ts']).toMatchObject({ code: 'PIPELINE_FILE', at: { line: 2 } })
    expect(found['pipelines/throws.ts']).toMatchObject({ code: 'PIPELINE_FILE', at: { line: 3 } })
    expect(found['pipelines/enum.ts']).toMatchObject({
      code: 'PIPELINE_FILE',
      at: { line: 2 },
      hint: expect.stringContaining('enum'),
    })
    expect(problems.find(({ message }) => message.includes('imports.ts'))).toMatchObject({ code: 'PIPELINE_FILE' })
    await expect(loadPipeline(dir, 'one', { kinds })).resolves.toMatchObject({ id: 'one' })
  })

  test('one that ends its process is named', async () => {
    const dir = projectOf({ ...ONE, 'pipelines/z.ts': 'process.exit(3)\n' })
    await expect(loadPipelines(dir, { kinds })).rejects.toMatchObject({
      code: 'PIPELINE_FILE',
      at: { file: 'pipelines/z.ts' },
      message: expect.stringContaining('exit code 3'),
    })
  })

  test('an unknown pipeline is refused with a guess', async () => {
    const dir = projectOf(ONE)
    await expect(loadPipeline(dir, 'onee', { kinds })).rejects.toMatchObject({
      code: 'PIPELINE_UNKNOWN',
      hint: expect.stringContaining('Did you mean "one"?'),
    })
  })
})

describe('a pipeline in YAML', () => {
  const YAML = {
    'pipelines/two.yml': `tasks:\n  hello:\n    kind: run\n    run: lib/hello.ts#hello\n`,
    'lib/hello.ts': `export function hello({ ds }: { ds: string }) { return 'hello ' + ds }\n`,
  }

  test('names functions by file and export, of the version they had', async () => {
    const dir = projectOf(YAML)
    const graph = await loadPipeline(dir, 'two', { kinds })
    expect(graph.tasks[0]?.options).toEqual({ run: { $function: `lib/hello.ts#hello@${graph.hash}` } })
    await using pool = new FunctionPool(dir)
    const result = await pool.call(reference(graph.tasks[0]?.options ?? {}, 'run'), { values: { ds: 'day' } })
    expect(result).toEqual({ type: 'value', value: 'hello day' })
    expect(await loadPipeline(dir, 'two', { kinds })).toEqual(graph)
  })

  test('a function that is not there is refused at the task, with a guess', async () => {
    const dir = projectOf({ ...YAML, 'pipelines/two.yml': readYaml().replace('#hello', '#helo') })
    await expect(loadPipeline(dir, 'two', { kinds })).rejects.toMatchObject({
      code: 'PIPELINE_INVALID',
      at: { file: 'pipelines/two.yml', line: expect.any(Number) },
      hint: expect.stringContaining('Did you mean "hello"?'),
    })
  })

  function readYaml(): string {
    return YAML['pipelines/two.yml']
  }
})

describe('calling functions', () => {
  const FUNCTIONS = {
    'pipelines/f.ts': `import { col, pipeline } from 'millrace'
export default pipeline('f', {}, (task) => {
  task.run('logs', { run: () => { console.log('one'); console.warn('two'); return { big: 10n, when: new Date(0) } } })
  task.run('throws', { run: () => {
    throw new TypeError('no orders')
  } })
  task.run('loops', { run: () => { for (;;); } })
  task.run('exits', { run: () => process.exit(5) })
  task.run('strange', { run: () => ({ fn: () => 1 }) })
  task.run('column', { run: () => col('a').eq(1) })
  task.run('pid', { run: () => process.pid })
})
`,
  }
  async function functions() {
    const dir = projectOf(FUNCTIONS)
    const graph = await loadPipeline(dir, 'f', { kinds })
    const pool = new FunctionPool(dir)
    const of = (task: string) => reference(graph.tasks.find(({ id }) => id === task)?.options ?? {}, 'run')
    const call = (task: string, options?: Parameters<typeof pool.call>[2]) => pool.call(of(task), {}, options)
    return { pool, call, of }
  }

  test('what they print is told as it comes, what they return is plain JSON', async () => {
    const { pool, call } = await functions()
    await using _ = pool
    const logs: string[] = []
    const result = await call('logs', { onLog: (level, message) => logs.push(`${level} ${message}`) })
    expect(result).toEqual({ type: 'value', value: { big: 10, when: '1970-01-01T00:00:00.000Z' } })
    expect(logs).toEqual(['info one', 'warning two'])
    expect(await call('column')).toMatchObject({ type: 'column', expr: { kind: expect.any(String) } })
  })

  test('what they throw carries the file and line of the user', async () => {
    const { pool, call } = await functions()
    await using _ = pool
    await expect(call('throws')).rejects.toMatchObject({
      code: 'TASK_FAILED',
      message: expect.stringContaining('TypeError: no orders'),
      at: { file: 'pipelines/f.ts', line: 5 },
      retry: 'again',
    })
    await expect(call('strange')).rejects.toMatchObject({ code: 'TASK_OUTPUT_INVALID' })
  })

  test('a worker is used again, and one that loops is killed when its time is over without harm to others', async () => {
    const { pool, call } = await functions()
    await using _ = pool
    const first = await call('pid')
    expect(await call('pid')).toEqual(first)
    const stop = new AbortController()
    const looping = call('loops', { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('time is over')), 50)
    await expect(looping).rejects.toMatchObject({ message: 'time is over' })
    const next = await call('pid')
    expect(next.type).toBe('value')
    expect(next).not.toEqual(first)
    await expect(call('exits')).rejects.toMatchObject({
      code: 'TASK_FAILED',
      message: expect.stringContaining('exit code 5'),
    })
    expect((await call('pid')).type).toBe('value')
  })

  test('a worker that was prepared takes the next call and no other, and one that died meanwhile is replaced', async () => {
    const { pool, call, of } = await functions()
    await using _ = pool
    pool.prepare(of('loops'))
    pool.prepare(of('pid'))
    const [one, two] = await Promise.all([call('pid'), call('pid')])
    expect(one).not.toEqual(two)
    const again = await Promise.all([call('pid'), call('pid')])
    expect(new Set(again.map((pid) => JSON.stringify(pid)))).toEqual(
      new Set([one, two].map((pid) => JSON.stringify(pid))),
    )

    const other = await functions()
    await using __ = other.pool
    const stop = new AbortController()
    other.pool.prepare(other.of('pid'))
    const stopped = other.call('pid', { signal: stop.signal })
    stop.abort(new Error('time is over'))
    await expect(stopped).rejects.toMatchObject({ message: 'time is over' })
    expect((await other.call('pid')).type).toBe('value')
  })
})

test('the copy of the code is readable as the files it is made of', async () => {
  const dir = projectOf(ONE)
  const { hash } = await loadPipeline(dir, 'one', { kinds })
  expect(readFileSync(join(dir, '.millrace/code', hash, 'files/lib/word.ts'), 'utf8')).toBe(ONE['lib/word.ts'])
})
