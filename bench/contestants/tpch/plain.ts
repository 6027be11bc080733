// Results of TPC-H in one form, so that those of engines with other types can be compared.

/** The rows of a result as plain values: numbers of any type as numbers, all else as text, in one order. */
export function plainRows(rows: readonly (readonly unknown[])[]): Plain[][] {
  const plain = rows.map((row) => row.map(plainValue))
  // By the first three digits of numbers: what differs further behind must not change the order.
  const key = (row: readonly Plain[]) =>
    row.map((value) => (typeof value === 'number' ? value.toPrecision(3) : value)).join('\t')
  return plain
    .map((row) => ({ row, key: key(row) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
}

export type Plain = number | string | null

function plainValue(value: unknown): Plain {
  if (value === null || value === undefined) return null
  const text = String(value)
  return /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
}

/** Whether two results are the same but for a millionth, to which Spark rounds its decimal averages. */
export function sameRows(left: readonly (readonly Plain[])[], right: readonly (readonly Plain[])[]): boolean {
  return (
    left.length === right.length &&
    left.every((row, i) => row.length === right[i]?.length && row.every((value, j) => same(value, right[i]?.[j])))
  )
}

function same(left: Plain, right: Plain | undefined): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right
  return Math.abs(left - right) <= 1e-6 * Math.max(1, Math.abs(left))
}
