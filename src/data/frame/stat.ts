import { MillraceError } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import { Frame } from './frame.ts'
import { literalExpr } from './literal.ts'
import { callPlace } from './place.ts'
import type { NamedExpr, Plan } from './plan.ts'
import { columnExpr } from './written-expr.ts'

const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })

/** Statistics of a frame's columns: PySpark's DataFrameStatFunctions. */
export class FrameStatFunctions {
  private readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
  }

  /** Pearson's correlation of two columns; NaN where one does not vary. */
  async corr(a: string, b: string): Promise<number | null> {
    return this.number(call('corr', double(a), double(b)))
  }
  /** The sample covariance of two columns. */
  async cov(a: string, b: string): Promise<number | null> {
    return this.number(call('covar_samp', double(a), double(b)))
  }
  /**
   * Values of a column below which the fractions of its values lie; null and NaN are left out. They are exact, so the
   * error that Spark lets one allow is not asked for; it is taken and ignored.
   */
  async approxQuantile(column: string, probabilities: readonly number[], relativeError?: number): Promise<number[]>
  async approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError?: number,
  ): Promise<number[][]>
  async approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError = 0,
  ): Promise<number[] | number[][]> {
    const wrong = probabilities.find((one) => !(one >= 0 && one <= 1))
    if (wrong !== undefined || !(relativeError >= 0)) {
      throw new MillraceError('OPTION_INVALID', `approxQuantile: ${wrong ?? relativeError} is out of range`, {
        hint: 'Probabilities lie between 0 and 1, the error is 0 or more.',
      })
    }
    const names = typeof columns === 'string' ? [columns] : columns
    const aggregates = names.flatMap((name, c) =>
      probabilities.map((one, i): Expr => {
        const value: Expr = call('nullif', double(name), literalExpr(Number.NaN))
        return { kind: 'alias', name: `q${c}_${i}`, arg: call('percentile_approx', value, literalExpr(one)) }
      }),
    )
    const [row = {}] =
      aggregates.length === 0
        ? []
        : await this.next({ op: 'aggregate', input: this.plan, groups: [], aggregates }).collect()
    const found = names.map((_, c) =>
      probabilities.map((__, i) => row[`q${c}_${i}`]).filter((value): value is number => typeof value === 'number'),
    )
    return typeof columns === 'string' ? (found[0] ?? []) : found
  }
  /** How often each value of a column meets each of another: a row per value of `a`, a column per value of `b`. */
  crosstab(a: string, b: string): Frame {
    const text = (name: string): Expr =>
      call('coalesce', { kind: 'cast', arg: columnExpr(name), to: { kind: 'string' } }, literalExpr('null'))
    const pairs: Plan = {
      op: 'project',
      input: this.plan,
      columns: [
        { kind: 'alias', name: `${a}_${b}`, arg: text(a) },
        { kind: 'alias', name: 'value', arg: text(b) },
      ],
    }
    const counted: Plan = {
      op: 'aggregate',
      input: pairs,
      groups: [{ kind: 'column', name: `\`${a}_${b}\`` }],
      aggregates: [{ kind: 'alias', name: 'count', arg: call('count') }],
      pivot: { column: { kind: 'column', name: 'value' } },
    }
    return this.next({ op: 'na', how: 'fill', value: literalExpr(0), input: counted })
  }
  /**
   * Values of columns that come at least in a fraction of the rows, as one row of arrays `<column>_freqItems`. Null is no
   * such value.
   * @throws MillraceError OPTION_INVALID for a fraction that is not between 0.0001 and 1
   */
  freqItems(columns: readonly string[], support = 0.01): Frame {
    if (!(support >= 1e-4 && support <= 1)) {
      throw new MillraceError('OPTION_INVALID', `freqItems: a support of ${support} is out of range`, {
        hint: 'Give a number from 0.0001 to 1.',
      })
    }
    const rows = call('count')
    const over = (partitionBy: Expr[]): Expr => ({ kind: 'over', fn: rows, partitionBy, orderBy: [] })
    const least = call('multiply', over([]), { kind: 'literal', value: support, type: { kind: 'double' } })
    const values = columns.map((name, i) => ({
      name: `__frequent_${i}`,
      expr: {
        kind: 'case',
        branches: [{ when: call('ge', over([columnExpr(name)]), least), value: columnExpr(name) }],
      },
    })) as NamedExpr[]
    const aggregates = columns.map((name, i): Expr => {
      const arg = call('collect_set', columnExpr(`__frequent_${i}`))
      return { kind: 'alias', name: `${name}_freqItems`, arg }
    })
    const marked: Plan = { op: 'withColumns', input: this.plan, columns: values }
    return this.next({ op: 'aggregate', input: marked, groups: [], aggregates })
  }
  /** A sample by the values of a column: of the rows with a value about its fraction, none of the others. */
  sampleBy(
    column: string,
    fractions: Readonly<Record<string, number>> | readonly (readonly [value: unknown, fraction: number])[],
    seed = 42,
  ): Frame {
    const entries = Array.isArray(fractions) ? fractions : Object.entries(fractions)
    const branches = entries.map(([value, fraction]) => ({
      when: call('eq', columnExpr(column), literalExpr(value)),
      value: { kind: 'literal', value: Number(fraction), type: { kind: 'double' } } as const,
    }))
    const wanted: Expr = { kind: 'case', branches, otherwise: { kind: 'literal', value: 0, type: { kind: 'double' } } }
    return this.next({ op: 'filter', input: this.plan, condition: call('lt', call('rand', literalExpr(seed)), wanted) })
  }

  private async number(value: Expr): Promise<number | null> {
    const aggregates: Expr[] = [{ kind: 'alias', name: 'value', arg: value }]
    const [row] = await this.next({ op: 'aggregate', input: this.plan, groups: [], aggregates }).collect()
    return (row?.['value'] as number | null) ?? null
  }
  private next(plan: Plan): Frame {
    const at = callPlace()
    return new Frame(at ? { ...plan, at } : plan)
  }
}

function double(name: string): Expr {
  return { kind: 'cast', arg: columnExpr(name), to: { kind: 'double' } }
}
