import { resolve } from 'node:path'
import type { z } from 'zod'
import { MillraceError } from '../../base/kernel/index.ts'
import { type DbtEvent, type DbtRun, isFailure, runDbt } from '../../work/model/index.ts'
import type { TaskContext, TaskOutput } from '../pipeline/index.ts'
import type { dbtOptions } from './dbt.ts'
import { runValues } from './run-values.ts'

/**
 * Runs the command of a dbt task.
 * @throws MillraceError MODEL_FAILED or MODEL_TEST_FAILED naming the nodes; what `runDbt` throws
 */
export async function runDbtTask(options: z.output<typeof dbtOptions>, context: TaskContext): Promise<TaskOutput> {
  const { project, signal } = context
  const { command, projectDir, vars, ...flags } = options
  const values = runValues(context)
  await project.catalog.settle()
  const run = await runDbt(
    command,
    {
      ...definite(flags),
      vars: {
        ds: values.ds,
        data_interval_start: values.dataIntervalStart,
        data_interval_end: values.dataIntervalEnd,
        ...project.vars,
        ...vars,
      },
    },
    {
      dir: resolve(project.dir, projectDir ?? '.'),
      connect: () => project.engine.connect({ signal }),
      database: project.engine.database,
      dialect: project.engine.dialect,
      schema: targetSchema(context),
      target: { name: project.target },
      environment: project.environment ?? {},
      beforeRun: (sources) => project.catalog.pin(sources, { signal }),
      signal,
      onEvent: (event) => tell(event, context),
    },
  )
  const failure = failureOf(run)
  if (failure) throw failure
  return outputOf(run)
}

function tell(event: DbtEvent, context: TaskContext): void {
  if (event.kind === 'warning') context.log('warning', event.message)
  if (event.kind === 'log') context.log(event.info ? 'info' : 'debug', event.message)
  if (event.kind !== 'finished') return
  const { node, result, index, total } = event
  context.progress({ text: node.name, fraction: index / total })
  if (result.status === 'warn' || isFailure(result)) {
    context.log(isFailure(result) ? 'error' : 'warning', `${node.name}: ${result.message ?? result.status}`)
  }
}

function failureOf({ results }: DbtRun): MillraceError | undefined {
  const failed = results.filter(isFailure)
  const [first] = failed
  if (!first) return undefined
  const onlyTests = failed.every(({ resource_type }) => resource_type === 'test')
  const names = failed.map(({ name }) => name).join(', ')
  const cause = first.error ? MillraceError.fromJSON(first.error) : undefined
  const retry = failed.some(({ error }) => error && error.retry !== 'never') ? 'again' : 'never'
  return new MillraceError(onlyTests ? 'MODEL_TEST_FAILED' : 'MODEL_FAILED', `dbt: ${names} failed`, {
    retry,
    hint: `${first.name}: ${first.message ?? first.status}`,
    ...(cause ? { cause } : {}),
    ...(cause?.at ? { at: cause.at } : {}),
    data: { failed: failed.map(({ unique_id }) => unique_id) },
  })
}

function outputOf({ results, warnings }: DbtRun): TaskOutput {
  const tests = results.filter(({ resource_type }) => resource_type === 'test')
  const built = results.filter(({ resource_type, status }) => resource_type !== 'test' && status === 'success')
  const counted = (status: string): number => tests.filter((test) => test.status === status).length
  const rows = built.reduce((all, { rows: written }) => all + (written ?? 0), 0)
  return {
    ...(tests.length > 0 ? { checks: { passed: counted('pass'), failed: 0, warned: counted('warn') } } : {}),
    ...(built.some((node) => node.rows !== undefined) ? { rows } : {}),
    ...(warnings.length > 0 ? { skipped: warnings } : {}),
    datasets: Object.fromEntries(
      built.map(({ name, relation_name: relation, rows: written }) => [
        name,
        {
          ...(relation === null ? {} : { dataset: relation.replaceAll('"', '') }),
          ...(written === undefined ? {} : { rows: written }),
        },
      ]),
    ),
    detail: {
      nodes: results.map(({ unique_id, status, executionMs }) => ({
        id: unique_id,
        status,
        ms: Math.round(executionMs),
      })),
    },
  }
}

/** The schema of the run's target in millrace.yml. */
function targetSchema({ project }: TaskContext): string {
  const targets = project.config.sections['targets'] as Readonly<Record<string, { schema?: string }>> | undefined
  return targets?.[project.target]?.schema ?? (project.engine.dialect === 'postgres' ? 'public' : 'main')
}

type Definite<T> = { [K in keyof T]: Exclude<T[K], undefined> }
function definite<T extends object>(options: T): Definite<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Definite<T>
}
