import type { ErrorJson } from '../../../base/kernel/index.ts'
import { list, type Sql, sql } from '../../../base/sql/index.ts'
import { migrateLeases, type State } from '../../../base/state/index.ts'
import type { RunStatus, TaskOutput, TaskStatus } from '../contract.ts'
import type { PipelineGraph } from '../graph.ts'
import type { Interval } from '../schedule/interval.ts'

const STEPS = [
  `create table pipeline_runs (
     run_id text primary key, pipeline text not null, ds text not null,
     interval_start text not null, interval_end text not null, status text not null,
     graph text not null, only_tasks text, started_at bigint not null, finished_at bigint, error text);
   create index pipeline_runs_interval on pipeline_runs (pipeline, interval_start);
   create table pipeline_tries (
     run_id text not null, task text not null, try_number integer not null, status text not null,
     started_at bigint not null, finished_at bigint, output text, error text,
     primary key (run_id, task, try_number))`,
]

/** A run as it is remembered. */
export interface RunRecord {
  readonly runId: string
  readonly interval: Interval
  readonly status: RunStatus
  /** The graph it began with. */
  readonly graph: PipelineGraph
  /** The tasks it is limited to. */
  readonly only?: readonly string[]
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly finishedAt?: number
  readonly error?: ErrorJson
}

/** A run without its graph. */
export type RunHead = Pick<RunRecord, 'runId' | 'interval' | 'status' | 'startedAt' | 'finishedAt'>

/** One try of a task as it is remembered. */
export interface TryRecord {
  readonly task: string
  readonly tryNumber: number
  readonly status: TaskStatus | 'running'
  readonly startedAt: number
  readonly finishedAt?: number
  readonly output?: TaskOutput
  readonly error?: ErrorJson
}

interface RunRow {
  run_id: string
  ds: string
  interval_start: string
  interval_end: string
  status: RunStatus
  graph: string
  only_tasks: string | null
  started_at: number
  finished_at: number | null
  error: string | null
}

interface TryRow {
  task: string
  try_number: number
  status: TaskStatus | 'running'
  started_at: number
  finished_at: number | null
  output: string | null
  error: string | null
}

/** Runs and tries in the metadata database. Each write is durable when it resolves. */
export class RunStore {
  readonly #state: State

  private constructor(state: State) {
    this.#state = state
  }

  static async open(state: State): Promise<RunStore> {
    await migrateLeases(state)
    await state.migrate('pipeline', STEPS)
    return new RunStore(state)
  }

