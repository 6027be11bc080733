import { writeFrame } from './execute.ts'
import { callPlace, locatedAt, misused } from './place.ts'
import type { FileFormat, Plan, ReadOptions } from './plan.ts'
import { currentSession } from './session.ts'
import { checkMode, type WriteMode, type WriteOutcome, type WriteTarget } from './write/write-target.ts'

type Settings = Pick<WriteTarget, 'mode' | 'partitionBy' | 'options' | 'format'>

/** Writes a frame: PySpark's DataFrameWriter. Immutable; the last word (`parquet`, `delta`, `saveAsTable` …) executes. */
export class FrameWriter {
  private readonly plan: Plan
  private readonly settings: Settings

  constructor(plan: Plan, settings: Settings = {}) {
    this.plan = plan
    this.settings = settings
  }

  /** What happens to data that is there: `overwrite`, `append`, `ignore` or `error` (the default). @throws OPTION_INVALID */
  mode(mode: WriteMode): FrameWriter {
    return this.with({ mode: checkMode(mode) })
  }
  format(format: FileFormat): FrameWriter {
    return this.with({ format })
  }
  /** Columns whose values become folders: `date=2024-01-31/`. */
  partitionBy(...columns: readonly (string | readonly string[])[]): FrameWriter {
    return this.with({ partitionBy: columns.flat() })
  }
  /** Refused, with what to do instead. @throws MillraceError ENGINE_UNSUPPORTED */
  bucketBy(_buckets: number, ..._columns: readonly (string | readonly string[])[]): never {
    throw misused(
      'ENGINE_UNSUPPORTED',
      'bucketBy: no engine here writes or reads buckets',
      'partitionBy(…) makes folders by a column; the options maxRecordsPerFile and targetFileSize split files.',
    )
  }
  /** Refused, with what to do instead. @throws MillraceError ENGINE_UNSUPPORTED */
  sortBy(..._columns: readonly (string | readonly string[])[]): never {
    throw misused(
      'ENGINE_UNSUPPORTED',
      'sortBy: it sorts buckets, which no engine here writes or reads',
      'Sort the rows before the write: frame.orderBy(…).write.',
    )
  }
  option(name: string, value: string | number | boolean): FrameWriter {
    return this.options({ [name]: value })
  }
  options(options: ReadOptions): FrameWriter {
    return this.with({ options: { ...this.settings.options, ...options } })
  }

  parquet(path: string): Promise<WriteOutcome> {
    return this.to({ format: 'parquet', path })
  }
  csv(path: string, options: ReadOptions = {}): Promise<WriteOutcome> {
    return this.options(options).to({ format: 'csv', path })
  }
  json(path: string): Promise<WriteOutcome> {
    return this.to({ format: 'json', path })
  }
  /** One column of text, a line a row. */
  text(path: string, options: ReadOptions = {}): Promise<WriteOutcome> {
    return this.options(options).to({ format: 'text', path })
  }
  delta(path: string): Promise<WriteOutcome> {
    return this.to({ format: 'delta', path })
  }
  /** Writes by `format(…)`, Parquet when it was not said. */
  save(path: string): Promise<WriteOutcome> {
    return this.to({ path })
  }
  /** Writes to a dataset of the project (`marts.daily`), or to a table of the engine. */
  saveAsTable(dataset: string): Promise<WriteOutcome> {
    return this.to({ dataset })
  }
  /** Adds the rows to a table, by column names. */
  insertInto(dataset: string): Promise<WriteOutcome> {
    return this.with({ mode: this.settings.mode ?? 'append' }).to({ dataset })
  }

  private with(settings: Settings): FrameWriter {
    return new FrameWriter(this.plan, { ...this.settings, ...settings })
  }
  private async to(target: WriteTarget): Promise<WriteOutcome> {
    const at = callPlace()
    try {
      return await writeFrame(await currentSession(), { plan: this.plan }, { ...this.settings, ...target })
    } catch (thrown) {
      throw locatedAt(thrown, at)
    }
  }
}
