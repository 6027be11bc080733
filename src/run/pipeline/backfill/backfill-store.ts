import { sql } from '../../../base/sql/index.ts'
import { holderOfLease, migrateLeases, type State } from '../../../base/state/index.ts'

const STEPS = [
  `create table pipeline_backfills (
     backfill_id text primary key, pipeline text not null, first_ds text not null, last_ds text not null,
     options text not null, planned bigint not null, status text not null,
     started_at bigint not null, finished_at bigint);
   create table pipeline_backfill_runs (
     backfill_id text not null, interval_start text not null, ds text not null, run_id text, status text not null,
     ms bigint not null, row_count bigint not null, error text, primary key (backfill_id, interval_start))`,
]

/** How an interval ended in a backfill; `busy` when another process had it, `refused` when its run could not begin. */
export type IntervalStatus = 'success' | 'failed' | 'cancelled' | 'busy' | 'refused'

/** How a backfill ended, or `running`; `interrupted` when its process went away. */
export type BackfillStatus = 'running' | 'success' | 'failed' | 'cancelled' | 'interrupted'

/** A backfill as it is remembered. */
export interface BackfillRecord {
  readonly backfillId: string
  readonly pipeline: string
  /** The first and the last day of the range. */
  readonly from: string
  readonly to: string
  /** How many intervals it set out to run. */
  readonly planned: number
  /** How many of them have ended, and how many well. */
  readonly ended: number
  readonly succeeded: number
  readonly status: BackfillStatus
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly finishedAt?: number
}

/** One interval of a backfill as it is remembered. */
export interface BackfillRunRecord {
  readonly start: string
  readonly ds: string
  readonly runId?: string
  readonly status: IntervalStatus
  readonly ms: number
  readonly rows: number
  /** The code and message of what failed. */
  readonly error?: string
}

interface BackfillRow {
  backfill_id: string
  pipeline: string
  first_ds: string
  last_ds: string
  planned: number
  status: BackfillStatus
  started_at: number
  finished_at: number | null
  ended: number
  succeeded: number
}

interface RunRow {
  interval_start: string
  ds: string
  run_id: string | null
  status: IntervalStatus
  ms: number
  row_count: number
  error: string | null
}

/** The lease a backfill holds while its process lives. */
export const backfillLease = (backfillId: string): string => `pipeline_backfill:${backfillId}`

/** Backfills in the metadata database. What counts for resumption are the runs; this is for people. */
export class BackfillStore {
  readonly #state: State

  private constructor(state: State) {
    this.#state = state
  }

  static async open(state: State): Promise<BackfillStore> {
    await migrateLeases(state)
    await state.migrate('pipeline_backfills', STEPS)
    return new BackfillStore(state)
  }

  async begin(
    backfill: Pick<BackfillRecord, 'backfillId' | 'pipeline' | 'from' | 'to' | 'planned' | 'startedAt'>,
    options: object,
  ): Promise<void> {
    const { backfillId, pipeline, from, to, planned, startedAt } = backfill
    await this.#state.write((tx) =>
      tx.run(sql`
        insert into pipeline_backfills
          (backfill_id, pipeline, first_ds, last_ds, options, planned, status, started_at)
        values (${backfillId}, ${pipeline}, ${from}, ${to}, ${JSON.stringify(options)}, ${planned}, 'running', ${startedAt})`),
    )
  }

  async note(backfillId: string, run: BackfillRunRecord): Promise<void> {
    await this.#state.write((tx) =>
      tx.run(sql`
        insert into pipeline_backfill_runs (backfill_id, interval_start, ds, run_id, status, ms, row_count, error)
        values (${backfillId}, ${run.start}, ${run.ds}, ${run.runId ?? null}, ${run.status}, ${Math.round(run.ms)},
          ${run.rows}, ${run.error ?? null})`),
    )
  }

  async end(backfillId: string, status: BackfillStatus): Promise<void> {
    await this.#state.write((tx) =>
      tx.run(sql`
        update pipeline_backfills set status = ${status}, finished_at = ${Date.now()} where backfill_id = ${backfillId}`),
    )
  }

  /** Backfills, newest first: of one pipeline, or one by its id. */
  async list(only: { pipeline?: string; backfillId?: string; limit?: number } = {}): Promise<BackfillRecord[]> {
    const { pipeline, backfillId, limit = 50 } = only
    const rows = await this.#state.read<BackfillRow>(sql`
      select b.*,
        (select count(*) from pipeline_backfill_runs r where r.backfill_id = b.backfill_id) as ended,
        (select count(*) from pipeline_backfill_runs r where r.backfill_id = b.backfill_id and r.status = 'success')
          as succeeded
      from pipeline_backfills b where true
        ${pipeline === undefined ? sql`` : sql`and b.pipeline = ${pipeline}`}
        ${backfillId === undefined ? sql`` : sql`and b.backfill_id = ${backfillId}`}
      order by b.started_at desc, b.backfill_id desc limit ${limit}`)
    return Promise.all(rows.map((row) => this.#record(row)))
  }

  /** The intervals of a backfill that have ended, oldest first. */
  async runs(backfillId: string): Promise<BackfillRunRecord[]> {
    const rows = await this.#state.read<RunRow>(sql`
      select * from pipeline_backfill_runs where backfill_id = ${backfillId} order by interval_start`)
    return rows.map(({ interval_start, ds, run_id, status, ms, row_count, error }) => ({
      start: interval_start,
      ds,
      status,
      ms: Number(ms),
      rows: Number(row_count),
      ...(run_id === null ? {} : { runId: run_id }),
      ...(error === null ? {} : { error }),
    }))
  }

  async #record(row: BackfillRow): Promise<BackfillRecord> {
    const gone = row.status === 'running' && !(await holderOfLease(this.#state, backfillLease(row.backfill_id)))
    return {
      backfillId: row.backfill_id,
      pipeline: row.pipeline,
      from: row.first_ds,
      to: row.last_ds,
      planned: Number(row.planned),
      ended: Number(row.ended),
      succeeded: Number(row.succeeded),
      status: gone ? 'interrupted' : row.status,
      startedAt: Number(row.started_at),
      ...(row.finished_at === null ? {} : { finishedAt: Number(row.finished_at) }),
    }
  }
}