  async begin(run: Omit<RunRecord, 'status'>): Promise<void> {
    const { runId, graph, interval, only, startedAt } = run
    await this.#run(sql`
      insert into pipeline_runs (run_id, pipeline, ds, interval_start, interval_end, status, graph, only_tasks, started_at)
      values (${runId}, ${graph.id}, ${interval.ds}, ${interval.start}, ${interval.end}, 'running',
        ${JSON.stringify(graph)}, ${only ? JSON.stringify(only) : null}, ${startedAt})`)
  }

  /** A run goes on that had ended, or whose process was gone. Tries that were cut off are closed. */
  async reopen(runId: string): Promise<void> {
    const lost: ErrorJson = { code: 'CANCELLED', message: 'the process of this try went away', retry: 'again' }
    await this.#state.write(async (tx) => {
      await tx.run(
        sql`update pipeline_runs set status = 'running', finished_at = null, error = null where run_id = ${runId}`,
      )
      await tx.run(sql`
        update pipeline_tries set status = 'cancelled', finished_at = ${Date.now()}, error = ${JSON.stringify(lost)}
        where run_id = ${runId} and status = 'running'`)
    })
  }

  async end(runId: string, status: Exclude<RunStatus, 'running'>, error?: ErrorJson): Promise<void> {
    await this.#run(sql`
      update pipeline_runs set status = ${status}, finished_at = ${Date.now()}, error = ${error ? JSON.stringify(error) : null}
      where run_id = ${runId}`)
  }

  async beginTry(runId: string, task: string, tryNumber: number): Promise<void> {
    await this.#run(sql`
      insert into pipeline_tries (run_id, task, try_number, status, started_at)
      values (${runId}, ${task}, ${tryNumber}, 'running', ${Date.now()})`)
  }

  async endTry(
    runId: string,
    task: string,
    tryNumber: number,
    status: TaskStatus,
    { output, error }: { output?: TaskOutput; error?: ErrorJson },
  ): Promise<void> {
    await this.#run(sql`
      update pipeline_tries set status = ${status}, finished_at = ${Date.now()},
        output = ${output ? JSON.stringify(output) : null}, error = ${error ? JSON.stringify(error) : null}
      where run_id = ${runId} and task = ${task} and try_number = ${tryNumber}`)
  }

  async find(runId: string): Promise<RunRecord | undefined> {
    const [row] = await this.#state.read<RunRow>(sql`select * from pipeline_runs where run_id = ${runId}`)
    return row && runOf(row)
  }

  /** Runs of a pipeline, newest first; of one interval when its start is given. */
  async runs(
    pipeline: string,
    {
      intervalStart,
      status,
      limit = 100,
    }: { intervalStart?: string; status?: readonly RunStatus[]; limit?: number } = {},
  ): Promise<RunRecord[]> {
    const rows = await this.#state.read<RunRow>(sql`
      select * from pipeline_runs where pipeline = ${pipeline}
        ${intervalStart === undefined ? sql`` : sql`and interval_start = ${intervalStart}`}
        ${status === undefined ? sql`` : sql`and status in ${list(status)}`}
      order by started_at desc, run_id desc limit ${limit}`)
    return rows.map(runOf)
  }

  /** The newest whole run of the latest interval before another. */
  async runBefore(pipeline: string, intervalStart: string): Promise<RunRecord | undefined> {
    const [row] = await this.#state.read<RunRow>(sql`
      select * from pipeline_runs where pipeline = ${pipeline} and interval_start < ${intervalStart} and only_tasks is null
      order by interval_start desc, started_at desc, run_id desc limit 1`)
    return row && runOf(row)
  }

  /** The newest run as a whole of each interval that starts between two, both included, by the interval's start. */
  async latest(pipeline: string, first: string, last: string): Promise<Map<string, RunHead>> {
    const rows = await this.#state.read<Omit<RunRow, 'graph' | 'error' | 'only_tasks'>>(sql`
      select run_id, ds, interval_start, interval_end, status, started_at, finished_at from pipeline_runs
      where pipeline = ${pipeline} and interval_start >= ${first} and interval_start <= ${last} and only_tasks is null
      order by started_at, run_id`)
    return new Map(rows.map((row) => [row.interval_start, headOf(row)]))
  }

  /** The outputs of the tasks that succeeded in a run, by task. */
  async outputs(runId: string): Promise<Map<string, TaskOutput>> {
    const tries = await this.tries(runId)
    return new Map(tries.flatMap(({ task, status, output }) => (status === 'success' ? [[task, output ?? {}]] : [])))
  }

  /** The tries of a run, in the order they began. */
  async tries(runId: string): Promise<TryRecord[]> {
    const rows = await this.#state.read<TryRow>(sql`
      select * from pipeline_tries where run_id = ${runId} order by started_at, task, try_number`)
    return rows.map(tryOf)
  }

  /** The output of the newest success of each task for an interval, in whichever run it was. */
  async lastOutputs(pipeline: string, intervalStart: string): Promise<Map<string, TaskOutput>> {
    const rows = await this.#state.read<TryRow>(sql`
      select t.* from pipeline_tries t join pipeline_runs r on r.run_id = t.run_id
      where r.pipeline = ${pipeline} and r.interval_start = ${intervalStart} and t.status = 'success'
      order by t.finished_at, t.started_at`)
    return new Map(rows.map((row) => [row.task, tryOf(row).output ?? {}]))
  }

  async #run(query: Sql): Promise<void> {
    await this.#state.write((tx) => tx.run(query))
  }
}

function headOf(row: Omit<RunRow, 'graph' | 'error' | 'only_tasks'>): RunHead {
  return {
    runId: row.run_id,
    interval: { start: row.interval_start, end: row.interval_end, ds: row.ds },
    status: row.status,
    startedAt: row.started_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  }
}

function runOf(row: RunRow): RunRecord {
  return {
    ...headOf(row),
    graph: JSON.parse(row.graph) as PipelineGraph,
    ...(row.only_tasks === null ? {} : { only: JSON.parse(row.only_tasks) as string[] }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as ErrorJson }),
  }
}

function tryOf(row: TryRow): TryRecord {
  return {
    task: row.task,
    tryNumber: row.try_number,
    status: row.status,
    startedAt: row.started_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(row.output === null ? {} : { output: JSON.parse(row.output) as TaskOutput }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as ErrorJson }),
  }
}
