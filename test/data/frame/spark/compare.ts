import type { Answer, AnswerRow, SparkCase } from './spark-case.ts'

/** How the two answers differ, in a few words; undefined when they are equal, or both refuse. */
export function difference(spark: Answer, ours: Answer, given: SparkCase): string | undefined {
  if ('error' in spark || 'error' in ours) {
    if ('error' in spark && 'error' in ours) return undefined
    // What Spark refuses for every row and we refuse as a whole is refused by both.
    const [one, other] = 'error' in spark ? [spark, ours] : [ours, spark]
    if ('rows' in other && other.rows.length > 0 && other.rows.every((row) => 'error' in row)) return undefined
    return 'error' in spark
      ? `Spark refuses (${spark.error}), and we answer ${JSON.stringify('rows' in ours ? ours.rows.slice(0, 3) : '')}`
      : `Spark answers ${JSON.stringify(spark.rows.slice(0, 3))}, and we refuse: ${'error' in one ? one.error : ''}`
  }
  const schemas = [spark.schema, ours.schema].map((fields) =>
    fields.map(([name, type]) => `${name} ${type}`).join(', '),
  )
  if (schemas[0] !== schemas[1]) return `schema: Spark has ${schemas[0]}, and we have ${schemas[1]}`
  if (spark.rows.length !== ours.rows.length)
    return `Spark has ${spark.rows.length} rows, and we have ${ours.rows.length}`
  const types = spark.schema.map(([, type]) => type)
  const sorted = (rows: readonly AnswerRow[]) =>
    given.ordered || given.eachRow ? rows : rows.toSorted((a, b) => (sortText(a) < sortText(b) ? -1 : 1))
  const [theirs, mine] = [sorted(spark.rows), sorted(ours.rows)]
  const wrong = theirs.flatMap((row, i) =>
    sameRow(row, mine[i] ?? [], types, given.approximate === true)
      ? []
      : [`Spark ${JSON.stringify(row)}, we ${JSON.stringify(mine[i])}`],
  )
  return wrong.length === 0 ? undefined : `${wrong.length} rows: ${wrong.slice(0, 3).join('; ')}`
}

/** Doubles by few digits, so that a last digit does not change the order. */
function sortText(row: AnswerRow): string {
  // Of rows that are nearly equal the exact ones decide.
  const exact = JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'string' ? (numberOf(value) ?? value) : value,
  )
  const rough = JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'number'
      ? value.toPrecision(14)
      : typeof value === 'string'
        ? (numberOf(value)?.toPrecision(14) ?? momentText(value))
        : value,
  )
  // Texts may be of more digits than numbers have.
  return `${rough} ${exact} ${JSON.stringify(row)}`
}

function sameRow(spark: AnswerRow, ours: AnswerRow, types: readonly string[], approximate: boolean): boolean {
  if ('error' in spark || 'error' in ours) return 'error' in spark && 'error' in ours
  return spark.every((value, i) => same(value, ours[i], approximate, types[i] ?? ''))
}

function same(spark: unknown, ours: unknown, approximate: boolean, type: string): boolean {
  if (spark === ours) return true
  if (Array.isArray(spark) && Array.isArray(ours)) {
    return spark.length === ours.length && spark.every((item, i) => same(item, ours[i], approximate, type))
  }
  const [one, other] = [numberOf(spark), numberOf(ours)]
  if (typeof spark === 'number' || typeof ours === 'number') {
    if (one === undefined || other === undefined) return false
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true
    if (type.includes('float') && Math.fround(one) === Math.fround(other)) return true
    return approximate && Math.abs(one - other) <= 1e-12 * Math.max(Math.abs(one), Math.abs(other))
  }
  if (typeof spark !== 'string' || typeof ours !== 'string') return false
  // Python writes small decimals with more zeros than they have.
  if (type.includes('decimal') && withoutZeros(spark) === withoutZeros(ours)) return true
  return /date|time|interval/.test(type) && momentText(spark) === momentText(ours)
}

function withoutZeros(digits: string): string {
  return digits.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^(-?\d+(\.\d+)?(e[+-]?\d+)?|NaN|-?Infinity)$/i.test(value)
    ? Number(value)
    : undefined
}

/** `2024-02-29 12:00:00.5` and `2024-02-29T12:00:00.500000Z` are one moment; a plus before long years is Spark's. */
function momentText(text: string): string {
  return text
    .replace(/^\+(?=\d{5})/, '')
    .replace(/^(-?\d{4,})-(\d\d)-(\d\d)[T ]/, '$1-$2-$3 ')
    .replace(/(:\d\d)\.(\d*?)0+Z?$/, (_all, clock: string, digits: string) => (digits ? `${clock}.${digits}` : clock))
    .replace(/Z$/, '')
}
