import { type DataType, type Field, formatType, MillraceError } from '../../../../src/base/kernel/index.ts'
import { type Frame, frameOf, type Plan } from '../../../../src/data/frame/index.ts'
import type { Answer, AnswerRow, SparkCase } from './spark-case.ts'

/** What a case's frame answers in the current session, in the form that PySpark's answers are recorded in. */
export async function ownAnswer({ frame, eachRow }: SparkCase): Promise<Answer> {
  try {
    const { fields } = await frame.schema()
    const schema = fields.map((field) => [field.name, formatType(field.type)] as const)
    const rows = eachRow ? await rowByRow(frame.plan, leafRows(frame.plan), fields) : await rowsOf(frame, fields)
    return { schema, rows }
  } catch (thrown) {
    return { error: errorText(thrown) }
  }
}

async function rowsOf(frame: Frame, fields: readonly Field[]): Promise<AnswerRow[]> {
  return (await frame.collect()).map((row) => members(row, fields))
}

async function rowByRow(
  plan: Plan,
  rows: readonly (readonly unknown[])[],
  fields: readonly Field[],
): Promise<AnswerRow[]> {
  try {
    return await rowsOf(frameOf(onlyRows(plan, rows)), fields)
  } catch (thrown) {
    if (rows.length === 1) return [{ error: errorText(thrown) }]
  }
  const half = Math.floor(rows.length / 2)
  return [...(await rowByRow(plan, rows.slice(0, half), fields)), ...(await rowByRow(plan, rows.slice(half), fields))]
}

// biome-ignore lint/suspicious/noExplicitAny: rows of a plan are JSON
function onlyRows(plan: Plan, rows: readonly (readonly any[])[]): Plan {
  if (plan.op === 'rows') return { ...plan, rows }
  return 'input' in plan ? { ...plan, input: onlyRows(plan.input, rows) } : plan
}

function leafRows(plan: Plan): readonly (readonly unknown[])[] {
  if (plan.op === 'rows') return plan.rows
  return 'input' in plan ? leafRows(plan.input) : []
}

/** An internal error is no refusal. */
function errorText(thrown: unknown): string {
  if (thrown instanceof MillraceError && thrown.code !== 'INTERNAL') return `${thrown.code}: ${thrown.message}`
  throw thrown
}

/** The values of an object in the order of its members; an object has names that are whole numbers first. */
function members(of: object, fields: readonly Field[]): unknown[] {
  return fields.map(({ name, type }) => plain((of as Record<string, unknown>)[name], type))
}

function plain(value: unknown, type?: DataType): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Map) {
    const [keys, items] = type?.kind === 'map' ? [type.key, type.value] : []
    return [...value].map(([key, item]) => [plain(key, keys), plain(item, items)]).toSorted(byJson)
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, type?.kind === 'array' ? type.element : undefined))
  if (value === null || typeof value !== 'object') return value
  return type?.kind === 'struct' ? members(value, type.fields) : Object.values(value).map((item) => plain(item))
}

const byJson = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
