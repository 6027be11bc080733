import { z } from 'zod'
import { type Json, MillraceError, type Row } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { type Check, type Column, defineExpectation, type Verdict } from '../expectation.ts'
import { columnName, valueSet } from '../kwargs.ts'
import { familyOf, toJson, toNumber } from '../literal.ts'

const weights = z.array(z.number().min(0))
const edge = z.union([
  z.number(),
  z.enum(['-Infinity', '-inf']).transform(() => Number.NEGATIVE_INFINITY),
  z.enum(['Infinity', 'inf']).transform(() => Number.POSITIVE_INFINITY),
])
const partition = z.union([
  z.strictObject({ values: valueSet, weights }),
  z.strictObject({ bins: z.array(edge).min(2), weights, tail_weights: z.tuple([z.number(), z.number()]).optional() }),
])
const holdout = z.number().min(0).max(1).default(0)
type Bins = Extract<z.output<typeof partition>, { bins: unknown }>

export default defineExpectation({
  type: 'expect_column_kl_divergence_to_be_less_than',
  summary: 'The distribution of the values differs from an expected one by at most this (Kullback-Leibler, in nats).',
  kwargs: z.strictObject({
    column: columnName,
    partition_object: partition.optional(),
    threshold: z.number().min(0).optional(),
    tail_weight_holdout: holdout,
    internal_weight_holdout: holdout,
    bucketize_data: z.boolean().default(true),
  }),
  check: ({ column: name, partition_object: expected, threshold, ...holdouts }, on) => {
    const column = on.column(name)
    // Great Expectations takes the distribution of the column itself then.
    if (expected === undefined) return { kind: 'schema', verdict: { success: true, observed_value: 0 } }
    const total = sum([...expected.weights, ...('bins' in expected ? (expected.tail_weights ?? []) : [])])
    if (Math.abs(total - 1) > 1e-5) throw refused(`the weights of partition_object add up to ${total}, not to 1`)
    if ('bins' in expected) return ofBins(column, expected, threshold, holdouts)
    if (expected.values.length !== expected.weights.length) throw refused('values and weights differ in length')
    if (holdouts.internal_weight_holdout > 0) throw refused('internal_weight_holdout is for bins, not for values')
    return {
      kind: 'query',
      query: (relation) =>
        sql`select ${column.sql} as value, count(*) as tally from ${relation}
          where ${column.sql} is not null group by 1 order by 1`,
      judge: (rows) => judgeValues(column, rows, expected, threshold, holdouts.tail_weight_holdout),
    }
  },
})

function judgeValues(
  column: Column,
  rows: readonly Row[],
  expected: { values: readonly Json[]; weights: readonly number[] },
  threshold: number | undefined,
  holdout: number,
): Verdict {
  const present = sum(rows.map((row) => toNumber(row.tally) ?? 0))
  const observed = new Map<string, { value: Json; weight: number }>()
  for (const row of rows) {
    const value = toJson(row.value, column.type)
    observed.set(JSON.stringify(value), { value, weight: (toNumber(row.tally) ?? 0) / present })
  }
  const known = new Set(expected.values.map((value) => JSON.stringify(value)))
  const unforeseen = [...observed].filter(([key]) => !known.has(key)).map(([, { value }]) => value)
  const values = [...expected.values, ...unforeseen]
  const p = values.map((value) => observed.get(JSON.stringify(value))?.weight ?? 0)
  const scale = unforeseen.length > 0 ? 1 - holdout : 1
  const q = [...expected.weights.map((weight) => weight * scale), ...unforeseen.map(() => holdout / unforeseen.length)]
  return verdict(p, q, threshold, {
    observed_partition: { values, weights: p },
    expected_partition: { values, weights: q },
  })
}

