import { formatType, type Schema } from '../../base/kernel/index.ts'
import type { ExplainMode, ExplainOptions, ShowOptions } from './actions.ts'
import { callPlace, locatedAt } from './place.ts'
import type { Plan } from './plan.ts'
import { currentSession } from './session.ts'
import { wholeNumber } from './whole-number.ts'
import { FrameWriter } from './writer.ts'
import { FrameWriterV2 } from './writer-v2.ts'

// What executes is loaded when the first action does: building plans must stay quick.
const act = () => import('./actions.ts')

/** Carries out an action; an error that no step can be told for, such as one of values, gets the line of the action. */
function acted<T>(work: (actions: Awaited<ReturnType<typeof act>>) => Promise<T>): Promise<T> {
  const at = callPlace()
  return act()
    .then(work)
    .catch((thrown: unknown) => {
      throw locatedAt(thrown, at)
    })
}

/** What computes: `collect`, `show`, `count`, `explain`, `schema`, `write` and the like. */
export abstract class FrameActions<R> {
  declare private readonly row?: R
  /** What it computes, as plain JSON. */
  readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
  }

  /** All rows. Longs are `bigint`, decimals, dates and timestamps text. */
  collect(): Promise<R[]> {
    return acted((actions) => actions.collect<R>(this.plan))
  }
  /** The first `count` rows. */
  take(count: number): Promise<R[]> {
    return acted((actions) => actions.collect<R>(limited(this.plan, { count: wholeNumber(count, 'take') })))
  }
  /** The first row (undefined when there is none), or with a number the first rows. */
  head(): Promise<R | undefined>
  head(count: number): Promise<R[]>
  head(count?: number): Promise<R | undefined | R[]> {
    return count === undefined ? this.first() : this.take(count)
  }
  /** The first row; undefined when there is none. */
  async first(): Promise<R | undefined> {
    return (await this.take(1))[0]
  }
  /** The last `count` rows. */
  async tail(count: number): Promise<R[]> {
    return acted(async (actions) => {
      const rows = await actions.count(this.plan)
      const offset = Math.max(0, rows - wholeNumber(count, 'tail'))
      return actions.collect<R>(limited(this.plan, { offset }))
    })
  }
  /** The rows one after the other, with no more than a chunk of them in memory; leaving the loop stops the query. */
  async *toIterator(): AsyncGenerator<R, void, undefined> {
    const at = callPlace()
    try {
      yield* (await act()).iterate<R>(this.plan)
    } catch (thrown) {
      throw locatedAt(thrown, at)
    }
  }
  /** The same as `toIterator`. */
  toLocalIterator(): AsyncGenerator<R, void, undefined> {
    return this.toIterator()
  }
  /** Calls a function for each row, one after the other. */
  async foreach(work: (row: R) => void | Promise<void>): Promise<void> {
    for await (const row of this.toIterator()) await work(row)
  }
  /** Calls a function once with the rows of the one partition there is. */
  async foreachPartition(work: (rows: AsyncIterable<R>) => void | Promise<void>): Promise<void> {
    await work(this.toIterator())
  }
  /** The number of rows. */
  count(): Promise<number> {
    return acted((actions) => actions.count(this.plan))
  }
  async isEmpty(): Promise<boolean> {
    return (await this.take(1)).length === 0
  }
  /**
   * Prints the first rows (20 when not said) as a table: `show(5)`, `show(5, false)` without cutting long cells,
   * `show(5, { vertical: true })`.
   */
  show(rows?: number, truncate: number | boolean | ShowOptions = {}, vertical = false): Promise<void> {
    const options = typeof truncate === 'object' ? truncate : { truncate, vertical }
    const count = rows === undefined ? rows : wholeNumber(rows, 'show')
    return acted((actions) => actions.show(this.plan, count, options))
  }
  /**
   * Prints the plan as a tree, and the SQL that it becomes; also the engine's own plan with `true` or the mode
   * `extended`, and the SQL alone with `codegen`.
   */
  explain(options: ExplainOptions | ExplainMode | boolean = {}): Promise<void> {
    const given =
      typeof options === 'object' ? options : typeof options === 'string' ? { mode: options } : { extended: options }
    return acted((actions) => actions.explain(this.plan, given))
  }
  /** The columns with their types. */
  schema(): Promise<Schema> {
    return acted((actions) => actions.schema(this.plan))
  }
  /** Prints the columns as a tree, with their members down to a level. */
  printSchema(level?: number): Promise<void> {
    return acted((actions) => actions.printSchema(this.plan, level))
  }
  async columns(): Promise<string[]> {
    return (await this.schema()).fields.map((field) => field.name)
  }
  /** The names of the columns with their types as Spark writes them. */
  async dtypes(): Promise<[name: string, type: string][]> {
    return (await this.schema()).fields.map((field) => [field.name, formatType(field.type)])
  }
  /** The addresses of the files that the frame reads by their paths; those of Delta tables are not told. */
  async inputFiles(): Promise<string[]> {
    const { inputFiles } = await import('./read/input-files.ts')
    return inputFiles(this.plan, await currentSession())
  }
  /** The rows as an Arrow IPC stream. @throws MillraceError DEPENDENCY_MISSING without apache-arrow */
  toArrow(): Promise<Uint8Array> {
    return acted((actions) => actions.toArrow(this.plan))
  }
  /** Starts a write: `frame.write.mode('overwrite').partitionBy('date').parquet('lake://daily')`. */
  get write(): FrameWriter {
    return new FrameWriter(this.plan)
  }
  /** Starts a write to a table: `frame.writeTo('marts.daily').createOrReplace()`. */
  writeTo(table: string): FrameWriterV2 {
    return new FrameWriterV2(this.plan, table)
  }

  /** The plan, for `JSON.stringify`. */
  toJSON(): Plan {
    return this.plan
  }
}

/** The step that is written nowhere in the user's program but in the action's name. */
function limited(input: Plan, rows: { readonly count?: number; readonly offset?: number }): Plan {
  const at = callPlace()
  return { op: 'limit', input, ...rows, ...(at ? { at } : {}) }
}
