import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import { writeFrame } from './execute.ts'
import type { FileFormat, Plan, ReadOptions } from './plan.ts'
import { currentSession } from './session.ts'
import type { WriteMode, WriteOutcome, WriteTarget } from './write/write-target.ts'

type Settings = Pick<WriteTarget, 'partitionBy' | 'options' | 'format'>

/** Writes a frame to a table by what shall become of the table: PySpark's DataFrameWriterV2. Immutable; its last word executes. */
export class FrameWriterV2 {
  private readonly plan: Plan
  private readonly dataset: string
  private readonly settings: Settings

  constructor(plan: Plan, dataset: string, settings: Settings = {}) {
    this.plan = plan
    this.dataset = dataset
    this.settings = settings
  }

  /** The format of a table that is made. */
  using(format: FileFormat): FrameWriterV2 {
    return this.with({ format })
  }
  option(name: string, value: string | number | boolean): FrameWriterV2 {
    return this.options({ [name]: value })
  }
  options(options: ReadOptions): FrameWriterV2 {
    return this.with({ options: { ...this.settings.options, ...options } })
  }
  /** Columns whose values become partitions of a table that is made. */
  partitionedBy(...columns: readonly string[]): FrameWriterV2 {
    return this.with({ partitionBy: columns })
  }

  /** Makes the table, which must not be there. @throws MillraceError WRITE_EXISTS */
  create(): Promise<WriteOutcome> {
    return this.to('error')
  }
  /** Puts the rows in place of those of the table, which must be there. */
  async replace(): Promise<WriteOutcome> {
    await this.schema()
    return this.to('overwrite')
  }
  /** Puts the rows in place of those of the table, or makes it. */
  createOrReplace(): Promise<WriteOutcome> {
    return this.to('overwrite')
  }
  /** Adds the rows to the table, which must be there. */
  async append(): Promise<WriteOutcome> {
    await this.schema()
    return this.to('append')
  }
  /** Puts the rows in place of the table's partitions that they are in; the table must be there, and have partitions. */
  async overwritePartitions(): Promise<WriteOutcome> {
    await this.schema()
    return this.options({ partitionOverwriteMode: 'dynamic' }).to('overwrite')
  }

  /** The columns of the table. @throws MillraceError when there is none */
  private async schema(): Promise<Schema> {
    const { schema } = await import('./actions.ts')
    try {
      return await schema({ op: 'table', name: this.dataset })
    } catch (cause) {
      throw new MillraceError('TABLE_NOT_FOUND', `writing to ${this.dataset}, which is not there`, {
        cause,
        hint: 'Use create() or createOrReplace().',
      })
    }
  }
  private with(settings: Settings): FrameWriterV2 {
    return new FrameWriterV2(this.plan, this.dataset, { ...this.settings, ...settings })
  }
  private async to(mode: WriteMode): Promise<WriteOutcome> {
    return writeFrame(await currentSession(), { plan: this.plan }, { ...this.settings, dataset: this.dataset, mode })
  }
}