function ofBins(
  column: Column,
  { bins, weights: stated, tail_weights: tails }: Bins,
  threshold: number | undefined,
  holdouts: { tail_weight_holdout: number; internal_weight_holdout: number; bucketize_data: boolean },
): Check {
  const { tail_weight_holdout: tail, internal_weight_holdout: internal } = holdouts
  if (familyOf(column.type) !== 'number' && column.type.kind !== 'boolean')
    throw refused(`"${column.name}" (${column.type.kind}) cannot be put into bins`)
  if (!holdouts.bucketize_data) throw refused('bins need bucketize_data')
  if (stated.length !== bins.length - 1) throw refused('there must be one bin edge more than weights')
  if (bins.some((bin, index) => index > 0 && bin <= (bins[index - 1] ?? bin))) throw refused('bins must rise')
  if (tails && tail > 0) throw refused('tail_weight_holdout must be 0 beside tail_weights')
  const [openLow, openHigh] = [bins[0] === Number.NEGATIVE_INFINITY, bins.at(-1) === Number.POSITIVE_INFINITY]
  if (tails && (openLow || openHigh)) throw refused('there are no tail_weights beyond an infinite edge')
  if (tail > 0 && openLow && openHigh) throw refused('there is no tail_weight_holdout beyond infinite edges')
  const zeros = stated.filter((weight) => weight === 0).length
  const scaled = stated.map((weight) =>
    weight === 0 && internal > 0 ? internal / zeros : weight * (1 - tail - internal),
  )
  const number = column.type.kind === 'boolean' ? sql`cast(${column.sql} as integer)` : column.sql
  const value = sql`cast(${number} as double precision)`
  const at = (index: number) => sql`cast(${String(bins[index])} as double precision)`
  const last = bins.length - 2
  const counted = stated.map((_, index) => {
    const below = index === last ? sql`${value} <= ${at(index + 1)}` : sql`${value} < ${at(index + 1)}`
    return [`bin${index}`, sql`count(*) filter (where ${value} >= ${at(index)} and ${below})`] as const
  })
  const measures = {
    ...Object.fromEntries(counted),
    present: sql`count(${column.sql})`,
    below: sql`count(*) filter (where ${value} < ${at(0)})`,
    above: sql`count(*) filter (where ${value} > ${at(bins.length - 1)})`,
  }
  return {
    kind: 'aggregate',
    measures,
    judge: (seen) => {
      const share = (name: string) => (toNumber(seen[name]) ?? 0) / (toNumber(seen.present) ?? 0)
      const told = (weight: number) => toJson(Number.isNaN(weight) ? null : weight)
      const inner = stated.map((_, index) => share(`bin${index}`))
      const expectedTails = tails ?? (openLow || openHigh ? [tail, tail] : [tail / 2, tail / 2])
      const p = [...(openLow ? [] : [share('below')]), ...inner, ...(openHigh ? [] : [share('above')])]
      const q = [...(openLow ? [] : [expectedTails[0]]), ...scaled, ...(openHigh ? [] : [expectedTails[1]])]
      // An infinite edge makes its bin the tail.
      const edges = bins.slice(openLow ? 1 : 0, openHigh ? -1 : undefined)
      const shown = (all: readonly number[]) => ({
        bins: edges,
        weights: all.slice(1, -1).map(told),
        tail_weights: [told(all[0] ?? 0), told(all.at(-1) ?? 0)],
      })
      return verdict(p, q, threshold, { observed_partition: shown(p), expected_partition: shown(q) })
    },
  }
}

function verdict(p: readonly number[], q: readonly number[], threshold: number | undefined, details: Json): Verdict {
  const divergence = entropy(p, q)
  return {
    success: threshold === undefined || divergence <= threshold,
    observed_value: Number.isFinite(divergence) ? divergence : null,
    details,
  }
}

/** Σ p ln(p / q) of the normalized weights; infinite where something occurs that was thought impossible. */
function entropy(p: readonly number[], q: readonly number[]): number {
  const [all, expected] = [sum(p), sum(q)]
  return sum(
    p.map((weight, index) => {
      const share = weight / all
      return share === 0 ? 0 : share * Math.log(share / ((q[index] ?? 0) / expected))
    }),
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function refused(what: string): MillraceError {
  return new MillraceError('EXPECTATION_INVALID', what, {
    hint: 'partition_object is {values, weights}, or {bins, weights, tail_weights} with weights that add up to 1.',
  })
}
