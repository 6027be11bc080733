// What the sides of the TPC-H bench wrote, in one form: numbers by nine of their digits, rows in one order.

/** A result as text that is equal for equal rows; doubles and decimals of the same value are the same. */
export function plainRows(rows: readonly (readonly unknown[])[]): string {
  return JSON.stringify(rows.map((row) => row.map(plainValue)).toSorted((a, b) => (String(a) < String(b) ? -1 : 1)))
}

function plainValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  return /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text).toPrecision(9) : text
}
